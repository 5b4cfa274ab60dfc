"""OpenSC accepts the simulated GIDS token, through a real pcscd."""

import re
import shutil

import pytest

from gids_lab import GIDSLab, KEY, OTHER, block

MESSAGE = b"what was signed"

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("gids-tool", "pkcs15-tool", "pkcs11-tool", "openssl")]


@pytest.fixture
def lab():
    with GIDSLab() as lab:
        yield lab


def attach(lab, *words):
    return lab.attach("--model", "gids", *words)


def spent(token):
    counters = token.counters()
    return counters["pinSpent"], counters["adminSpent"]


# What the card shows.

@pytest.mark.parametrize("more", [[], ["--no-extended"], ["--oddity", "draft-counter-tag"]])
def test_opensc_shows_the_card(lab, more):
    attach(lab, "--key", "kxc=rsa2048", "--key", "ksc=rsa1024", "--serial", "7654321",
           "--pin-tries", "5", *more)
    assert "GIDS Smart Card" in lab.opensc("opensc-tool", "--name")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert re.search(r"Version\s+: 2", dump)
    assert re.search(r"Serial number\s+: 00000000000040008000000007654321", dump)
    assert re.search(r"Tries left\s+: 5", dump)
    assert dump.count("Private RSA Key") == dump.count("X.509 Certificate") == 2
    files = lab.opensc("gids-tool")
    assert "Found 7 entries in the masterfile" in files
    assert r"mscp\kxc00" in files and r"mscp\ksc01" in files
    assert re.search(r"wKeyExchangeKeySizeBits: 2048[^:]*:[^:]*:\s+1[^:]*:\s+7\b", files)
    assert "signature + decryption" in files


def test_the_certificates_are_of_the_authority_and_of_the_keys(lab):
    ca = lab.folder / "ca.pem"
    attach(lab, "--key", "kxc=rsa2048", "--key", "ksc=p256", "--ca-out", ca,
           "--holder", "Nguyen Van An")
    for number in ("0", "1"):
        leaf = lab.folder / f"leaf-{number}"
        leaf.write_text(lab.opensc("pkcs15-tool", "--read-certificate", number))
        assert ": OK" in lab.run("openssl", "verify", "-CAfile", ca, leaf)
        assert "Nguyen Van An" in lab.run("openssl", "x509", "-in", leaf, "-noout", "-subject")
    of_leaf = lab.run("openssl", "x509", "-in", lab.folder / "leaf-0", "-noout", "-pubkey")
    assert lab.opensc("pkcs15-tool", "--read-public-key", "0") == of_leaf


def test_opensc_takes_compressed_certificates_only(lab):
    """Windows writes them compressed; a card may hold them as they are all the same."""
    attach(lab, "--uncompressed")
    assert "BEGIN" not in lab.opensc("pkcs15-tool", "--read-certificate", "0", check=False)


# Codes.

def test_opensc_blocks_the_token_and_unblocks_it_with_the_administrators_key(lab):
    token = attach(lab)
    for left in (2, 1, 0):
        assert "CKR_PIN" in lab.pkcs11("-O", pin="999999", check=False)
        assert lab.tries_left() == token.counters()["pin"] == left
    assert "CKR_PIN_LOCKED" in lab.pkcs11("-O", check=False)
    assert "Unblock PIN done successfully" in lab.unblock(KEY, "654321")
    assert lab.tries_left() == 3
    lab.pkcs11("-O", pin="654321")
    assert spent(token) == (3, 0)


@pytest.mark.parametrize("more,left", [([], 2), (["--oddity", "counts-administrator"], 0)])
def test_a_wrong_administrators_key_does_nothing_and_may_be_lost(lab, more, left):
    token = attach(lab, "--locked", "--admin-tries", "2", *more)
    for _ in range(2):
        assert "failed" in lab.unblock(OTHER, "654321")
    assert token.counters() == {
        "pin": 0, "admin": 2 if not more else left, "pinSpent": 0, "adminSpent": 2}
    assert ("successfully" in lab.unblock(KEY, "654321")) == (not more)


def test_the_administrators_key_is_changed(lab):
    token = attach(lab)
    lab.opensc("gids-tool", "--change-admin-key", "--admin-key", KEY, "--new-admin-key", OTHER)
    assert "failed" in lab.unblock(KEY, "654321")
    assert "successfully" in lab.unblock(OTHER, "654321")
    assert spent(token) == (0, 1)


def test_opensc_changes_the_pin(lab):
    token = attach(lab)
    lab.run("pkcs11-tool", "--change-pin", "--pin", "123456", "--new-pin", "correct horse")
    lab.pkcs11("-O", pin="correct horse")
    assert spent(token) == (0, 0)


# Keys.

@pytest.mark.parametrize("more", [[], ["--no-extended"]])
def test_opensc_signs_and_deciphers(lab, more):
    """Its one error is that its driver of this card has no random numbers."""
    token = attach(lab, "--key", "kxc=rsa2048", "--key", "ksc=rsa1024", *more)
    words = lab.pkcs11("--test", check=False)
    assert "RSA-PKCS: OK" in words and "1 errors" in words
    assert "C_GenerateRandom failed" in words
    assert spent(token) == (0, 0)


@pytest.mark.parametrize("kind", ["rsa1024", "rsa2048"])
@pytest.mark.parametrize("purpose", ["kxc", "ksc"])
def test_opensc_signs_a_file(lab, kind, purpose):
    attach(lab, "--key", f"{purpose}={kind}")
    message, signature = lab.folder / "data", lab.folder / "signature"
    message.write_bytes(MESSAGE)
    lab.pkcs11("--sign", "--id", "00", "-m", "SHA256-RSA-PKCS", "-i", message, "-o", signature)
    leaf, key = lab.folder / "leaf", lab.folder / "key"
    leaf.write_text(lab.opensc("pkcs15-tool", "--read-certificate", "0"))
    lab.run("openssl", "x509", "-in", leaf, "-noout", "-pubkey", "-out", key)
    assert "Verified OK" in lab.run(
        "openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, message)


def test_a_blank_card_is_initialised_and_gets_keys(lab):
    token = attach(lab, "--blank")
    lab.opensc("gids-tool", "--initialize", "--admin-key", KEY, "--pin", "1234",
               "--serial-number", "00112233445566778899aabbccddeeff")
    assert "no container found" in lab.opensc("gids-tool")
    private, public = lab.folder / "key.pem", lab.folder / "key.der"
    lab.run("openssl", "genrsa", "-out", private, "2048")
    lab.run("openssl", "rsa", "-in", private, "-outform", "DER", "-out", public)
    lab.pkcs11("--keypairgen", "--key-type", "rsa:2048", "--id", "00", "--label", "made",
               pin="1234")
    lab.pkcs11("--write-object", public, "--type", "privkey", "--id", "01", "--label",
               "put in", pin="1234")
    dump = lab.opensc("pkcs15-tool", "--dump")
    assert re.search(r"Serial number\s+: 00112233445566778899aabbccddeeff", dump)
    assert "Private RSA Key [made]" in dump and "Private RSA Key [put in]" in dump
    modulus = lab.run("openssl", "rsa", "-in", private, "-pubout").split("-----\n", 1)[1]
    assert modulus in lab.opensc("pkcs15-tool", "--read-public-key", "01")
    words = lab.pkcs11("--test", pin="1234", check=False)
    assert re.search(r"testing key 1 \(put in\) with 1 mechanism\n\s+RSA-PKCS: OK", words)
    assert re.search(r"Decryption.*\n\s+testing key 0 \(made\)\n\s+RSA-PKCS: OK", words)
    assert "1 errors" in words
    block(lab, token, "9999")
    assert "successfully" in lab.unblock(KEY, "4321")
    lab.pkcs11("-O", pin="4321")


# The program.

def test_a_token_keeps_its_state_over_a_restart(lab):
    state = lab.folder / "state"
    token = attach(lab, "--state", state)
    before = lab.opensc("pkcs15-tool", "--dump")
    lab.unblock(OTHER, "654321")
    lab.pkcs11("-O", pin="999999", check=False)
    token.process.kill()
    token.process.wait()
    lab.wait_for_card(present=False)
    token = attach(lab, "--state", state)
    assert spent(token) == (1, 1)
    assert lab.opensc("pkcs15-tool", "--dump") == before.replace(
        "Tries left     : 3", "Tries left     : 2")


@pytest.mark.parametrize("kind", ["pull-before", "pull-during", "pull-after"])
def test_a_pull_in_the_middle_of_an_unblocking(lab, kind):
    token = attach(lab, "--locked")
    token.fault(f"ins=2C,kind={kind}")
    lab.unblock(KEY, "654321")
    lab.wait_for_card(present=False)
    assert token.counters()["pin"] == (0 if kind == "pull-before" else 3)
    assert spent(token) == (0, 0)


def test_the_record_shows_commands_and_no_codes(lab):
    token = attach(lab, "--admin", OTHER, "--locked")
    lab.unblock(OTHER, "192837")
    log = str(token.log())
    assert ("002C0280", "9000") in [(e["command"], e["status"]) for e in token.log()]
    assert "192837" not in log and "313932383337" not in log and OTHER not in log
