"""After a fault in a restore the station goes on: the next token is served, and the token seen
again tells what was not known. What each fault costs is in test_station_fault_table.py."""

import os

import pytest

from station import code

KINDS = ["pull-before", "pull-during", "pull-after", "mute", "mute-after", "sw:6F00",
         "sw-after:6F00", "reset", "slow:120", "truncate:1"]
INSTRUCTIONS = ["A4", "CB", "F8", "20", "2C", "87"]
# Short where the fault is silence and the budget is what ends it; else long enough for a busy
# machine, on which 400 ms once were too little for a step that nothing was wrong with.
SHORT = {"budgets_ms": {
    "connect": 1500, "read": 1200, "write": 1200, "sign": 1200, "reset": 1200, "hard_cap": 1500}}
LONG = {"budgets_ms": {
    "connect": 9000, "read": 9000, "write": 9000, "sign": 9000, "reset": 9000, "hard_cap": 9000}}


def final(station, permit, first):
    """Where the answer came before the end: the end, followed by Attach."""
    if first["state"] == "finished":
        return first
    wire = station.wire()
    wire.send("Restore.Attach", _more=True, restore=permit["restore"])
    while True:
        reply = wire.reply()
        result = reply["parameters"]["result"]
        if result["state"] == "finished":
            return result


def commands(token, ins):
    return [e for e in token.log() if e["command"][2:4] == ins]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", ["piv-yubico", "piv"])
def test_a_fault_at_each_instruction(make_station, model, kind):
    station = make_station(settings=SHORT if kind.startswith("mute") else LONG)
    for ins in INSTRUCTIONS:
        if model == "piv" and ins == "F8":
            continue
        token = station.locked("--model", model)
        case = station.open_case(token.number)
        permit = station.begin(token, case)
        begun = len(token.log())
        token.fault(f"ins={ins},kind={kind}")
        new = code(6)
        where = f"{kind} at {ins}"
        result = final(station, permit, station.unblock(permit, token.puk, new))
        pin, puk = token.spent()

        # The account holds what the token counted.
        assert result["outcome"] in (
            "restored", "failed", "unblocked-unproven", "unknown", "refused"), where
        spent = result["unblocking_spent"]
        assert spent["least"] <= puk <= spent["most"], where
        assert result["pin_spent"]["least"] <= pin <= result["pin_spent"]["most"], where
        # Never twice.
        assert len(commands(token, "2C")) <= 1, where
        sent = [e for e in token.log()[begun:] if e["command"] == "00200080"
                and e["status"] not in ("6983", "63C3", "63C0")]
        assert len(sent) <= 2, where  # a signature key may want its PIN again
        # The outcome is what the token is.
        unlocked = token.counters()["pin"] > 0
        if result["outcome"] == "restored":
            assert unlocked, where
        if result["outcome"] == "unblocked-unproven":
            assert unlocked, where
        if result["outcome"] in ("failed", "refused"):
            assert not unlocked or kind.startswith(("sw-after", "truncate")), where
        if ins in ("87",) and kind not in ("slow:120", "pull-after", "reset"):
            assert result["outcome"] in ("unblocked-unproven", "restored"), where
        if kind == "slow:120":
            assert result["outcome"] == "restored", where

        # The next token is served.
        token.renew()
        other = station.locked("--model", model, "--serial", "999")
        assert station.restore(other)["outcome"] == "restored", where
        other.leave()

        # The token seen again resolves what was unknown.
        station.inspect(token.reader)
        assert station.call("Maintenance.Status")["unresolved_restores"] == 0, where
        if result["outcome"] == "unknown":
            resolved = [x for x in station.lines() if x["kind"] == "restore.resolved"][-1]
            assert resolved["what"]["outcome"] == (
                "unblocked-unproven" if unlocked else "failed"), where
            if unlocked:
                checked = station.call(
                    "KeyCheck.Check", reader=token.reader, pin=new, restore=permit["restore"])
                assert checked["completed"] is True, where
        token.leave()
    station.verify()


def test_a_wrong_code_costs_the_one_try_that_is_said(station):
    token = station.locked()
    for left in (2, 1):
        result = station.restore(token, puk=code(8))
        assert result["error"] == "WrongUnblockingCode"
        assert result["unblocking_spent"] == {"least": 1, "most": 1}
        assert result["unblocking_left"] == left == token.counters()["puk"]
        if left == 1:
            break
    assert token.spent() == (0, 2)
    inspected = station.inspect(token.reader)
    assert inspected["unblocking_code"]["left"] == 1 and "last-try" in inspected["reasons"]


# How to make one of each, and an unblocking code that is wrong.
ASKED = {
    "piv": ("83920175", ["--key", "9a=p256"]),
    "piv-yubico": ("83920175", ["--key", "9a=p256"]),
    "isoapplet": ("8392017465748395", ["--key", "1=p256", "--interface", "1.0"]),
    "pkcs15": ("83920175", ["--key", "1=p256"]),
    "vgca": ("83920175", ["--key", "1=rsa2048"]),
}


@pytest.mark.parametrize("model", ASKED)
def test_one_false_count_after_a_wrong_code_does_not_make_it_a_right_one(make_station, model):
    station = make_station(settings={
        "rights": {right: {"users": [os.getuid()]} for right in ("last_try", "provisional")}})
    wrong, words = ASKED[model]

    def tried(fault=None):
        token = station.locked("--model", model, *words, puk="1" * len(wrong))
        permit = station.begin(token, provisional=True)
        token.control("clear-log")
        if fault:
            token.fault(fault)
        result = station.unblock(permit, wrong, code(6), last_try=True)
        spent, log = token.spent()[1], token.log()
        token.leave()
        return result, spent, log

    result, _, log = tried()
    assert result["outcome"] == "failed"
    [out] = [n for n, e in enumerate(log) if e["command"][2:4] == "2C" and e["data"]]
    asked = [n for n, e in enumerate(log, 1) if n > out + 1 and e["command"][2:4] in ("20", "F7")]
    assert asked
    for n in asked:
        result, spent, _ = tried(f"apdu={n},kind=sw:63C1")
        assert result["outcome"] in ("failed", "unknown"), n
        said = result["unblocking_spent"]
        assert said["least"] <= spent <= said["most"] <= 1, n


def test_a_changed_token_is_told_as_it_was_read(station):
    token = station.locked()
    # Two cases of one token, each by another of its numbers.
    shown = station.call("Devices.Inspect", reader=token.reader)["token"]
    first, second = (station.begin(token, station.open_case(number))
                     for number in shown["device_numbers"][:2])
    station.unblock(first, code(8), code(6))
    result = station.unblock(second, code(8), code(6))
    assert result["error"] == "TokenChanged"
    assert result["unblocking_left"] == 2 == token.counters()["puk"]
    assert result["pin_left"] == 0
    [*_, last] = [x for x in station.lines() if x["kind"] == "restore.outcome"]
    assert last["what"]["counters"] == {"pin": 0, "unblocking": 2}


@pytest.mark.parametrize("fault, counted, least, most", [
    ("sw:6983", 0, 0, 0), ("sw:63C0", 0, 0, 0), ("sw:63C1", 0, 0, 0), ("sw:63C2", 0, 0, 1),
    ("sw-after:6983", 1, 1, 1), ("sw-after:63C1", 1, 1, 1), ("sw-after:6300", 1, 1, 1)])
@pytest.mark.parametrize("model", ["piv", "piv-yubico"])
def test_a_false_answer_to_a_pin_does_not_hide_what_its_counter_says(
        station, model, fault, counted, least, most):
    token = station.token("--model", model, "--key", "9a=p256")
    token.fault(f"ins=20,n=2,kind={fault}" if model == "piv" else f"ins=20,n=1,kind={fault}")
    refusal = station.refusal("KeyCheck.Check", reader=token.reader, pin=code(6))
    assert refusal.name == "WrongPIN", refusal
    assert token.spent() == (counted, 0)
    assert refusal.fields["pin_spent"] == {"least": least, "most": most}
    assert refusal.fields.get("tries_left") in (None, 3 - counted)


def test_the_last_try_is_spent_by_right_alone(make_station):
    station = make_station(settings={"rights": {"last_try": {"users": [os.getuid()]}}})
    token = station.locked("--puk-tries", "1")
    permit = station.begin(token)
    fields = {"restore": permit["restore"], "unblocking_code": token.puk, "new_pin": code(6)}
    assert station.refusal("Restore.Unblock", **fields).name == "LastTry"
    assert token.spent() == (0, 0)
    result = station.call("Restore.Unblock", last_try=True, **fields)["result"]
    assert result["outcome"] == "restored"
