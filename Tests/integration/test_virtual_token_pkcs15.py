"""OpenSC accepts the simulated cards with ISO 7816-15 objects, through a real pcscd."""

import re
import shutil

import pytest

from pkcs15_lab import PKCS15Lab

MESSAGE = b"what was signed"
PUK = {"isoapplet": "0123456789abcdef", "pkcs15": "12345678"}
ISOAPPLET = "00A40400 0C F276A288BCFBA69D34F31001"
VGCA = "00A40400 0A E828BD080F014E585030"

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("opensc-tool", "pkcs15-tool", "pkcs11-tool", "openssl")]


@pytest.fixture
def lab():
    with PKCS15Lab() as lab:
        yield lab


def attach(lab, model, *words):
    return lab.attach("--model", model, *words)


def tries(token):
    counters = token.counters()
    return counters["pin"], counters["puk"]


def spent(token):
    counters = token.counters()
    return counters["pinSpent"], counters["pukSpent"]


# What the card shows.

@pytest.mark.parametrize("model,name,serial", [
    ("isoapplet", "Javacard with IsoApplet", "0074cbb1"), ("pkcs15", "MyEID 3.5.0", "0074cbb1")])
def test_opensc_shows_the_card(lab, model, name, serial):
    attach(lab, model, "--serial", "7654321", "--holder", "Nguyen Van An")
    assert name in lab.opensc("opensc-tool", "--name")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert re.search(rf"Serial number\s*:\s*{serial}", dump)
    assert re.search(r"PIN \[User PIN\]\n.*\n\s+Auth ID\s+: 02\n\s+ID\s+: 01\n", dump)
    assert "Private RSA Key [Key]" in dump and "X.509 Certificate [Certificate 1]" in dump
    assert "neverExtract, local" in dump
    certificate = lab.certificate("45")
    assert "Nguyen Van An" in lab.run("openssl", "x509", "-in", certificate, "-noout", "-subject")


def test_an_imported_key_and_a_pin_never_unblocked_are_said_to_be_so(lab):
    attach(lab, "isoapplet", "--key", "1=rsa2048,imported", "--unblock-disabled")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert "unblock-disabled" in dump and "neverExtract" not in dump


@pytest.mark.parametrize("model", PUK)
def test_the_certificate_is_of_the_authority(lab, model):
    ca = lab.folder / "ca.pem"
    attach(lab, model, "--key", "1=rsa2048", "--key", "2=p256", "--ca-out", ca)
    for number in ("45", "46"):
        assert ": OK" in lab.run("openssl", "verify", "-CAfile", ca, lab.certificate(number))


# Codes.

@pytest.mark.parametrize("model", PUK)
def test_opensc_blocks_the_pin_and_unblocks_it_with_the_puk(lab, model):
    token = attach(lab, model)
    puk = PUK[model]
    for left in (2, 1, 0):
        assert not lab.verify("999999")
        assert tries(token)[0] == left
    assert not lab.verify("123456")
    unblock = ["--unblock-pin", "--auth-id", "01", "--new-pin", "654321", "--puk"]
    wrong = puk[::-1]
    assert "incorrect" in lab.opensc("pkcs15-tool", *unblock, wrong, check=False)
    assert spent(token) == (3, 1)
    lab.opensc("pkcs15-tool", *unblock, puk)
    assert tries(token) == (3, 5 if model == "isoapplet" else 3)
    assert lab.verify("654321") and not lab.verify("123456")
    assert spent(token) == (4, 1)


@pytest.mark.parametrize("model", PUK)
def test_opensc_changes_the_pin(lab, model):
    token = attach(lab, model)
    lab.opensc("pkcs15-tool", "--change-pin", "--auth-id", "01", "--pin", "123456",
               "--new-pin", "87654321")
    assert lab.verify("87654321")
    assert spent(token) == (0, 0)


@pytest.mark.parametrize("pin", ["1234", "12345678", "correct horse ba"])
def test_isoapplets_pins_are_padded_with_zeros(lab, pin):
    attach(lab, "isoapplet", "--pin", pin, "--key", "none")
    assert lab.verify(pin)


def test_isoapplet_says_what_is_left_though_it_is_verified(lab):
    attach(lab, "isoapplet", "--key", "none")
    answers = lab.apdu(ISOAPPLET, "00200001 06 313233343536", "00200001")
    assert [status for _, status in answers] == ["9000", "9000", "63C3"]


# Keys.

@pytest.mark.parametrize("model,kind,mechanism,digest", [
    ("isoapplet", "rsa2048", "SHA256-RSA-PKCS", "-sha256"),
    ("isoapplet", "p256", "ECDSA-SHA1", "-sha1"),
    ("pkcs15", "rsa2048", "SHA256-RSA-PKCS", "-sha256"),
    ("pkcs15", "p256", "ECDSA-SHA256", "-sha256")])
def test_opensc_signs(lab, model, kind, mechanism, digest):
    token = attach(lab, model, "--key", f"1={kind}")
    signature = lab.sign("123456", "45", mechanism, MESSAGE)
    lab.assert_signed(lab.certificate("45"), MESSAGE, signature, digest)
    assert spent(token) == (0, 0)


@pytest.mark.parametrize("model", PUK)
def test_opensc_signs_and_deciphers(lab, model):
    attach(lab, model)
    words = lab.run("pkcs11-tool", "-l", "--pin", "123456", "-t")
    assert "No errors" in words and "RSA-PKCS: OK" in words


# The VGCA Token: OpenSC has no driver for it, so the published commands are sent as they are.

def test_vgcas_files_are_where_they_are_said_to_be(lab):
    attach(lab, "vgca", "--serial", "7654321", "--key", "1=rsa2048")
    answers = lab.apdu(
        "00A40400 0C A000000063504B43532D3135", "00A40400 05 A000000308", VGCA,
        "00A4080C 02 2F00", "00B00000 1B", "00A4000C 02 5032", VGCA, "00A4000C 02 5032",
        "00B00000 40", "00A4000C 02 0001", "00B00000 02", "00A4000C 02 DF10", "00B00000 04",
        "00200083")
    data, status = zip(*answers)
    assert list(status) == ["6A82", "6A82", "9000", "9000", "9000", "6A82"] + ["9000"] * 7 + ["63C3"]
    assert data[4] == "61194F0AE828BD080F014E585030500B4A434F5034426974344964"
    assert b"07654321" in bytes.fromhex(data[8]) and b"VGCA Token" in bytes.fromhex(data[8])
    assert data[10] == "7A82" and data[12] == "00010001"
    assert "3b:ff:18:00:00:81:31:fe:45:00:6b:15:0c:03:02:01:01:01:42:34:44:10:31:80:0d" in \
        lab.opensc("opensc-tool", "--atr")


def test_vgcas_pin_is_unblocked_by_the_layout(lab):
    token = attach(lab, "vgca", "--key", "none", "--locked")
    pad = lambda code: (code.encode() + b"\xff" * 16)[:16].hex()
    lab.apdu(VGCA, f"002C0083 20 {pad('12345678')}{pad('654321')}", f"00200083 10 {pad('654321')}")
    assert tries(token) == (3, 3) and spent(token) == (0, 0)


# The program.

@pytest.mark.parametrize("model", ["isoapplet", "vgca", "pkcs15"])
def test_a_card_keeps_its_state_over_a_restart(lab, model):
    state = lab.folder / "state"
    words = ["--key", "1=rsa2048", "--state", state]
    token = attach(lab, model, *words)
    token.lock()
    before = lab.opensc("opensc-tool", "--atr")
    token.process.kill()
    token.process.wait()
    lab.wait_for_card(present=False)
    token = attach(lab, model, *words)
    assert tries(token)[0] == 0 and spent(token) == (0, 0)
    assert lab.opensc("opensc-tool", "--atr") == before


@pytest.mark.parametrize("kind,left", [("pull-before", 5), ("pull-during", 4), ("pull-after", 4)])
def test_a_pull_in_the_middle_of_an_unblocking(lab, kind, left):
    token = attach(lab, "isoapplet", "--key", "none", "--locked")
    token.fault(f"ins=2C,kind={kind}")
    lab.opensc("pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--new-pin", "654321",
               "--puk", "fedcba9876543210", check=False)
    lab.wait_for_card(present=False)
    assert tries(token) == (0, left)


def test_the_record_shows_commands_and_no_codes(lab):
    token = attach(lab, "isoapplet", "--key", "none")
    lab.verify("192837")
    assert ("00200001", "63C2") in [(e["command"], e["status"]) for e in token.log()]
    assert "192837" not in str(token.log()) and "313932383337" not in str(token.log())
