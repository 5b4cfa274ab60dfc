"""The station restores SmartCard-HSMs behind a real pcscd; OpenSC blocks them and judges after."""

import random
import shutil

import pytest

from openpgp_lab import OpenPGPLab, READER
from station import Refusal, code

MESSAGE = b"what was signed"

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("sc-hsm-tool", "pkcs15-tool", "pkcs11-tool", "openssl")]


def so_pin():
    """With letters in it, of either case."""
    digits = "".join(random.SystemRandom().choice("0123456789abcdefABCDEF") for _ in range(15))
    return digits + "F"


class Device:
    """A SmartCard-HSM in the lab's first slot, as Station's helpers want a token."""

    reader = READER

    def __init__(self, station, lab, *arguments):
        self.station, self.lab, self.pin, self.so = station, lab, code(6), so_pin()
        self.token = lab.attach("--model", "smartcard-hsm", "--pin", self.pin, "--so-pin", self.so,
                                *arguments)
        station.wait_for_card(READER)

    @property
    def number(self):
        return self.look()["device_numbers"][0]

    def look(self):
        return self.station.inspect(READER)

    def tries(self):
        counters = self.token.counters()
        return counters["pin"], counters["so"]

    def spent(self):
        counters = self.token.counters()
        return counters["pinSpent"], counters["soSpent"]

    def was_asked(self, command):
        return [e["status"] for e in self.token.log() if e["command"] == command]

    def verify(self, pin, check=True):
        return self.lab.opensc("pkcs15-tool", "--verify-pin", "--pin", pin, check=check)

    def block(self):
        for _ in range(3):
            self.verify(code(6), check=False)
        assert "User PIN locked" in self.lab.opensc("sc-hsm-tool")


@pytest.fixture
def lab():
    with OpenPGPLab() as lab:
        yield lab


@pytest.fixture
def device(lab, make_station):
    def device(*arguments, **settings):
        return Device(make_station(pcsc=lab, settings=settings), lab, *arguments)

    return device


def test_the_station_shows_the_device(device):
    found = device("--key", "1=p256", "--key", "2=rsa2048", "--serial", "7654321", "--so-tries",
                   "9").look()
    assert found["family"] == "smartcard-hsm"
    assert found["model"] == "SmartCard-HSM 3.6"
    assert found["device_numbers"][0] == "VT07654321"
    assert [c["slot"] for c in found["certificates"]] == ["01", "02"]
    assert found["pin"]["left"] == 3
    assert found["locked"] is False
    [way] = found["ways"]
    assert (way["form"], way["sets_new_pin"], way["counter"]["left"]) == ("so-pin", True, 9)
    assert way["rule"] == {"minimum": 16, "maximum": 16, "characters": "hex"}
    assert way.get("obstacle") is None


@pytest.mark.parametrize("kind,mechanism", [
    ("rsa2048", "SHA256-RSA-PKCS"), ("rsa3072", "SHA256-RSA-PKCS"), ("p256", "ECDSA-SHA256")])
def test_blocked_by_opensc_restored_and_accepted_by_it(lab, device, kind, mechanism):
    token = device("--key", f"3={kind}")
    token.block()
    assert token.look()["locked"] is True
    before, pin = token.spent(), code(8)
    result = token.station.restore(token, puk=token.so, pin=pin)
    assert result["outcome"] == "restored", result
    assert token.spent() == before
    assert token.tries() == (3, 15)
    token.verify(pin)
    message, signature = lab.folder / "data", lab.folder / "signature"
    message.write_bytes(MESSAGE)
    lab.run("pkcs11-tool", "-l", "--pin", pin, "--sign", "--id", "03", "-m", mechanism, "-i",
            message, "-o", signature)
    lab.assert_signed(lab.certificate("03"), MESSAGE, signature)
    token.verify(token.pin, check=False)
    assert token.tries() == (2, 15)


def test_a_wrong_so_pin_costs_one_try_and_the_next_permit_knows(device):
    token = device("--locked")
    result = token.station.restore(token, puk=so_pin(), pin=code(6))
    assert (result["outcome"], result["reason"]) == ("failed", "wrong-unblocking-code")
    assert result["unblocking_spent"] == {"least": 1, "most": 1}
    assert result["unblocking_left"] == 14
    assert token.spent() == (0, 1)
    assert token.station.begin(token)["unblocking_code"]["left"] == 14


@pytest.mark.parametrize("typed,reason", [
    ("3537", "too_short"), ("35373632313838301", "too_long"), ("353736323138383x", "not_hex")])
def test_what_is_no_so_pin_is_refused_before_the_device_is_touched(device, typed, reason):
    token = device("--locked")
    permit = token.station.begin(token)
    asked = len(token.token.log())
    with pytest.raises(Refusal) as refused:
        token.station.unblock(permit, typed, code(6))
    assert refused.value.name == "CodeUnfit"
    assert refused.value.fields["reason"] == reason
    assert len(token.token.log()) == asked
    assert token.station.unblock(permit, token.so, code(6))["outcome"] == "restored"


def test_where_it_is_switched_off_nobody_is_asked_for_a_code(device):
    token = device("--locked", "--rrc", "off")
    [way] = token.look()["ways"]
    assert way["obstacle"] == "switched-off"
    with pytest.raises(Refusal) as refused:
        token.station.begin(token)
    assert refused.value.name == "Refused"
    assert refused.value.fields["reasons"] == ["unblocking-switched-off"]
    assert token.spent() == (0, 0)


def test_a_device_from_its_maker_cannot_be_helped(device):
    token = device("--uninitialised")
    found = token.look()
    assert found["ways"][0]["obstacle"] == "not-set"
    with pytest.raises(Refusal) as refused:
        token.station.begin(token)
    assert "unblocking-not-set" in refused.value.fields["reasons"]
    assert token.spent() == (0, 0)


def test_without_tries_of_the_so_pin_nothing_is_sent(device):
    token = device("--locked", "--so-tries", "1")
    with pytest.raises(Refusal) as refused:
        token.station.begin(token)
    assert refused.value.fields["reasons"] == ["last-try"]
    token.lab.run("pkcs11-tool", "--login", "--login-type", "so", "--so-pin", so_pin(),
                  "--init-pin", "--new-pin", code(6), check=False)
    assert token.tries() == (0, 0)
    with pytest.raises(Refusal) as refused:
        token.station.begin(token)
    assert "unblocking-code-blocked" in refused.value.fields["reasons"]
    assert token.spent() == (0, 1)


def test_the_key_is_checked_with_the_holders_pin(device):
    token = device("--key", "9=p256")
    checked = token.station.call("KeyCheck.Check", reader=READER, pin=token.pin)
    assert checked["verdict"]["proven"] is True
    assert token.spent() == (0, 0)


def unblock(station, permit, **codes):
    try:
        return station.call("Restore.Unblock", restore=permit["restore"], **codes)["result"]
    except Refusal as refusal:
        if "result" not in refusal.fields:
            raise
        return refusal.fields["result"]


def test_a_device_that_gives_tries_back_alone_says_so_and_takes_no_new_pin(device):
    """OpenSC's officer cannot help here: it knows only the way with a new PIN."""
    token = device("--key", "1=p256", "--rrc", "counter-only")
    token.block()
    before = token.spent()
    [way] = token.look()["ways"]
    assert (way["form"], way["sets_new_pin"]) == ("so-pin-counter", False)
    permit = token.station.begin(token)
    assert permit["form"] == "so-pin-counter"
    with pytest.raises(Refusal) as refused:
        unblock(token.station, permit, unblocking_code=token.so, new_pin=code(6))
    assert refused.value.fields["reason"] == "not_wanted"
    assert token.was_asked("002C0181") == []
    result = unblock(token.station, permit, unblocking_code=token.so)
    assert (result["outcome"], result["reason"]) == ("unblocked-unproven", "old-pin-stays")
    assert token.was_asked("002C0181") == ["9000"]
    assert token.spent() == before
    assert token.tries() == (3, 15)
    # The PIN is the one it was, and completes the restore.
    checked = token.station.call(
        "KeyCheck.Check", reader=READER, pin=token.pin, restore=permit["restore"])
    assert checked["verdict"]["proven"] is True
    assert checked["completed"] is True
    token.verify(token.pin)


def test_a_wrong_so_pin_there_costs_one_try_too(device):
    token = device("--locked", "--rrc", "counter-only")
    result = unblock(token.station, token.station.begin(token), unblocking_code=so_pin())
    assert (result["outcome"], result["reason"]) == ("failed", "wrong-unblocking-code")
    assert token.spent() == (0, 1)


# The request a key was born with.

@pytest.mark.parametrize("where,roots,grade,finding,how", [
    ("apart", True, "attested", "shown", "signed up to VTROOT00001"),
    ("apart", False, "device-says-generated", "not_shown", "leads to no root"),
    ("with-keys", True, "possession", "not_shown", "nothing can prove that any more")])
def test_a_key_is_attested_by_its_request(lab, device, where, roots, grade, finding, how):
    makers = lab.folder / "makers"
    makers.mkdir()
    token = device("--key", "1=rsa2048", "--certificates", where, "--locked", "--cvc-out",
                   (makers if roots else lab.folder) / "root.cvc",
                   attestation_roots=str(makers))
    # The root is there once the token is: a station reads its folder when it starts.
    token.station.stop()
    token.station.start()
    token.station.wait_for_card(READER)
    result = token.station.restore(token, puk=token.so, pin=code(8))
    assert result["outcome"] == "restored", result
    assert result["verdict"]["grade"] == grade
    [item] = [i for i in result["verdict"]["evidence"] if i["item"] == "attestation"]
    assert item["finding"] == finding
    assert how in item["how"]
