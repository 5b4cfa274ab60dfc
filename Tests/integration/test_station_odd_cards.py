"""Tokens that do not go by the book, as some real ones do not."""

import os

import pytest

from station import code


def verifies(token):
    return [e for e in token.log() if e["command"] == "00200080"]


def test_a_token_that_charges_for_the_question_is_asked_once_ever(station):
    token = station.token(
        "--model", "piv", "--oddity", "empty-verify-spends", "--key", "9a=p256")
    assert token.number and len(verifies(token)) == 1
    seen = station.inspect(token.reader)
    assert "status-query-unsafe" in seen["reasons"]
    assert seen["pin"].get("left") is None
    assert len(verifies(token)) == 1
    # Remembered for good.
    assert station.stop() == 0
    station.start()
    station.wait_for_card(token.reader)
    assert "status-query-unsafe" in station.inspect(token.reader)["reasons"]
    assert len(verifies(token)) == 1 and token.spent() == (1, 0)


@pytest.mark.parametrize("words", [
    ["--model", "piv-yubico", "--oddity", "empty-verify-spends", "--key", "9a=p256"],
    ["--model", "piv", "--oddity", "empty-verify-spends", "--key", "9a=p256"],
], ids=lambda words: words[1])
def test_a_technician_may_ask_a_token_only_as_the_station_itself_does(station, words):
    token = station.token(*words)
    station.inspect(token.reader)
    spent, asked = token.spent(), len(verifies(token))
    for _ in range(3):
        refusal = station.refusal(
            "Maintenance.Exchange", reader=token.reader, command="00200080")
        assert refusal.name == "CommandRefused", refusal.fields
    assert token.spent() == spent and len(verifies(token)) == asked


def test_a_token_that_is_known_to_answer_for_nothing_may_be_asked(station):
    token = station.token("--model", "piv", "--key", "9a=p256", "--pin-tries", "3")
    for _ in range(3):
        answer = station.call("Maintenance.Exchange", reader=token.reader, command="00200080")
        assert answer["response"] == "63C3"
    assert token.spent() == (0, 0)


def test_a_token_that_is_restored_although_it_charges_for_the_question(station):
    token = station.token(
        "--model", "piv", "--oddity", "empty-verify-spends", "--key", "9a=p256")
    result = station.restore(token)
    assert result["outcome"] == "restored"
    # One empty question before; the new PIN once, and once more where the key wants it.
    assert len([e for e in verifies(token) if e["status"] != "9000"]) == 1


def test_a_token_that_never_says_blocked(station):
    token = station.locked("--oddity", "never-says-blocked")
    seen = station.inspect(token.reader)
    assert seen["locked"] is True and seen["pin"]["left"] == 0
    assert station.restore(token)["outcome"] == "restored"


def test_an_unblocking_code_that_never_says_blocked(station):
    token = station.locked("--oddity", "never-says-blocked", "--model", "piv", "--puk-tries", "1")
    first = station.restore(token, puk=code(8))
    assert first["outcome"] == "failed"
    assert first["unblocking_spent"] == {"least": 1, "most": 1} or first["unblocking_left"] == 0
    spent = token.spent()
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader)
    assert refusal.name == "Refused"
    assert "unblocking-code-blocked" in refusal.fields["reasons"]
    assert token.spent() == spent


def test_a_token_whose_wrong_code_is_6985(station):
    token = station.token("--oddity", "wrong-is-6985", "--key", "9a=p256")
    refusal = station.refusal("KeyCheck.Check", reader=token.reader, pin=code(6))
    assert refusal.name in ("TokenFault", "WrongPIN"), refusal
    assert token.spent() == (0, 0)
    checked = station.call("KeyCheck.Check", reader=token.reader, pin=token.pin)
    assert checked["verdict"]["proven"] is True


def test_a_hidden_count_may_be_tried_once(make_station):
    station = make_station(settings={"rights": {"last_try": {"users": [os.getuid()]}}})
    token = station.locked("--oddity", "hides-count", "--model", "piv")
    seen = station.inspect(token.reader)
    assert seen["unblocking_code"].get("left") is None
    assert "unblocking-count-unknown" in seen["reasons"]
    first = station.restore(token, puk=code(8))
    assert first["outcome"] == "failed"
    assert first["unblocking_spent"]["least"] <= 1 <= first["unblocking_spent"]["most"]
    assert token.spent()[1] == 1

    # From now on somebody with the right decides.
    permit = station.begin(token)
    fields = {"restore": permit["restore"], "unblocking_code": token.puk, "new_pin": code(6)}
    refusal = station.refusal("Restore.Unblock", **fields)
    assert refusal.name == "LastTry" and refusal.fields.get("left") is None
    assert token.spent()[1] == 1
    assert station.stop() == 0
    station.start()
    station.wait_for_card(token.reader)
    refusal = station.refusal("Restore.Unblock", **{
        **fields, "restore": station.begin(token)["restore"]})
    assert refusal.name == "LastTry" and token.spent()[1] == 1


def test_the_right_overrides_a_hidden_count(make_station):
    station = make_station(settings={"rights": {"last_try": {"users": [os.getuid()]}}})
    token = station.locked("--oddity", "hides-count", "--model", "piv")
    station.restore(token, puk=code(8))
    permit = station.begin(token)
    result = station.unblock(permit, token.puk, code(6), last_try=True)
    assert result["outcome"] == "restored"


def test_a_count_in_the_answer_decides_after_one_failure(station):
    """Without metadata the PUK's count shows in the answer to a wrong one alone."""
    token = station.locked("--model", "piv", "--puk-tries", "3")
    assert station.restore(token, puk=code(8))["unblocking_left"] == 2
    assert station.restore(token, puk=code(8))["unblocking_left"] == 1
    # Said before anybody is asked for a code.
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader)
    assert refusal.name == "Refused" and refusal.fields["reasons"] == ["last-try"]
    assert token.spent() == (0, 2)


@pytest.mark.parametrize("more", [["--expired"]])
def test_an_expired_certificate_is_said_where_the_clock_is_trusted(station, more):
    token = station.locked(*more)
    seen = station.inspect(token.reader)
    synced = station.call("Maintenance.Status")["clock"] == "synced"
    assert ("certificate-expired" in seen["reasons"]) == synced


def test_long_chains_without_extended_length(station):
    token = station.locked("--no-extended", "--key", "9a=rsa3072", "--gzip", "9a")
    assert station.restore(token)["outcome"] == "restored"
