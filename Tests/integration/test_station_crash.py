"""Nothing done is lost or unclear: kill -9 at any moment, a disk that is full, a journal that
cannot be written."""

import random
import subprocess
import time

import pytest

from pcscd_lab import as_root, tool
from station import Wire, code

RESTORES = 60


def test_kill_at_any_moment_of_a_restore(make_station):
    """The journal verifies each time, the next start says what is not known, and the token's own
    counters prove what it finds out."""
    seed = random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    station = make_station()
    outcomes = {}
    folder = station.folder
    for n in range(RESTORES):
        # A token that stays in its place, in a process of its own, over the agent's end.
        token = station.locked("--serial", 1000 + n)
        permit = station.begin(token)
        wire = Wire(station.socket)
        wire.send("Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk,
                  new_pin=code(6))
        # From before the first command to after the last: a restore takes some 10 ms.
        until = time.monotonic() + chance.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        station.kill()
        wire.close()
        unlocked = token.counters()["pin"] > 0
        station.verify()

        station.start()
        unresolved = station.call("Maintenance.Status")["unresolved_restores"]
        listed = [r for r in station.call("Restore.List")["restores"]
                  if r["restore"] == permit["restore"]]
        kinds = [x for x in station.lines() if x.get("what", {}).get("restore") == permit["restore"]]
        intended = any(x["kind"] == "restore.intent" for x in kinds)
        ended = [x["what"]["outcome"] for x in kinds
                 if x["kind"] in ("restore.outcome", "restore.interrupted")]
        if unlocked:
            assert intended, (seed, n)
        if listed:
            assert listed[0]["outcome"] == "unknown"
            station.wait_for(lambda rs: any(r.get("atr") for r in rs), "the token again")
            [reader] = [r["name"] for r in station.readers() if r.get("atr")]
            station.inspect(reader)
            resolved = [x for x in station.lines() if x["kind"] == "restore.resolved"
                        and x["what"]["restore"] == permit["restore"]]
            assert resolved, (seed, n)
            assert resolved[-1]["what"]["outcome"] == (
                "unblocked-unproven" if unlocked else "failed"), (seed, n)
            outcomes["resolved"] = outcomes.get("resolved", 0) + 1
            assert unresolved >= 1
        else:
            assert unlocked == (ended[-1:] in (["restored"], ["unblocked-unproven"])), (
                seed, n, kinds)
            outcomes[str(ended[-1:])] = outcomes.get(str(ended[-1:]), 0) + 1
        assert station.call("Maintenance.Status")["unresolved_restores"] == 0, (seed, n)
        token.quit()
        station.wait_for(lambda rs: not rs, "an empty place")
    print(outcomes)
    station.verify()
    assert station.call("Journal.Verify")["good"] is True


# A disk of its own.

TINY = 256 * 1024


@pytest.fixture
def tiny(tmp_path):
    """A small file system of the test's own, in a mount namespace that the agent enters."""
    disk = tmp_path / "disk"
    disk.mkdir()
    holder = subprocess.Popen(
        [*as_root(), tool("unshare"), "-m", "--propagation", "private", "sh", "-c",
         f'mount -t tmpfs -o size={TINY},mode=0755 tmpfs "{disk}" && echo mounted && exec cat'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "mounted\n"
    pid = holder.pid
    # Below sudo.
    while True:
        comm = open(f"/proc/{pid}/comm").read().strip()
        children = open(f"/proc/{pid}/task/{pid}/children").read().split()
        if comm == "cat" or not children:
            break
        pid = int(children[0])

    class Disk:
        path = disk / "state"
        inside = [*as_root(), tool("nsenter"), "-m", "-t", str(pid), "--"]

        def run(self, script):
            subprocess.run([*self.inside, "sh", "-c", script], check=True)

        def fill(self):
            subprocess.run(
                [*self.inside, "sh", "-c", f'cat /dev/zero >"{disk}/filler" 2>/dev/null; '
                 f'dd if=/dev/zero bs=1 count=4096 >>"{disk}/filler" 2>/dev/null; true'])

        def free(self):
            self.run(f'rm -f "{disk}/filler"')

        def read_only(self, yes):
            self.run(f'mount -o remount,{"ro" if yes else "rw"} "{disk}"')

        def journal(self):
            return subprocess.run(
                [*self.inside, "sh", "-c", f'cat "{disk}"/state/journal*.ndjson'],
                capture_output=True, text=True).stdout

    yield Disk()
    holder.stdin.close()
    holder.wait()


def started(make_station, tiny, **more):
    return make_station(state=tiny.path, wrapper=tiny.inside, **more)


def test_a_full_disk_before_the_intent_spends_nothing(make_station, tiny):
    station = started(make_station, tiny)
    token = station.locked()
    permit = station.begin(token)
    tiny.fill()
    result = station.unblock(permit, token.puk, code(6))
    assert result["reason"] == "journal-unavailable"
    assert result["unblocking_spent"] == {"least": 0, "most": 0}
    assert token.spent() == (0, 0)
    assert not any(e["command"].startswith("002C") for e in token.log())
    assert station.refusal(
        "Cases.Open", request_number="1", managing_body="b", holder="h",
        device_number="d").name == "JournalUnavailable"
    tiny.free()
    assert station.restore(token)["outcome"] == "restored"
    assert station.call("Journal.Verify")["good"] is True


def test_a_disk_that_fills_after_the_intent_keeps_the_outcome(make_station, tiny):
    station = started(make_station, tiny)
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    wire = station.wire()
    wire.send("Restore.Unblock", _more=True, restore=permit["restore"], unblocking_code=token.puk,
              new_pin=code(6))
    while True:
        result = wire.result()["result"]
        if result["step"] == "unblock":
            break
    tiny.fill()
    while result["state"] != "finished":
        result = wire.result()["result"]
    assert result["outcome"] == "restored"
    assert result["journal_seq"] > 0
    outcome = tiny.journal().splitlines()[result["journal_seq"] - 1]
    assert '"outcome":"restored"' in outcome and permit["restore"] in outcome
    tiny.free()
    assert station.call("Journal.Verify")["good"] is True
    case = station.call("Cases.Get", case=permit["case"])["case"]
    assert case["state"] == "restored"


def test_a_read_only_disk_stops_before_the_card_and_recovers(make_station, tiny):
    station = started(make_station, tiny)
    token = station.locked()
    case = station.open_case(token.number)
    # The agent holds the journal open for writing: a bind of the folder is what can be made
    # read-only under it.
    token.leave()
    station.stop()
    tiny.read_only(True)
    station.start()
    assert "read-only" in station.call("Maintenance.Status")["journal_problem"]
    again = station.locked()
    refusal = station.refusal("Restore.Begin", reader=again.reader, case=case)
    assert refusal.name == "JournalUnavailable"
    assert again.spent() == (0, 0)
    again.leave()
    tiny.read_only(False)
    station.wait_told(f"STATUS=serving {station.socket}")
    again = station.locked()
    # The case that was open, with nothing done in it.
    assert station.open_case(again.number) == case
    assert station.restore(again)["outcome"] == "restored"
    assert station.call("Cases.Get", case=case)["case"]["state"] == "restored"


@pytest.mark.parametrize("damage,wrong", [("append", 8), ("remove", 3), ("change", 3)])
def test_a_damaged_journal_is_named_and_nothing_is_done(station, damage, wrong):
    token = station.locked()
    assert station.restore(token)["outcome"] == "restored"
    token.lock()
    station.stop()
    path = station.journal
    lines = path.read_bytes().splitlines(keepends=True)
    if damage == "append":
        path.write_bytes(b"".join(lines) + b'{"seq":99}\n')
    elif damage == "remove":
        path.write_bytes(b"".join(lines[:2] + lines[3:]))
    else:
        changed = lines[2].replace(b'"seq":3,"time":"2', b'"seq":3,"time":"3')
        path.write_bytes(b"".join([*lines[:2], changed, *lines[3:]]))
    damaged = path.read_bytes()
    station.start()
    assert f"journal.ndjson: line {wrong} " in station.errors()
    assert any(said.startswith("STATUS=read-only: ") for said in station.told)
    refusal = station.refusal(
        "Cases.Open", request_number="1", managing_body="b", holder="h", device_number="d")
    assert refusal.name == "JournalUnavailable"
    station.stop()
    assert path.read_bytes() == damaged
    path.write_bytes(b"".join(lines))
    station.start()
    station.wait_for_card(token.reader)
    assert station.restore(token)["outcome"] == "restored"


def test_a_journal_damaged_under_us_is_shown_and_stops_the_writer(station):
    token = station.locked()
    permit = station.begin(token)
    with open(station.journal, "a") as file:
        file.write('{"seq":1}\n')
    result = station.unblock(permit, token.puk, code(6))
    assert result["reason"] == "journal-unavailable"
    assert token.spent() == (0, 0)
    verified = station.call("Journal.Verify")
    assert verified["good"] is False and verified["first_bad"] == 5
    head = station.call("Journal.Head")
    assert head["writable"] is False and head["problem"]
    assert station.refusal(
        "Cases.Open", request_number="1", managing_body="b", holder="h",
        device_number="d").name == "JournalUnavailable"


def test_a_torn_last_line_is_set_aside_and_reported(station):
    token = station.locked()
    assert station.restore(token)["outcome"] == "restored"
    station.kill()
    path = station.journal
    before = path.read_bytes()
    path.write_bytes(before + b'{"seq":8,"time":"2026-')
    station.start()
    station.wait_for_card(token.reader)
    assert path.read_bytes().startswith(before)
    station.verify()
    assert station.call("Journal.Verify")["good"] is True
    again = station.locked("--serial", "5")
    assert station.restore(again)["outcome"] == "restored"
