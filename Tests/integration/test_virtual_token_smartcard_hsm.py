"""OpenSC accepts the simulated SmartCard-HSM, through a real pcscd."""

import re
import shutil

import pytest

from openpgp_lab import OpenPGPLab

SO = "3537363231383830"
WRONG_SO = "3537363231383831"
MESSAGE = b"what was signed"

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("sc-hsm-tool", "pkcs15-tool", "pkcs11-tool", "openssl")]


@pytest.fixture
def lab():
    with OpenPGPLab() as lab:
        yield lab


def attach(lab, *words):
    return lab.attach("--model", "smartcard-hsm", *words)


def tries(token):
    counters = token.counters()
    return counters["pin"], counters["so"]


def spent(token):
    counters = token.counters()
    return counters["pinSpent"], counters["soSpent"]


def pkcs11(lab, *words, check=True):
    return lab.run("pkcs11-tool", *words, check=check)


def as_officer(lab, so, pin, check=True):
    return pkcs11(lab, "--login", "--login-type", "so", "--so-pin", so, "--init-pin",
                  "--new-pin", pin, check=check)


def verify(lab, pin, check=True):
    return lab.opensc("pkcs15-tool", "--verify-pin", "--pin", pin, check=check)


# What the card shows.

def test_opensc_shows_the_device(lab):
    ca = lab.folder / "ca.pem"
    attach(lab, "--key", "1=rsa2048", "--key", "7=p256", "--serial", "7654321", "--holder",
           "Nguyen Van An", "--ca-out", ca)
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert "PKCS#15 Card [Nguyen Van An]" in dump
    assert re.search(r"Serial number\s*: VT07654321\n", dump)
    assert re.search(r"Private RSA Key \[Key 1\].*ModLength\s*: 2048", dump, re.S)
    assert re.search(r"Private EC Key \[Key 7\].*Key ref\s*: 7 ", dump, re.S)
    for number in ("01", "07"):
        leaf = lab.certificate(number)
        assert ": OK" in lab.run("openssl", "verify", "-CAfile", ca, leaf)
        assert "Nguyen Van An" in lab.run("openssl", "x509", "-in", leaf, "-noout", "-subject")


@pytest.mark.parametrize("words,said,unsaid", [
    ([], ["SO-PIN tries left    : 15", "User PIN tries left  : 3", "reset with SO-PIN enabled"],
     []),
    (["--pin-tries", "5", "--so-tries", "9"],
     ["SO-PIN tries left    : 9", "User PIN tries left  : 5"], []),
    (["--locked"], ["User PIN locked"], []),
    (["--rrc", "off"], ["User PIN tries left  : 3"], ["reset with SO-PIN"]),
    (["--rrc", "counter-only"], ["reset with SO-PIN enabled"], []),
    (["--transport-pin"], ["Transport-PIN mode enabled", "Transport-PIN active"], []),
    (["--uninitialised"], ["has never been initialized"], ["tries left"])])
def test_sc_hsm_tool_reads_options_and_counters(lab, words, said, unsaid):
    token = attach(lab, *words)
    shown = lab.opensc("sc-hsm-tool")
    assert all(text in shown for text in said), shown
    assert not any(text in shown for text in unsaid), shown
    assert spent(token) == (0, 0)


# Codes.

def test_a_blocked_pin_is_set_anew_by_the_security_officer(lab):
    token = attach(lab)
    for left in (2, 1, 0):
        verify(lab, "999999", check=False)
        assert tries(token) == (left, 15)
    verify(lab, "123456", check=False)
    assert "User PIN locked" in lab.opensc("sc-hsm-tool")
    as_officer(lab, WRONG_SO, "654321", check=False)
    assert tries(token) == (0, 14)
    as_officer(lab, SO, "654321")
    assert tries(token) == (3, 15)
    verify(lab, "654321")
    assert spent(token) == (3, 1)


@pytest.mark.parametrize("what", ["off", "counter-only"])
def test_a_device_that_sets_no_new_pin_refuses_and_counts_no_try(lab, what):
    token = attach(lab, "--locked", "--rrc", what)
    as_officer(lab, SO, "654321", check=False)
    assert [e for e in token.log() if e["command"] == "002C0081"][-1]["status"] == "6986"
    assert tries(token) == (0, 15)


def test_pkcs15_tool_sends_the_so_pin_as_text_and_burns_a_try(lab):
    """OpenSC's own unblocking (not its PKCS #11 way) sends the digits as ASCII, where the device
    takes the eight bytes they stand for: the right code is a wrong one."""
    token = attach(lab, "--locked")
    lab.opensc("pkcs15-tool", "--unblock-pin", "--puk", SO, "--new-pin", "654321", check=False)
    assert tries(token) == (0, 14)


def test_the_pin_is_changed(lab):
    token = attach(lab, "--transport-pin")
    verify(lab, "123456", check=False)
    assert spent(token) == (0, 0)
    lab.opensc("pkcs15-tool", "--change-pin", "--pin", "123456", "--new-pin", "7654321")
    verify(lab, "7654321")
    assert spent(token) == (0, 0)


def test_sc_hsm_tool_initialises_the_device(lab):
    token = attach(lab, "--uninitialised")
    lab.opensc("sc-hsm-tool", "--initialize", "--so-pin", SO, "--pin", "12345678",
               "--pin-retry", "7", "--label", "of the counter")
    assert tries(token) == (7, 15)
    assert "PKCS#15 Card [of the counter]" in lab.opensc("pkcs15-tool", "--dump")
    verify(lab, "12345678")
    # Again it wants the SO-PIN, and counts.
    lab.opensc("sc-hsm-tool", "--initialize", "--so-pin", WRONG_SO, "--pin", "648219",
               check=False)
    assert tries(token) == (7, 14)
    lab.opensc("sc-hsm-tool", "--initialize", "--so-pin", SO, "--pin", "648219")
    assert tries(token) == (3, 15)
    verify(lab, "648219")
    assert spent(token) == (0, 1)


# Keys.

def test_pkcs11_tool_signs_and_deciphers(lab):
    token = attach(lab, "--key", "1=rsa2048")
    words = pkcs11(lab, "-l", "--pin", "123456", "-t")
    assert "No errors" in words and "RSA-PKCS: OK" in words and "RSA-X-509: OK" in words
    assert spent(token) == (0, 0)


@pytest.mark.parametrize("kind,mechanism", [
    ("rsa2048", "SHA256-RSA-PKCS"), ("rsa3072", "SHA256-RSA-PKCS"),
    ("rsa2048", "SHA256-RSA-PKCS-PSS"), ("p256", "ECDSA-SHA256"), ("p256", "ECDSA")])
def test_opensc_signs_a_file(lab, kind, mechanism):
    attach(lab, "--key", f"3={kind}")
    message, signature = lab.folder / "data", lab.folder / "signature"
    message.write_bytes(MESSAGE)
    given = message
    if mechanism == "ECDSA":
        given = lab.folder / "hash"
        lab.run("openssl", "dgst", "-sha256", "-binary", "-out", given, message)
    pkcs11(lab, "-l", "--pin", "123456", "--sign", "--id", "03", "-m", mechanism, "-i", given,
           "-o", signature)
    if mechanism.endswith("PSS"):
        key = lab.public_key(lab.certificate("03"))
        said = lab.run("openssl", "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                       "rsa_pss_saltlen:digest", "-verify", key, "-signature", signature, message)
        assert "Verified OK" in said
    else:
        lab.assert_signed(lab.certificate("03"), MESSAGE, signature)


@pytest.mark.parametrize("kind", ["rsa:2048", "EC:prime256v1"])
def test_opensc_makes_a_key_and_leaves_its_request(lab, kind):
    token = attach(lab, "--key", "none")
    pkcs11(lab, "-l", "--pin", "123456", "--keypairgen", "--key-type", kind, "--id", "10",
           "--label", "new")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert re.search(r"Private (RSA|EC) Key \[new\]", dump)
    assert re.search(r"Public (RSA|EC) Key \[new\].*DirectValue\s*: <present>", dump, re.S)
    assert "X.509" not in dump
    message, signature = lab.folder / "data", lab.folder / "signature"
    message.write_bytes(MESSAGE)
    mechanism = "SHA256-RSA-PKCS" if kind.startswith("rsa") else "ECDSA-SHA256"
    pkcs11(lab, "-l", "--pin", "123456", "--sign", "--id", "10", "-m", mechanism, "-i", message,
           "-o", signature)
    assert token.log()[-1]["status"] == "9000"


def test_a_certificate_takes_the_place_of_the_request(lab):
    attach(lab, "--key", "2=p256", "--certificates", "none")
    assert "X.509" not in lab.opensc("pkcs15-tool", "--dump")
    made, der = lab.folder / "made.pem", lab.folder / "made.der"
    lab.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", lab.folder / "key.pem", "-subj", "/CN=made", "-out", made)
    lab.run("openssl", "x509", "-in", made, "-outform", "DER", "-out", der)
    pkcs11(lab, "-l", "--pin", "123456", "--write-object", der, "--type", "cert", "--id", "02")
    assert "CN = made" in lab.run("openssl", "x509", "-in", lab.certificate("02"), "-noout",
                                  "-subject")
