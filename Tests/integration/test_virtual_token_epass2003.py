"""OpenSC's driver for the ePass2003 accepts the simulated one, through a real pcscd."""

import re
import shutil
import subprocess

import pytest

from epass2003_lab import EPass2003Lab

MESSAGE = b"what was signed"
PROTECTIONS = ["3des", "aes", "none"]

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("opensc-tool", "pkcs15-tool", "pkcs11-tool", "openssl")]


@pytest.fixture
def lab():
    with EPass2003Lab() as lab:
        yield lab


def attach(lab, *words):
    return lab.attach("--model", "epass2003", *words)


def tries(token):
    counters = token.counters()
    return counters["pin"], counters["so"]


def spent(token):
    counters = token.counters()
    return counters["pinSpent"], counters["soSpent"]


# What the token shows.

@pytest.mark.parametrize("protection", PROTECTIONS)
def test_opensc_shows_the_token(lab, protection):
    ca = lab.folder / "ca.pem"
    attach(lab, "--protection", protection, "--serial", "7654321", "--holder", "Nguyen Van An",
           "--key", "1=rsa2048", "--key", "2=p256,imported", "--ca-out", ca)
    assert "epass2003" in lab.opensc("opensc-tool", "--name")
    assert "20 03 00 00 00 74 CB B1" in lab.opensc("opensc-tool", "--serial")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert re.search(r"Serial number\s*: 200300000074cbb1\n", dump)
    assert re.search(r"PIN \[User PIN\]\n.*\n\s+Auth ID\s+: 02\n\s+ID\s+: 01\n", dump)
    assert "Private RSA Key [Key 1]" in dump and "Private EC Key [Key 2]" in dump
    assert dump.count("neverExtract, local") == 1
    for number in ("45", "46"):
        certificate = lab.certificate(number)
        assert ": OK" in lab.run("openssl", "verify", "-CAfile", ca, certificate)
    assert "Nguyen Van An" in lab.run("openssl", "x509", "-in", certificate, "-noout", "-subject")


def test_debian_12s_driver_crashes_without_openssls_old_algorithms(lab):
    attach(lab, "--key", "none")
    lab.env.pop("OPENSSL_CONF")
    done = subprocess.run(["opensc-tool", "--serial"], env=lab.env, capture_output=True)
    version = lab.run("opensc-tool", "--info")
    if "OpenSC 0.23" in version:
        assert done.returncode < 0 and not done.stdout
    elif done.returncode == 0:
        assert b"20 03" in done.stdout


def test_the_driver_does_not_open_a_token_with_other_keys(lab):
    token = attach(lab, "--own-keys", "--key", "none")
    assert "User PIN" not in lab.opensc("pkcs15-tool", "--dump", check=False)
    assert not any(entry["command"] == "84820300" for entry in token.log())


# Codes.

@pytest.mark.parametrize("protection", PROTECTIONS)
def test_the_driver_says_that_it_unblocked_and_did_not(lab, protection):
    """It proves the security officer's PIN and stops there: no new PIN is written."""
    token = attach(lab, "--protection", protection, "--pin-tries", "3", "--key", "none")
    for left in (2, 1, 0):
        assert not lab.verify("999999")
        assert tries(token)[0] == left
    assert "blocked" in lab.opensc("pkcs15-tool", "--verify-pin", "--pin", "123456", check=False)
    unblock = ["--unblock-pin", "--auth-id", "01", "--new-pin", "654321", "--puk"]
    assert "ncorrect" in lab.opensc("pkcs15-tool", *unblock, "00000000", check=False)
    assert spent(token) == (3, 1)
    before = len(token.log())
    lab.opensc("pkcs15-tool", *unblock, "87654321")
    commands = [entry["command"][2:] for entry in token.log()[before:]]
    assert "820182" in commands and not any(c.startswith("E5") for c in commands)
    assert tries(token) == (0, 6) and spent(token) == (3, 1)


@pytest.mark.parametrize("protection", PROTECTIONS)
def test_opensc_changes_the_pin(lab, protection):
    token = attach(lab, "--protection", protection, "--key", "none")
    lab.run("pkcs11-tool", "--login", "--pin", "123456", "--change-pin", "--new-pin",
            "correct horse ba")
    assert not lab.verify("123456") and lab.verify("correct horse ba")
    assert tries(token) == (6, 6) and spent(token) == (1, 0)


# Keys.

@pytest.mark.parametrize("protection", PROTECTIONS)
@pytest.mark.parametrize("kind,mechanism,digest", [
    ("rsa1024", "SHA256-RSA-PKCS", "-sha256"), ("rsa2048", "SHA256-RSA-PKCS", "-sha256"),
    ("p256", "ECDSA-SHA256", "-sha256"), ("p256", "ECDSA-SHA1", "-sha1")])
def test_opensc_signs(lab, protection, kind, mechanism, digest):
    token = attach(lab, "--protection", protection, "--key", f"1={kind}")
    signature = lab.sign("123456", "45", mechanism, MESSAGE)
    lab.assert_signed(lab.certificate("45"), MESSAGE, signature, digest)
    assert spent(token) == (0, 0)


def test_opensc_signs_and_deciphers(lab):
    attach(lab, "--key", "1=rsa2048")
    words = lab.run("pkcs11-tool", "-l", "--pin", "123456", "-t")
    assert "No errors" in words and "RSA-PKCS: OK" in words


# The program.

def test_a_token_keeps_its_state_over_a_restart(lab):
    words = ["--key", "1=p256", "--state", lab.folder / "state"]
    token = attach(lab, *words)
    assert not lab.verify("999999")
    before = lab.opensc("opensc-tool", "--serial")
    token.process.kill()
    token.process.wait()
    lab.wait_for_card(present=False)
    token = attach(lab, *words)
    assert tries(token) == (5, 6) and spent(token) == (1, 0)
    assert lab.opensc("opensc-tool", "--serial") == before


@pytest.mark.parametrize("kind,left", [("pull-before", 6), ("pull-during", 5), ("pull-after", 5)])
def test_a_pull_while_a_pin_is_proven(lab, kind, left):
    token = attach(lab, "--key", "none")
    token.fault(f"ins=82,n=2,kind={kind}")
    lab.verify("999999")
    lab.wait_for_card(present=False)
    assert tries(token) == (left, 6)
