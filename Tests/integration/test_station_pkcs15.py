"""The station and cards with ISO 7816-15 objects, behind a real pcscd: blocked by OpenSC, restored
over the socket, accepted by OpenSC."""

import shutil

import pytest

from pkcs15_lab import PKCS15Lab, READER
from station import code

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("pkcs15-tool", "pkcs11-tool", "openssl")]


class Behind:
    """A token in the lab's first slot, as Station's helpers want one."""

    reader = READER

    def __init__(self, station, lab, model, *arguments):
        self.station, self.pin = station, code(6)
        self.puk = code(16 if model == "isoapplet" else 8)
        self.token = lab.attach(
            "--model", model, "--pin", self.pin, "--puk", self.puk, *arguments)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)

    def spent(self):
        counters = self.token.counters()
        return counters["pinSpent"], counters["pukSpent"]


@pytest.fixture
def lab():
    with PKCS15Lab() as lab:
        yield lab


@pytest.fixture
def behind(lab, make_station):
    def behind(model, *arguments):
        station = make_station(pcsc=lab)
        return station, Behind(station, lab, model, *arguments)

    return behind


def block(lab, token):
    for _ in range(3):
        assert not lab.verify(code(6))
    assert token.counters()["pin"] == 0


@pytest.mark.parametrize("model,kind,mechanism,more", [
    ("isoapplet", "rsa2048", "SHA256-RSA-PKCS", []),
    ("isoapplet", "rsa2048", "SHA256-RSA-PKCS", ["--puk-unlisted"]),
    ("pkcs15", "rsa2048", "SHA256-RSA-PKCS", ["--puk-unlisted"]),
    ("pkcs15", "p256", "ECDSA-SHA256", [])])
def test_blocked_by_opensc_restored_and_accepted_by_it(
        lab, behind, model, kind, mechanism, more):
    station, token = behind(model, "--key", f"1={kind}", *more)
    block(lab, token)
    seen = station.inspect(READER)
    assert seen["locked"] is True
    assert seen["certificates"][0]["slot"] == "45"
    pin, before = code(6), token.spent()
    result = station.restore(token, pin=pin)
    assert result["outcome"] == "restored", result
    assert result["verdict"]["grade"] == "personaliser-says"
    assert token.spent() == before
    assert lab.verify(pin)
    signature = lab.sign(pin, "45", mechanism, b"what was signed")
    lab.assert_signed(lab.certificate("45"), b"what was signed", signature)
    assert not lab.verify(token.pin)
    assert token.spent() == (before[0] + 1, before[1])


@pytest.mark.parametrize("model", ["isoapplet", "pkcs15"])
def test_a_wrong_puk_costs_the_one_try_that_is_stated(lab, behind, model):
    station, token = behind(model, "--locked", "--key", "1=p256")
    full = token.counters()["puk"]
    result = station.restore(token, puk=code(len(token.puk)))
    assert result["outcome"] == "failed", result
    assert token.spent() == (0, 1)
    assert token.counters() == {"pin": 0, "puk": full - 1, "pinSpent": 0, "pukSpent": 1}


@pytest.mark.parametrize("model", ["isoapplet", "vgca", "pkcs15"])
def test_a_pin_that_is_never_unblocked_is_refused_before_anybody_types(lab, behind, model):
    station, token = behind(
        model, "--locked", "--unblock-disabled", "--key", "1=rsa2048")
    assert "unblocking-switched-off" in station.inspect(READER)["reasons"]
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=READER)
    assert refusal.name == "Refused", refusal
    assert token.spent() == (0, 0)


def test_the_station_reads_what_vgcas_token_says_of_itself(lab, behind):
    station, token = behind("vgca", "--key", "1=rsa2048", "--serial", "7654321")
    seen = station.inspect(READER)
    assert seen["model"] == "VGCA Token" and seen["device_numbers"][0] == "07654321"
    assert len(seen["certificates"]) == 1
    assert seen["pin"]["left"] == 3
    assert token.spent() == (0, 0)


def test_a_lost_answer_is_never_followed_by_the_code_once_more(lab, behind):
    station, token = behind("isoapplet", "--locked", "--key", "1=p256")
    permit = station.begin(token)
    token.fault("ins=2C,kind=pull-during")
    result = station.unblock(permit, code(16), code(6))
    assert result["outcome"] == "unknown", result
    assert token.spent() == (0, 1)
