"""No code is left in the agent: not in its memory, nor in anything it writes."""

import pathlib
import subprocess
import sys

import pytest

from pcscd_lab import as_root
from station import Refusal, Wire, code, program

SCAN = pathlib.Path(__file__).with_name("mem_scan.py")
BUDGETS = {"budgets_ms": {
    "connect": 900, "read": 900, "write": 500, "sign": 900, "reset": 900, "hard_cap": 900}}


def scan(station, codes, pid=None):
    done = subprocess.run(
        [*as_root(), sys.executable, str(SCAN), str(pid or station.pid), str(station.state),
         str(station.folder / "agent.err")],
        input="\n".join(codes), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def wipe_out(station, codes):
    """The agent, asked something else, then searched: what it holds now it holds for good."""
    station.call("Maintenance.Status")
    assert scan(station, codes) == ""


@pytest.mark.parametrize("name", ["token-agent", "kiosk-shell", "tokenctl"])
def test_no_function_is_looked_up_at_its_first_call(name):
    """Such a look-up lays the vector registers down on the stack, and a code may be in them."""
    told = subprocess.run(
        ["readelf", "-d", program(name)], capture_output=True, text=True, check=True).stdout
    assert "BIND_NOW" in told


def test_the_search_finds_what_is_there(station):
    """The test can fail: a code that the agent does keep, a case's number, is found."""
    number = code(8)
    station.open_case(number)
    assert "raw of code 0" in scan(station, [number])


def test_after_a_success(station):
    token = station.locked("--key", "9a=rsa2048")
    pin = code(8)
    assert station.restore(token, pin=pin)["outcome"] == "restored"
    wipe_out(station, [token.puk, pin])
    checked = station.call("KeyCheck.Check", reader=token.reader, pin=pin)
    assert checked["verdict"]["proven"]
    wipe_out(station, [token.puk, pin])


@pytest.mark.parametrize("fault", [
    "sw:63C2", "sw:6F00", "pull-before", "pull-during", "pull-after", "reset", "mute",
    "mute-after", "slow:800"])
@pytest.mark.parametrize("ins", ["2C", "20", "87"])
def test_after_a_fault(make_station, fault, ins):
    station = make_station(settings=BUDGETS)
    token = station.locked()
    permit = station.begin(token)
    token.fault(f"ins={ins},kind={fault}")
    pin = code(8)
    station.unblock(permit, token.puk, pin)
    wire = station.wire()
    wire.send("Restore.Attach", _more=True, restore=permit["restore"])
    while True:
        reply = wire.reply()
        if reply["parameters"]["result"]["state"] == "finished":
            break
    # The card's late answer, where one is owed, lets the thread go.
    station.wait_for(
        lambda rs: not any(r["state"] in ("stuck", "busy") for r in rs), "the reader back")
    wipe_out(station, [token.puk, pin])


def test_after_wrong_codes(station):
    token = station.locked()
    wrong, pin = code(8), code(8)
    assert station.restore(token, puk=wrong, pin=pin)["error"] == "WrongUnblockingCode"
    other = station.token("--key", "9a=p256")
    wrong_pin = code(8)
    assert station.refusal("KeyCheck.Check", reader=other.reader, pin=wrong_pin).name == "WrongPIN"
    wipe_out(station, [wrong, pin, wrong_pin])


def test_after_codes_that_cannot_be(station):
    token = station.locked()
    permit = station.begin(token)
    codes = []
    for puk, pin in [(code(8), code(8) + code(4)), (code(8) + code(5), code(8)),
                     (code(8), code(7) + "é")]:
        codes += [puk, pin]
        refusal = station.refusal(
            "Restore.Unblock", restore=permit["restore"], unblocking_code=puk, new_pin=pin)
        assert refusal.name == "CodeUnfit"
    for pin in (code(8) + code(8), code(8)):
        codes.append(pin)
        station.refusal("KeyCheck.Check", reader="nobody's", pin=pin)
    wipe_out(station, codes)


def test_after_a_cancel_and_a_hang_up(station):
    codes = []
    for how in ("cancel", "hang up"):
        token = station.locked()
        permit = station.begin(token)
        token.fault("ins=A4,kind=slow:600")
        pin = code(8)
        codes += [token.puk, pin]
        wire = Wire(station.socket)
        wire.send("Restore.Unblock", _more=True, restore=permit["restore"],
                  unblocking_code=token.puk, new_pin=pin)
        while wire.result()["result"]["state"] != "running":
            pass
        if how == "cancel":
            station.call("Restore.Cancel", restore=permit["restore"])
        wire.close()
        follow = station.wire()
        follow.send("Restore.Attach", _more=True, restore=permit["restore"])
        while True:
            reply = follow.reply()
            if reply["parameters"]["result"]["state"] == "finished":
                break
        station.wait_for(lambda rs: not any(r["state"] == "busy" for r in rs), "the reader")
        assert token.spent() == (0, 0)
        token.close()
        station.wait_for(lambda rs: not rs, "an empty place")
    wipe_out(station, codes)


def test_after_messages_that_are_no_calls(station):
    """Codes in messages that are cut, malformed, or ask for what there is not."""
    codes = [code(8) for _ in range(6)]
    head = b'{"method":"vn.tokenstation.Restore.Unblock","parameters":{"restore":"r","new_pin":"'
    whole = head + codes[0].encode() + b'","unblocking_code":"' + codes[1].encode() + b'"'
    for message in [
        whole,                                # never ended
        whole + b",}}\0",                     # malformed
        whole + b',"x":1}}\0',                # an unknown member
        whole + b"}}\0",                      # no such restore
    ]:
        with Wire(station.socket) as wire:
            wire.raw(message)
            if message.endswith(b"\0"):
                wire.reply()
    for method in ("Restore.Nothing", "Nothing.Unblock", "Devices.Inspect"):
        with Wire(station.socket) as wire:
            wire.send(method, unblocking_code=codes[2], new_pin=codes[3], reader="a")
            assert "error" in wire.reply()
    wipe_out(station, codes)


def test_a_code_in_a_refused_command_is_not_kept(station):
    token = station.token("--key", "9a=p256")
    pin = code(8)
    for command in ("0020008008" + pin.encode().hex(), "0024008010" + (pin + code(8)).encode().hex(),
                    "002C008010" + (pin + code(8)).encode().hex().upper()):
        refusal = station.refusal("Maintenance.Exchange", reader=token.reader, command=command)
        assert refusal.name == "CommandRefused"
        assert pin.encode().hex() not in str(refusal.fields).lower()
    assert token.spent() == (0, 0)
    wipe_out(station, [pin])


def test_after_the_reply_of_many_restores(station):
    codes = []
    for n in range(5):
        token = station.locked("--serial", n + 1)
        pin = code(8)
        codes += [token.puk, pin]
        assert station.restore(token, pin=pin)["outcome"] == "restored"
        token.close()
        station.wait_for(lambda rs: not rs, "an empty place")
    wipe_out(station, codes)
