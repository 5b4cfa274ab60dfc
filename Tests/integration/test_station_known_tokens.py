"""Which token it is: by family, number and certificate, and how the number of a case is written."""

import os
import pathlib
import tempfile

import pytest

from gids_lab import answer
from pcscd_lab import Token, virtual_token
from station import Refusal, Station, code
from test_station_gids import Attached

RIGHTS = {"rights": {name: {"users": [os.getuid()]} for name in ("commission", "raw", "provisional")}}


@pytest.fixture
def station():
    with Station(settings=RIGHTS) as station:
        yield station


class Other(Token):
    """A token of another family, on the station's own socket."""

    def __init__(self, station, *words):
        self.station, self.puk = station, "83920174"
        folder = pathlib.Path(tempfile.mkdtemp(dir=station.folder))
        before = {reader["name"] for reader in station.readers()}
        super().__init__(
            [virtual_token(), "--attach", station.virtual, "--stay", "--locked", "--puk", self.puk,
             *words], folder, None, station)
        readers = station.wait_for(
            lambda readers: any(
                reader["name"] not in before and reader.get("atr") for reader in readers),
            "the token")
        [self.reader] = [r["name"] for r in readers if r["name"] not in before]
        self.number = station.inspect(self.reader)["device_numbers"][0]


def attempt(station, token, puk):
    permit = station.call(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader,
        provisional=True)["permit"]
    return station.unblock(permit, puk, code(6))


def test_another_familys_token_of_the_same_number_gives_no_tries_back(station):
    hidden = Other(station, "--model", "vgca", "--key", "1=rsa2048", "--serial", "55556666",
                   "--puk-tries", "3")
    for _ in range(2):
        assert attempt(station, hidden, code(8))["unblocking_spent"]["least"] >= 0
    same = Other(station, "--model", "piv-yubico", "--key", "9a=p256", "--serial", "55556666")
    assert attempt(station, same, same.puk)["outcome"] == "restored"
    with pytest.raises(Refusal) as refused:
        attempt(station, hidden, code(8))
    assert refused.value.fields["reasons"] == ["last-try"]
    assert hidden.counters()["puk"] == 1


def test_a_stranger_of_the_same_number_completes_no_restore(station):
    token = station.locked("--serial", "6001")
    case = station.open_case(token.number)
    permit = station.begin(token, case)
    token.fault("ins=87,kind=sw:6F00")
    result = station.unblock(permit, token.puk, code(6))
    assert result["outcome"] == "unblocked-unproven"
    token.leave()
    stranger = station.token(
        "--key", "9a=p256", "--serial", "6001", "--holder", "Ai Khác", pin="918273")
    refusal = station.refusal(
        "KeyCheck.Check", reader=stranger.reader, pin="918273", restore=permit["restore"])
    assert refusal.name == "RestoreNotWaiting" and stranger.spent() == (0, 0)
    assert station.call("Cases.Get", case=case)["case"]["state"] == "unblocked-unproven"


def test_looking_at_a_stranger_of_the_same_number_resolves_nothing(station):
    token = station.locked("--serial", "6100")
    case = station.open_case(token.number)
    token.fault("ins=2C,kind=pull-during")
    assert station.unblock(station.begin(token, case), token.puk, code(6))["outcome"] == "unknown"
    token.leave()
    stranger = station.locked("--serial", "6100", "--holder", "Ai Khác")
    station.inspect(stranger.reader)
    assert station.call("Cases.Get", case=case)["case"]["state"] == "unknown"
    assert "restore.resolved" not in station.kinds()


@pytest.mark.parametrize("form", ["nonsense", "admin_pin", "", "PUK"])
def test_a_way_that_there_is_not_is_refused_and_no_other_is_taken(station, form):
    token = station.locked()
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader, form=form)
    assert (refusal.name, refusal.fields["field"]) == ("FieldInvalid", "form")


def test_a_field_that_there_is_not_was_compared_by_nobody(station):
    token = station.locked()
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader,
        compared=["name"])
    assert (refusal.name, refusal.fields["field"]) == ("FieldInvalid", "compared")


def test_codes_for_a_restore_that_has_ended_are_not_answered_with_its_success():
    with Station() as station:
        token = Attached(station, "--key", "ksc=p256", "--locked", "--serial", "1001")
        permit = station.begin(token, form="admin-key-response")
        challenge = station.call("Restore.AskChallenge", restore=permit["restore"])["challenge"]
        named, pin = {"restore": permit["restore"]}, code(6)
        answered = answer(challenge["challenge"])
        result = station.call("Restore.Respond", response=answered, new_pin=pin, **named)["result"]
        assert result["outcome"] == "restored"
        again = station.refusal(
            "Restore.Respond", response=answered, new_pin=code(6), **named)
        assert (again.name, again.fields["reason"]) == ("PermitInvalid", "used")
        assert station.call(
            "KeyCheck.Check", reader=token.reader, pin=pin)["verdict"]["proven"]


@pytest.mark.parametrize("written", ["5168-4064", "5168 4064", "guid", "certificate"])
def test_a_token_of_an_open_case_is_no_sacrifice(station, written):
    token = station.token("--key", "9a=p256", "--serial", "51684064")
    seen = station.inspect(token.reader)
    number = {"guid": seen["guid"], "certificate": seen["certificates"][0]["serial_number"]}.get(
        written, written)
    station.open_case(number)
    with station.dial() as wire:
        for other in range(200):
            wire.call("Cases.Open", request_number=f"1/{other}", managing_body="b", holder="h",
                      device_number=f"{10 ** 6 + other}")
    refusal = station.refusal(
        "Maintenance.Commission", reader=token.reader, serial="51684064", technician="Lan",
        name="odd", wrong_pins=3, challenges=1,
        ways=[{"form": "puk", "unblocking_code": token.puk, "pin": code(8)}])
    assert (refusal.name, refusal.fields["reasons"]) == ("CommissionRefused", ["case-open"])
    refusal = station.refusal(
        "Maintenance.Exchange", reader=token.reader, command="00010000", serial="51684064")
    assert refusal.name == "CommandRefused"
    assert station.call("Maintenance.Status")["open_cases"] == 201
    assert token.spent() == (0, 0)


def test_a_cancelled_permit_is_no_refusal_of_the_request(station):
    token = station.locked()
    case = station.open_case(token.number)
    permit = station.begin(token, case)
    station.call("Restore.Cancel", restore=permit["restore"])
    shown = station.call("Cases.Get", case=case)["case"]
    assert shown["state"] == "open" and "refusal" not in shown["papers"]
    assert not shown["awaits_notice"]
    assert station.restore(token)["outcome"] == "restored"


@pytest.mark.parametrize("field", ["request_number", "managing_body", "holder", "device_number"])
def test_a_field_without_letter_or_digit_says_nothing(station, field):
    fields = {"request_number": "1", "managing_body": "b", "holder": "h", "device_number": "1234"}
    refusal = station.refusal("Cases.Open", **{**fields, field: "./:"})
    assert (refusal.name, refusal.fields["field"]) == ("FieldInvalid", field)
