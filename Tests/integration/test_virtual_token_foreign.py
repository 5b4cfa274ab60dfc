"""Tools that nobody here wrote accept the simulated token, through a real pcscd."""

import re
import shutil
import subprocess

import pytest

from pcscd_lab import PcscLab

READER = PcscLab.reader(0)
MODELS = ["piv-yubico", "piv"]
KEYS = {"rsa2048": "RSA2048", "p256": "ECCP256", "p384": "ECCP384"}

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("yubico-piv-tool", "pkcs11-tool", "openssl")]


@pytest.fixture
def lab():
    with PcscLab() as lab:
        # OpenSC asks for a PIN on the reader's keys where a reader claims to have some.
        conf = lab.folder / "opensc.conf"
        conf.write_text("app default { enable_pinpad = false; reader_driver pcsc "
                        "{ enable_pinpad = false; } framework pkcs15 { use_file_caching = no; } }\n")
        lab.env["OPENSC_CONF"] = str(conf)
        yield lab


def piv(lab, *words, check=True, **more):
    return lab.run("yubico-piv-tool", "-r", READER, *words, check=check, **more)


def openssl(lab, *words, **more):
    return lab.run("openssl", *words, **more)


def counters(token):
    return (token.counters()["pin"], token.counters()["puk"])


def certificate(lab, slot):
    path = lab.folder / f"{slot}.pem"
    path.write_text(piv(lab, "-a", "read-certificate", "-s", slot))
    return path


@pytest.mark.parametrize("model", MODELS)
def test_status_shows_what_is_on_the_token(lab, model):
    lab.attach("--model", model, "--key", "9a=p256", "--key", "9c=p384", "--serial", "7654321",
               "--holder", "Nguyen Van An", "--pin-tries", "5")
    status = piv(lab, "-a", "status")
    assert re.search(r"Slot 9a:\s+Algorithm:\s+ECCP256", status)
    assert re.search(r"Slot 9c:\s+Algorithm:\s+ECCP384", status)
    assert "CN=Nguyen Van An" in status
    assert "PIN tries left:\t5" in status
    assert ("7654321" in status) == (model == "piv-yubico")


@pytest.mark.parametrize("model", MODELS)
def test_a_token_is_blocked_and_unblocked(lab, model):
    token = lab.attach("--model", model, "--key", "9a=p256")
    for left in (2, 1):
        words = piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
        assert f"{left} tries left" in words
    piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
    assert "blocked" in piv(lab, "-a", "verify-pin", "-P", "123456", check=False)
    assert counters(token) == (0, 3)
    piv(lab, "-a", "unblock-pin", "-P", "99999999", "-N", "654321", check=False)
    assert counters(token) == (0, 2)
    piv(lab, "-a", "unblock-pin", "-P", "12345678", "-N", "654321")
    assert counters(token) == (3, 3)
    assert "Success" in piv(lab, "-a", "verify-pin", "-P", "654321")
    assert token.counters()["pinSpent"] == 3
    assert token.counters()["pukSpent"] == 1


@pytest.mark.parametrize("model", MODELS)
def test_codes_are_changed(lab, model):
    token = lab.attach("--model", model, "--key", "9a=p256")
    piv(lab, "-a", "change-pin", "-P", "123456", "-N", "24681357")
    piv(lab, "-a", "verify-pin", "-P", "24681357")
    piv(lab, "-a", "change-puk", "-P", "12345678", "-N", "87654321")
    piv(lab, "-a", "unblock-pin", "-P", "87654321", "-N", "135790")
    piv(lab, "-a", "verify-pin", "-P", "135790")
    assert counters(token) == (3, 3)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p384"])
def test_a_signature_of_each_slot_verifies(lab, model, kind):
    slots = ["9a", "9c", "9d", "9e"]
    lab.attach("--model", model, *(word for slot in slots for word in ("--key", f"{slot}={kind}")))
    for slot in slots:
        path = certificate(lab, slot)
        words = piv(lab, "-a", "verify-pin", "-P", "123456", "-a", "test-signature", "-s", slot,
                    "-A", KEYS[kind], "-i", path)
        assert "Successful" in words


def test_a_locked_token_is_one(lab):
    token = lab.attach("--locked", "--key", "9a=p256")
    assert counters(token) == (0, 3)
    assert "blocked" in piv(lab, "-a", "verify-pin", "-P", "123456", check=False)
    piv(lab, "-a", "unblock-pin", "-P", "12345678", "-N", "123456")
    piv(lab, "-a", "verify-pin", "-P", "123456")


@pytest.mark.parametrize("kind", ["RSA2048", "ECCP256"])
def test_a_key_is_made_on_the_token_and_certified(lab, kind):
    """By the management key; openssl issues the certificate, since the tool's own request needs
    an older OpenSSL."""
    lab.attach("--model", "piv-yubico", "--key", "9c=p256")
    public, ca, leaf = (lab.folder / name for name in ("public.pem", "ca.pem", "leaf.pem"))
    piv(lab, "-a", "generate", "-s", "9a", "-A", kind, "-o", public)
    openssl(lab, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", lab.folder / "ca.key", "-subj", "/CN=CA", "-out", ca)
    openssl(lab, "x509", "-new", "-force_pubkey", public, "-CA", ca, "-CAkey",
            lab.folder / "ca.key", "-subj", "/CN=leaf", "-days", "9", "-out", leaf)
    piv(lab, "-a", "import-certificate", "-s", "9a", "-i", leaf)
    words = piv(lab, "-a", "verify-pin", "-P", "123456", "-a", "test-signature", "-s", "9a",
                "-A", kind, "-i", leaf)
    assert "Successful" in words
    assert "CN=leaf" in piv(lab, "-a", "status")


def test_the_management_key_is_wanted_and_can_be_changed(lab):
    lab.attach("--model", "piv-yubico", "--key", "9a=p256")
    wrong = "F" * 48
    assert "fail" in piv(lab, f"--key={wrong}", "-a", "set-chuid", check=False).lower()
    before = piv(lab, "-a", "status")
    new = "0A" * 24
    piv(lab, "-a", "set-chuid", "-a", "set-mgm-key", "-n", new)
    assert piv(lab, "-a", "status") != before
    assert "fail" in piv(lab, "-a", "set-chuid", check=False).lower()
    piv(lab, f"--key={new}", "-a", "set-chuid")


def test_retry_limits_and_reset(lab):
    token = lab.attach("--model", "piv-yubico", "--key", "9a=p256")
    piv(lab, "-a", "verify-pin", "-P", "123456", "-a", "pin-retries", "--pin-retries", "5",
        "--puk-retries", "2")
    assert counters(token) == (5, 2)
    assert "fail" in piv(lab, "-a", "reset", check=False).lower()
    for _ in range(5):
        piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
    for _ in range(2):
        piv(lab, "-a", "unblock-pin", "-P", "99999999", "-N", "123456", check=False)
    assert counters(token) == (0, 0)
    piv(lab, "-a", "reset")
    assert counters(token) == (3, 3)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("compressed", [False, True])
def test_opensc_reads_the_card_and_its_certificates(lab, model, compressed):
    """Certificates that are gzip'd come out whole."""
    ca = lab.folder / "ca.pem"
    lab.attach("--model", model, "--key", "9a=rsa2048", "--key", "9c=p256", "--key", "9d=rsa2048",
               "--key", "9e=p256", "--ca-out", ca,
               *(["--gzip", "9a", "--gzip", "9c"] if compressed else []))
    dump = lab.run("pkcs15-tool", "--reader", READER, "--dump")
    assert "PKCS#15 Card [Nguyễn Thị Ánh]" in dump
    assert "Private RSA Key [PIV AUTH key]" in dump
    assert "Private EC Key [SIGN key]" in dump
    listed = lab.run("pkcs15-tool", "--reader", READER, "--list-certificates")
    assert listed.count("X.509 Certificate") == 4
    for number in ("01", "02", "03", "04"):
        leaf = lab.folder / f"{number}.pem"
        leaf.write_text(
            lab.run("pkcs15-tool", "--reader", READER, "--read-certificate", number))
        assert ": OK" in openssl(lab, "verify", "-CAfile", ca, leaf)


@pytest.mark.parametrize("model", MODELS)
def test_opensc_names_the_card(lab, model):
    lab.attach("--model", model, "--key", "9a=p256")
    assert "Personal Identity Verification Card" in lab.run("piv-tool", "--reader", READER, "--name")
    serial = lab.run("piv-tool", "--reader", READER, "--serial")
    assert re.match(r"([0-9A-F]{2} ){16}", serial)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("extended", [True, False])
def test_opensc_signs_and_deciphers(lab, model, extended):
    token = lab.attach("--model", model, "--key", "9a=rsa2048", "--key", "9c=rsa2048",
                       "--key", "9d=rsa2048", *([] if extended else ["--no-extended"]))
    words = lab.run("pkcs11-tool", "-l", "--pin", "123456", "-t")
    assert "No errors" in words
    assert "RSA-PKCS: OK" in words
    assert token.counters() == {"pin": 3, "puk": 3, "pinSpent": 0, "pukSpent": 0}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("slot,number", [("9a", "01"), ("9c", "02")])
@pytest.mark.parametrize("kind,mechanism", [
    ("rsa2048", "SHA256-RSA-PKCS"), ("rsa3072", "SHA256-RSA-PKCS"), ("p256", "ECDSA"),
    ("p384", "ECDSA")])
def test_opensc_signs_a_file(lab, model, slot, number, kind, mechanism):
    ca = lab.folder / "ca.pem"
    lab.attach("--model", model, "--key", f"{slot}={kind}", "--ca-out", ca)
    message, signature = lab.folder / "message", lab.folder / "signature"
    message.write_bytes(b"\x17" * 32)
    words = ["pkcs11-tool", "-l", "--pin", "123456", "--sign", "--id", number, "-m", mechanism,
             "-i", message, "-o", signature]
    if mechanism == "ECDSA":
        words += ["--signature-format", "openssl"]
    lab.run(*words)
    leaf, public = lab.folder / "leaf.pem", lab.folder / "public.pem"
    leaf.write_text(lab.run("pkcs15-tool", "--reader", READER, "--read-certificate", number))
    openssl(lab, "x509", "-in", leaf, "-noout", "-pubkey", "-out", public)
    raw = ["-rawin", "-digest", "sha256"] if kind.startswith("rsa") else []
    assert "Verified Successfully" in openssl(
        lab, "pkeyutl", "-verify", "-pubin", "-inkey", public, *raw, "-in", message,
        "-sigfile", signature)


@pytest.mark.parametrize("model", MODELS)
def test_opensc_agrees_on_a_secret(lab, model):
    lab.attach("--model", model, "--key", "9d=p256")
    mine, mine_der, secret = (lab.folder / n for n in ("mine.pem", "mine.der", "secret"))
    openssl(lab, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", mine)
    openssl(lab, "pkey", "-in", mine, "-pubout", "-outform", "DER", "-out", mine_der)
    lab.run("pkcs11-tool", "-l", "--pin", "123456", "--derive", "--id", "03", "-m",
            "ECDH1-COFACTOR-DERIVE", "-i", mine_der, "-o", secret)
    leaf, public, judged = (lab.folder / n for n in ("leaf.pem", "public.pem", "judged"))
    leaf.write_text(lab.run("pkcs15-tool", "--reader", READER, "--read-certificate", "03"))
    openssl(lab, "x509", "-in", leaf, "-noout", "-pubkey", "-out", public)
    openssl(lab, "pkeyutl", "-derive", "-inkey", mine, "-peerkey", public, "-out", judged)
    assert secret.read_bytes() == judged.read_bytes()


def test_two_tokens_in_two_readers(lab):
    first = lab.attach("--key", "9a=p256", "--serial", "1")
    second = lab.attach("--key", "9a=p256", "--serial", "2", slot=1)
    lab.run("yubico-piv-tool", "-r", lab.reader(1), "-a", "verify-pin", "-P", "999999", check=False)
    assert counters(first) == (3, 3)
    assert counters(second) == (2, 3)


def test_two_labs_side_by_side(lab):
    with PcscLab() as other:
        here = lab.attach("--key", "9a=p256")
        there = other.attach("--key", "9a=p256", "--locked")
        piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
        assert counters(here) == (2, 3)
        assert "blocked" in piv(other, "-a", "verify-pin", "-P", "123456", check=False)
        assert counters(there) == (0, 3)


def test_a_pull_takes_the_card_from_pcscd_and_an_insert_brings_it_back(lab):
    token = lab.attach("--key", "9a=p256")
    token.pull()
    assert piv(lab, "-a", "status", check=False) != ""
    token.insert()
    assert "PIN tries left:\t3" in piv(lab, "-a", "status")


@pytest.mark.parametrize("kind,left", [("pull-before", 3), ("pull-during", 2), ("pull-after", 2)])
def test_a_pull_in_the_middle_of_a_command(lab, kind, left):
    token = lab.attach("--key", "9a=p256")
    # The tool asks for the counter first.
    token.fault(f"ins=20,n=2,kind={kind}")
    piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
    lab.wait_for_card(present=False)
    assert counters(token) == (left, 3)
    token.insert()
    assert f"PIN tries left:\t{left}" in piv(lab, "-a", "status")


def test_a_token_keeps_its_state_over_a_restart(lab):
    state = lab.folder / "state"
    token = lab.attach("--key", "9a=p256", "--state", state)
    before = piv(lab, "-a", "status")
    piv(lab, "-a", "verify-pin", "-P", "999999", check=False)
    token.process.kill()
    token.process.wait()
    lab.wait_for_card(present=False)
    token = lab.attach("--state", state)
    assert counters(token) == (2, 3)
    after = piv(lab, "-a", "status")
    assert after == before.replace("PIN tries left:\t3", "PIN tries left:\t2")


def test_a_swapped_token_is_another(lab):
    other = lab.folder / "other"
    made = lab.attach("--key", "9a=p256", "--serial", "222", "--state", other, slot=1)
    made.quit()
    token = lab.attach("--key", "9a=p256", "--serial", "111")
    assert "111" in piv(lab, "-a", "status")
    token.swap(other)
    assert "222" in piv(lab, "-a", "status")


def test_the_token_ends_when_pcscd_does(lab):
    token = lab.attach("--key", "9a=p256")
    lab.stop_pcscd()
    assert token.process.wait(timeout=20) == 0


def test_the_record_shows_commands_and_no_codes(lab):
    token = lab.attach("--key", "9a=p256")
    piv(lab, "-a", "verify-pin", "-P", "192837", check=False)
    assert ("00200080", "63C2") in [(e["command"], e["status"]) for e in token.log()]
    text = str(token.log())
    assert "192837" not in text and "313932383337" not in text


def test_an_apdu_costs_no_delayed_acknowledgement(lab):
    """40 ms an APDU is what vpcd costs a card that does not set TCP_QUICKACK: of so many, more
    than even a busy machine needs for all the rest."""
    token = lab.attach("--key", "9a=p256")
    count = 400
    apdus = ["-s", "00A4040005A000000308"] + ["-s", "0020008000"] * count
    lab.run("opensc-tool", "--reader", READER, *apdus, timeout=0.75 * count * 0.040)
    assert len([e for e in token.log() if e["command"] == "00200080"]) >= count


@pytest.mark.parametrize("slot", ["9a", "9c", "82"])
def test_a_statement_of_a_key_is_accepted(lab, slot):
    root = lab.folder / "root.pem"
    lab.attach("--model", "piv-yubico", "--key", f"{slot}=p256", "--ca-out", str(root),
               "--serial", "4294967295")
    statement, signer = lab.folder / "statement.pem", certificate(lab, "f9")
    statement.write_text(piv(lab, "-a", "attest", "-s", slot))
    said = openssl(lab, "verify", "-CAfile", str(root), "-untrusted", str(signer), str(statement))
    assert said.strip().endswith(": OK")
    keys = [openssl(lab, "x509", "-in", str(path), "-noout", "-pubkey")
            for path in (statement, certificate(lab, slot))]
    assert keys[0] == keys[1]
    text = openssl(lab, "x509", "-in", str(statement), "-noout", "-text")
    assert f"CN = YubiKey PIV Attestation {slot}" in text
    assert "1.3.6.1.4.1.41482.3.7" in text


def test_no_statement_is_made_of_an_imported_key(lab):
    lab.attach("--model", "piv-yubico", "--key", "9a=p256,imported")
    assert "BEGIN CERTIFICATE" not in piv(lab, "-a", "attest", "-s", "9a", check=False)
