"""Struck in the middle: pcscd that hangs, an agent killed in a key check or with a paper in hand,
clients that are slow or gone. Nothing is lost, nothing sent twice, nobody waits without an end."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

from gids_lab import answer
from pcscd_lab import ROOT, PcscLab, as_root
from station import Refusal, Station, Wire, code, program
from test_station_gids import Attached
from test_station_pcsc import READER, Behind
from test_station_requests import NAMED, case, form

CALENDARS = str(ROOT / "config/calendars")
ROUNDS = 12
NONE, PERHAPS = {"least": 0, "most": 0}, {"least": 0, "most": 1}


@pytest.fixture
def counter():
    with Station(settings={"calendars": CALENDARS}) as station:
        yield station


@pytest.fixture
def chance():
    seed = random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    return random.Random(seed)


def wait_for(condition, what):
    PcscLab.wait(condition, what, 60)


def unblockings(token):
    return [e for e in token.log() if e["command"].startswith("002C")]


# pcscd that hangs: it is stopped, and its socket stays.

class Stopped:
    """The lab's pcscd, stopped for as long as this lasts."""

    def __init__(self, lab):
        self.pid = lab.pcscd_pid()

    def signal(self, name):
        subprocess.run([*as_root(), "kill", f"-{name}", str(self.pid)], check=True)

    def __enter__(self):
        self.signal("STOP")

    def __exit__(self, *_):
        self.signal("CONT")


@pytest.fixture
def behind(make_station):
    with PcscLab() as lab:
        station = make_station(pcsc=lab, settings={"budgets_ms": {
            "connect": 2000, "read": 2000, "write": 1000, "sign": 2000, "reset": 2000,
            "hard_cap": 4000}})
        yield lab, station, Behind(station, lab, "--locked", "--key", "9a=p256")


def ended(wire):
    """How a restore ends, and all that was said before; who is told that it goes on asks again."""
    told = []
    while True:
        reply = wire.reply()
        error = reply.get("error", "").split(".")[-1]
        told.append(reply["parameters"]["result"])
        if told[-1]["state"] == "finished":
            return error, told
        if error:
            assert error == "StillWorking", reply
            wire.send("Restore.Attach", _more=True, restore=told[-1]["restore"])


def works_again(station, token):
    station.wait_for_card(READER)
    assert station.inspect(READER)["device_numbers"][0] == token.number
    assert station.call("Maintenance.Status")["unresolved_restores"] == 0
    station.verify()


def test_pcscd_stopped_before_the_codes_spends_nothing(behind):
    lab, station, token = behind
    permit = station.begin(token)
    with Stopped(lab):
        with station.dial() as wire:
            wire.send("Restore.Unblock", _more=True, restore=permit["restore"],
                      unblocking_code=token.puk, new_pin=code(6))
            error, told = ended(wire)
        result = told[-1]
        assert error and result["outcome"] != "restored", result
        assert result["unblocking_spent"] == result["pin_spent"] == NONE
        assert result["message"] and result["next"]
        assert station.call("Maintenance.Status")["pid"] == station.pid
    works_again(station, token)
    assert unblockings(token) == [] and token.spent() == (0, 0)
    pin = code(6)
    assert station.restore(token, pin=pin)["outcome"] == "restored"
    assert len(unblockings(token)) == 1


def test_pcscd_stopped_in_the_middle_of_the_unblocking_ends_at_the_cap(behind):
    lab, station, token = behind
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    wire = station.wire()
    pin = code(6)
    wire.send("Restore.Unblock", _more=True, restore=permit["restore"],
              unblocking_code=token.puk, new_pin=pin)
    wait_for(lambda: unblockings(token), "the unblocking")
    with Stopped(lab):
        error, told = ended(wire)
        result = told[-1]
        assert (error, result["outcome"]) == ("OutcomeUnknown", "unknown"), result
        assert result["unblocking_spent"] == PERHAPS
        # Said before the cap, too: the token is still working, and must not be pulled.
        assert any(one["state"] == "overdue" for one in told), told
        assert station.call("Maintenance.Status")["unresolved_restores"] == 1
        again = station.refusal("Restore.Begin", case=permit["case"], reader=READER)
        assert again.fields["message"] and again.fields["next"]
    works_again(station, token)
    assert len(unblockings(token)) == 1, "it was sent twice"
    assert token.spent() == (0, 0) and token.counters()["pin"] == 3
    resolved = [x["what"] for x in station.lines() if x["kind"] == "restore.resolved"]
    assert [one["outcome"] for one in resolved] == ["unblocked-unproven"]
    checked = station.call(
        "KeyCheck.Check", reader=READER, pin=pin, restore=permit["restore"])
    assert checked["completed"] and checked["verdict"]["proven"]


def test_pcscd_stopped_during_a_signature_leaves_the_unblocking_as_it_is(behind):
    lab, station, token = behind
    permit = station.begin(token)
    token.fault("ins=87,kind=slow:1500")
    wire = station.wire()
    wire.send("Restore.Unblock", _more=True, restore=permit["restore"],
              unblocking_code=token.puk, new_pin=code(6))
    wait_for(lambda: any(e["command"].startswith("0087") for e in token.log()), "the signature")
    with Stopped(lab):
        error, told = ended(wire)
        assert told[-1]["outcome"] == "unblocked-unproven", told[-1]
        assert told[-1]["unblocking_spent"] == NONE
    works_again(station, token)
    assert len(unblockings(token)) == 1 and token.counters()["pin"] == 3


def test_a_stopped_pcscd_keeps_no_agent_from_starting_and_none_from_ending(behind):
    lab, station, token = behind
    with Stopped(lab):
        assert station.stop() == 0
        station.start()
        assert station.call("Maintenance.Status")["pid"] == station.pid
        refusal = station.refusal("Devices.Inspect", reader=READER)
        assert refusal.fields["message"] and refusal.fields["next"]
        assert station.stop() == 0
        station.start()
    works_again(station, token)
    assert station.restore(token)["outcome"] == "restored"


# An agent that is killed.

def restarted(station):
    station.kill()
    station.verify()
    station.start()


def arrived(station):
    """The one reader's name, once its token was seen."""
    found = station.wait_for(
        lambda readers: any(r["state"] == "present" for r in readers), "the token again")
    return next(r["name"] for r in found if r["state"] == "present")


def test_a_kill_during_a_hand_overs_key_check_loses_no_case_and_no_try(counter, chance):
    for n in range(ROUNDS):
        token = counter.token("--key", "9a=p256", "--serial", 2000 + n, *NAMED)
        taken = counter.call("Cases.Receive", form=form(
            token.number, kind="hand-over", number=f"{n}/UBND", permission="7/QĐ-UBND"))
        [number] = taken["cases"]
        wire = Wire(counter.socket)
        wire.send("KeyCheck.Check", reader=token.reader, pin=token.pin, case=number)
        until = time.monotonic() + chance.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        restarted(counter)
        wire.close()
        assert token.spent() == (0, 0), n
        listed = [c["case"] for c in counter.call("Cases.List")["cases"]]
        assert len(listed) == len(set(listed)) == n + 1
        assert case(counter, number)["state"] == "open", n
        reader = arrived(counter)
        checked = counter.call("KeyCheck.Check", reader=reader, pin=token.pin, case=number)
        assert checked["verdict"]["proven"] and checked["pin_spent"] == NONE
        counter.call("Cases.Record", case=number)
        assert counter.refusal("Cases.Record", case=number).name == "ActRefused"
        token.quit()
        counter.wait_for(lambda rs: not rs, "an empty place")
    recorded = [x for x in counter.lines() if x["kind"] == "case.recorded"]
    assert len(recorded) == ROUNDS
    assert counter.call("Journal.Verify")["good"] is True


def test_a_kill_in_the_signature_of_a_key_check_is_on_record(counter):
    token = counter.token("--key", "9a=p256", *NAMED)
    [number] = counter.call("Cases.Receive", form=form(
        token.number, kind="hand-over", permission="7/QĐ-UBND"))["cases"]
    token.fault("ins=87,kind=slow:2000")
    with counter.dial() as wire:
        wire.send("KeyCheck.Check", reader=token.reader, pin=token.pin, case=number)
        wait_for(lambda: any(e["command"].startswith("0087") for e in token.log()), "it")
        restarted(counter)
    kinds = counter.kinds()
    assert kinds.count("keycheck.intent") == kinds.count("keycheck.outcome") == 1
    [end] = [x["what"] for x in counter.lines() if x["kind"] == "keycheck.outcome"]
    assert end["reasons"] == ["interrupted"] and not end.get("proven"), end
    assert token.spent() == (0, 0)
    # Nothing was proven: the case waits, and its key has to prove itself.
    assert case(counter, number)["state"] == "open"
    assert counter.refusal("Cases.Record", case=number).name == "ActRefused"
    token.clear_faults()
    assert counter.call("KeyCheck.Check", reader=arrived(counter), pin=token.pin, case=number)[
        "verdict"]["proven"]
    counter.call("Cases.Record", case=number)


def test_a_kill_while_a_request_is_completed_loses_none_and_doubles_none(counter, chance):
    for n in range(ROUNDS):
        devices = (f"4{n:03}0001", f"4{n:03}0002")
        short = form(*devices, number=f"{n}/UBND")
        short["contact"]["personal_number"] = ""
        taken = counter.call("Cases.Receive", form=short)
        assert not taken["valid"]
        whole = form(*devices, number=f"{n}/UBND", received="2026-08-21T08:00:00+07:00")
        wire = Wire(counter.socket)
        wire.send("Cases.Complete", request=taken["request"], form=whole)
        until = time.monotonic() + chance.uniform(0, 0.006)
        while time.monotonic() < until:
            pass
        restarted(counter)
        wire.close()
        states = [case(counter, number)["state"] for number in taken["cases"]]
        assert states in (["incomplete"] * 2, ["open"] * 2), (n, states)
        completed = [x for x in counter.lines() if x["kind"] == "request.completed"]
        # Whoever lost the answer asks again.
        try:
            again = counter.call("Cases.Complete", request=taken["request"], form=whole)
            assert again["cases"] == taken["cases"] and states[0] == "incomplete"
        except Refusal as refusal:
            assert states[0] == "open", refusal
            assert refusal.name in ("RequestKnown", "ActRefused"), refusal
        assert [case(counter, number)["state"] for number in taken["cases"]] == ["open"] * 2
        assert len(completed) == n + (states[0] == "open")
        assert len(counter.call("Cases.List")["cases"]) == 2 * (n + 1)
        shown = counter.call("Cases.GetRequest", request=taken["request"])["form"]
        assert shown["contact"]["personal_number"] == "•••••••••123"
    completed = [x for x in counter.lines() if x["kind"] == "request.completed"]
    assert len(completed) == ROUNDS
    counter.verify()


# Slow clients.

BUDGETS = {name: 9000 for name in ("connect", "read", "write", "sign", "reset", "hard_cap")}


def message(method, **parameters):
    return json.dumps({"method": "vn.tokenstation." + method, "parameters": parameters}).encode()


def test_a_response_that_comes_byte_by_byte_is_taken_and_stops_nobody(make_station):
    station = make_station(settings={"budgets_ms": BUDGETS})
    token = Attached(station, "--locked", "--key", "ksc=p256")
    permit = station.begin(token)
    challenge = token.challenge(permit)
    with station.dial() as wire:
        for byte in message("Restore.Respond", restore=permit["restore"], new_pin=code(6),
                            response=answer(challenge["challenge"])) + b"\0":
            wire.raw(bytes([byte]))
            assert station.call("Maintenance.Status")["pid"] == station.pid
        assert wire.result()["result"]["outcome"] == "restored"
    assert token.spent() == (0, 0)


@pytest.mark.parametrize("stalls", ["in the middle", "before its end"])
def test_a_response_that_never_ends_holds_no_token_beyond_its_time(make_station, stalls):
    station = make_station(settings={"budgets_ms": {**BUDGETS, "response": 700}})
    token = Attached(station, "--locked", "--key", "ksc=p256")
    permit = station.begin(token)
    challenge = token.challenge(permit)
    whole = message("Restore.Respond", restore=permit["restore"], new_pin=code(6),
                    response=answer(challenge["challenge"]))
    cut = len(whole) // 2 if stalls == "in the middle" else len(whole)
    with station.dial() as wire, station.dial() as follower:
        follower.send("Restore.Attach", _more=True, restore=permit["restore"])
        wire.raw(whole[:cut])
        error, told = ended(follower)
        assert told[-1]["reason"] == "challenge-expired", told[-1]
        # Its end comes too late: what became of the challenge is said, and nothing is sent.
        try:
            wire.raw(whole[cut:] + b"\0")
            reply = wire.reply()
        except (BrokenPipeError, ConnectionResetError):
            reply = None
        if reply:
            assert reply["parameters"]["result"]["reason"] == "challenge-expired", reply
    assert not [e for e in token.log() if e["command"] == "002C0280"]
    assert token.spent() == (0, 0)
    assert token.by_response(station.begin(token), code(6))["outcome"] == "restored"


# tokenctl, killed.

def tokenctl(station, *words):
    return subprocess.Popen(
        [program("tokenctl"), "--socket", station.socket, *words], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def restores(station, state):
    return [r for r in station.call("Restore.List")["restores"] if r["state"] == state]


def test_tokenctl_killed_before_the_codes_is_in_nobodys_way(station):
    """Its permit runs out by itself; whoever begins anew gives it back before."""
    token = station.locked()
    number = station.open_case(token.number)
    one = tokenctl(station, "restore", "--case", number)
    wait_for(lambda: restores(station, "permitted"), "the permit")
    one.kill()
    one.communicate()
    assert case(station, number)["state"] == "in-progress"
    [left] = restores(station, "permitted")
    assert station.restore(token)["outcome"] == "restored"
    assert restores(station, "permitted") == []
    late = station.refusal("Restore.Unblock", restore=left["restore"],
                           unblocking_code=token.puk, new_pin=code(6))
    assert late.name == "PermitInvalid"
    assert len(unblockings(token)) == 1 and token.spent() == (0, 0)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_tokenctl_killed_in_the_middle_of_the_unblocking(station, how):
    token = station.locked()
    number = station.open_case(token.number)
    token.fault("ins=2C,kind=slow:1500")
    one = tokenctl(station, "restore", "--case", number)
    one.stdin.write(f"{token.puk}\n{code(6)}\n")
    one.stdin.close()
    wait_for(lambda: unblockings(token), "the unblocking")
    one.send_signal(how)
    one.stdout.read()
    assert one.wait(timeout=60) != 0
    [restore] = [r["restore"] for r in station.call("Restore.List")["restores"]]
    other = tokenctl(station, "restores", "follow", restore)
    said, _ = other.communicate(timeout=60)
    assert other.returncode == 0 and "restored" in said, said
    assert len(unblockings(token)) == 1 and token.spent() == (0, 0)
    assert case(station, number)["state"] == "restored"


def test_tokenctl_killed_at_any_moment_of_a_restore(station, chance):
    for n in range(ROUNDS):
        token = station.locked("--serial", 3000 + n)
        number = station.open_case(token.number)
        one = tokenctl(station, "restore", "--case", number)
        one.stdin.write(f"{token.puk}\n{code(6)}\n")
        one.stdin.close()
        time.sleep(chance.uniform(0, 0.15))
        one.kill()
        one.stdout.read()
        one.wait(timeout=60)
        wait_for(lambda: not restores(station, "running"), "the end of it")
        assert token.spent() == (0, 0)
        sent = len(unblockings(token))
        state = case(station, number)["state"]
        # In progress: a permit that nobody will use.
        assert (state, sent) in (("open", 0), ("in-progress", 0), ("restored", 1)), (n, state)
        assert (token.counters()["pin"] > 0) == (state == "restored")
        token.leave()
    station.verify()
    assert station.call("Maintenance.Status")["unresolved_restores"] == 0
