"""What the station claims about tries and outcomes, where a token makes it hard to be right."""

import json
import time

import pytest

from station import Refusal, code


def test_an_unblocking_that_was_refused_and_done_all_the_same(station):
    """6F00 after the code was taken: the counters say so, and the key can be checked later."""
    for status in ("6F00", "6300"):
        token = station.locked("--fault", f"ins=2c,kind=sw-after:{status}")
        pin = code(6)
        result = station.restore(token, pin=pin)
        assert result["outcome"] == "unblocked-unproven", result
        assert token.counters()["pin"] == 3 and token.spent()[1] == 0
        checked = station.call(
            "KeyCheck.Check", reader=token.reader, pin=pin, restore=result["restore"])
        assert checked["completed"] and checked["verdict"]["proven"]
        token.leave()


def test_a_token_that_fails_inside_and_hides_its_counters_leaves_it_unknown(station):
    token = station.token("--model", "piv", "--key", "9a=p256", "--fault", "ins=2c,kind=sw:6F00")
    permit = station.begin(token, pin_forgotten=True)
    result = station.unblock(permit, token.puk, code(6))
    assert result["outcome"] == "unknown" and result.get("unblocking_left") is None


def test_the_old_pin_proves_no_unblocking(station):
    """The PIN had tries before: that it works says nothing of the code whose answer was lost."""
    token = station.token("--model", "piv", "--key", "9a=p256")
    permit = station.begin(token, pin_forgotten=True)
    token.fault("ins=2c,kind=pull-during")
    result = station.unblock(permit, code(8), code(6))
    assert result["outcome"] == "unknown"
    token.renew()
    checked = station.call(
        "KeyCheck.Check", reader=token.reader, pin=token.pin, restore=result["restore"])
    assert checked["verdict"]["proven"] and not checked["completed"]
    case = station.call("Cases.Get", case=permit["case"])["case"]
    assert case["state"] == "unknown"


@pytest.mark.parametrize("kind, outcome, reason, error", [
    ("pull-during", "unblocked-unproven", "pin-tries-restored", None),
    ("pull-before", "failed", "counters-unchanged", "Failed"),
])
def test_what_was_unknown_is_listed_as_the_token_told_when_it_was_seen_again(
        station, kind, outcome, reason, error):
    token = station.locked()
    permit = station.begin(token)
    token.fault(f"ins=2c,kind={kind}")
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "unknown"
    token.renew()
    station.inspect(token.reader)
    [listed] = [r for r in station.call("Restore.List")["restores"]
                if r["restore"] == permit["restore"]]
    counters = token.counters()
    assert (listed["outcome"], listed["reason"]) == (outcome, reason), listed
    assert listed["unblocking_spent"] == {"least": 0, "most": 0}
    assert (listed["pin_left"], listed["unblocking_left"]) == (counters["pin"], counters["puk"])
    if error:
        refusal = station.refusal("Restore.Attach", restore=permit["restore"])
        assert refusal.name == error and refusal.fields["result"]["outcome"] == outcome
    else:
        attached = station.call("Restore.Attach", restore=permit["restore"])
        assert attached["result"]["outcome"] == outcome


def test_a_blocked_pin_that_hides_its_count_may_have_cost_nothing(station):
    token = station.locked("--model", "piv", "--oddity", "hides-count")
    refusal = station.refusal("KeyCheck.Check", reader=token.reader, pin=token.pin)
    assert refusal.name == "PINBlocked"
    assert refusal.fields["pin_spent"]["least"] <= token.spent()[0] <= refusal.fields["pin_spent"]["most"]


def test_a_right_pin_shows_its_counter_as_it_is_afterwards(station):
    token = station.token("--key", "9a=p256")
    station.refusal("KeyCheck.Check", reader=token.reader, pin=code(6))
    assert token.counters()["pin"] == 2
    checked = station.call("KeyCheck.Check", reader=token.reader, pin=token.pin)
    assert checked["pin_left"] == token.counters()["pin"] == 3


def test_the_last_try_is_said_before_anybody_is_asked_for_a_code(station):
    token = station.locked("--puk-tries", "2")
    assert station.restore(token, puk=code(8))["unblocking_left"] == 1
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=token.reader)
    assert refusal.name == "Refused" and refusal.fields["reasons"] == ["last-try"]
    assert token.spent()[1] == 1


def test_a_cancelled_permit_is_no_permit_at_once(station):
    """Whatever the record still has to wait for: a code after the cancel goes nowhere."""
    token = station.locked()
    for _ in range(10):
        permit = station.begin(token)
        with station.wire() as one, station.wire() as other:
            one.send("Restore.Cancel", restore=permit["restore"])
            other.send(
                "Restore.Unblock", restore=permit["restore"], unblocking_code=code(8),
                new_pin=code(6))
            cancelled = one.result()["result"]
            with pytest.raises(Refusal) as refusal:
                other.result()
        spent = token.spent()[1]
        if cancelled["outcome"] == "refused":
            assert spent == 0, refusal.value
        else:
            # The code won: then the outcome says what it cost.
            assert refusal.value.fields["result"]["unblocking_spent"]["least"] == spent == 1
            break


def test_a_permit_ends_by_itself(make_station):
    station = make_station(settings={"permit_minutes": 1})
    token = station.locked()
    permit = station.begin(token)
    with station.wire(timeout=90) as wire:
        wire.send("Restore.Attach", _more=True, restore=permit["restore"])
        assert wire.reply()["parameters"]["result"]["state"] == "permitted"
        began = time.monotonic()
        time.sleep(57)
        # Codes that began to come before the end and are whole only after it.
        with station.wire() as slow:
            slow.raw(json.dumps({
                "method": "vn.tokenstation.Restore.Unblock",
                "parameters": {"restore": permit["restore"], "unblocking_code": token.puk,
                               "new_pin": code(6)}}).encode())
            with pytest.raises(Refusal) as refusal:
                wire.result()
            try:
                slow.raw(b"\0")
                late = slow.reply()
            except (BrokenPipeError, ConnectionResetError):
                late = None
    assert refusal.value.fields["result"]["reason"] == "expired"
    assert time.monotonic() - began > 57
    assert late is None or late["error"].endswith("PermitInvalid"), late
    assert not [e for e in token.log() if e["command"].startswith("002C")]
