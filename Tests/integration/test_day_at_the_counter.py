"""A day at the counter, and the weeks behind it, played over the socket by a client that shares no
code with the station: 60 requests with 150 devices of every kind, with mistakes and late ones,
while the agent is killed at random moments and the disk is full twice. Afterwards no case is lost
and none there twice, every due date is right, the chain holds, and the report counts what the
script counted.

In CI the agent is killed 20 times. The long form, by hand:

    KILLS=200 SEED=1 python3 -m pytest -s Tests/integration/test_day_at_the_counter.py
"""

import collections
import datetime
import json
import mmap
import os
import random
import struct
import subprocess
import time

import pytest

from counter_day import DAY, ZONE, Device, Ledger, Paper, chain, lines_about
from pcscd_lab import ROOT, as_root, tool
from station import Refusal, Station, code, program

KILLS = int(os.environ.get("KILLS", "20"))
CALENDARS = str(ROOT / "config/calendars")
ROOM = 8 << 20
# Working days around a swapped Monday and two holidays; Saturday the 22nd is worked.
DAYS = [datetime.date(2026, 8, n) for n in (19, 20, 21, 22, 27, 28)] + [
    datetime.date(2026, 9, n) for n in (3, 4)]
KINDS = {"restore": 34, "hand-over": 8, "return": 8, "lost": 5, "misuse": 5}
BODIES = ["UBND phường Gia Viên", "UBND phường Hải An", "Sở Y tế", "Sở Tài chính",
          "UBND xã An Dương"]
# What an officer gives as a reason, and the code that the record and the report have of it.
REASONS = {"Văn bản đề nghị chưa có chữ ký số của cơ quan": "other",
           "token-mismatch": "token-mismatch",
           "mail-private: hộp thư của bà Mẫu": "mail-private"}


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """A wall clock that the script sets, for every process it starts."""
    shim, offset = tmp_path / "clock.so", tmp_path / "offset"
    subprocess.run(
        [tool("cc"), "-shared", "-fPIC", "-O1", "-o", shim,
         ROOT / "Tests/integration/counter_clock.c"], check=True)
    offset.write_bytes(struct.pack("q", 0))
    monkeypatch.setenv("LD_PRELOAD", str(shim))
    monkeypatch.setenv("COUNTER_CLOCK", str(offset))
    with open(offset, "r+b") as file:
        shared = mmap.mmap(file.fileno(), 8)

    def turn(day, hour):
        wanted = datetime.datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
        shared[:] = struct.pack("q", int(wanted.timestamp() * 1e9) - time.time_ns())

    yield turn
    shared.close()


@pytest.fixture
def disk(tmp_path):
    """A small file system of the day's own, in a mount namespace that the agent enters; None
    where mounting is not permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    # sudo passes no LD_PRELOAD on.
    if as_root():
        print("the disk is never full: mounting needs root")
        yield None
        return
    holder = subprocess.Popen(
        [tool("unshare"), "-m", "--propagation", "private", "sh", "-c",
         f'mount -t tmpfs -o size={ROOM},mode=0755 tmpfs "{folder}" && echo mounted && exec cat'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if holder.stdout.readline() != "mounted\n":
        print("the disk is never full: mounting is not permitted:", holder.stderr.read())
        yield None
        return

    class Disk:
        state = folder / "state"
        inside = [tool("nsenter"), "-m", "-t", str(holder.pid), "--"]

        def run(self, script, **more):
            return subprocess.run([*self.inside, "sh", "-c", script], **more)

        def fill(self):
            self.run(f'cat /dev/zero >"{folder}/filler" 2>/dev/null; '
                     f'dd if=/dev/zero bs=1 count=4096 >>"{folder}/filler" 2>/dev/null; true')

        def free(self):
            self.run(f'rm -f "{folder}/filler"', check=True)

    yield Disk()
    holder.stdin.close()
    holder.wait()


class Counter:
    """The officer: does each thing until it is done, whatever becomes of the agent meanwhile."""

    def __init__(self, station, chance, turn, disk):
        self.station, self.chance, self.turn, self.disk = station, chance, turn, disk
        self.day = None
        self.kills = collections.Counter()
        # Whether the agent dies in the middle of the next thing.
        self.dies = False

    def new_day(self, day):
        """The station is switched off over night."""
        self.day = day
        self.station.stop()
        self.turn(day, 9)
        self.station.start()

    def call(self, method, **parameters):
        """The reply, or None where the agent was killed and nobody knows what it did."""
        if not self.dies:
            return self.station.call(method, **parameters)
        self.dies = False
        wire = self.station.dial()
        wire.send(method, **parameters)
        until = time.monotonic() + self.chance.uniform(
            0, 0.03 if method.startswith("Restore") else 0.004)
        while time.monotonic() < until:
            pass
        self.station.kill()
        wire.close()
        self.station.start()
        self.kills[method] += 1
        return None

    def spared(self, method, **parameters):
        """The same, where the agent may live on until the next call."""
        dies, self.dies = self.dies, self.dies and self.chance.random() < 0.3
        reply = self.call(method, **parameters)
        if reply is not None:
            self.dies = dies
        return reply

    def case(self, device):
        return self.station.call("Cases.Get", case=device.case)["case"]

    # What comes in.

    def form(self, paper, whole=True):
        found = {
            "kind": paper.kind, "request_number": paper.number, "managing_body": paper.body,
            "received": paper.label,
            "contact": {
                "name": "Trần Thị Mẫu", "personal_number": "031000000123",
                "issued_on": "01/02/2022", "issued_at": "Cục Cảnh sát", "position": "Chuyên viên",
                "workplace": paper.body, "mobile": "0900000001"},
            "devices": [
                {"device_number": d.number, "certificate_name": "Nguyễn Thị Ánh",
                 "workplace": paper.body, "mail": "anhnt@haiphong.gov.vn"}
                for d in paper.devices],
            **paper.more}
        if not whole:
            found["contact"]["personal_number"] = "12"
        return found

    def label(self, paper):
        """The day at the counter of the document system's time label."""
        if paper.label is None:
            return self.day
        moment = datetime.datetime.fromisoformat(paper.label.replace("Z", "+00:00"))
        return moment.astimezone(ZONE).date()

    def receive(self, paper, whole=True):
        form = self.form(paper, whole)
        taken = self.call("Cases.Receive", form=form)
        if taken is None:
            # The answer is lost: asked again, the station says what it knows.
            try:
                taken = self.station.call("Cases.Receive", form=form)
            except Refusal as known:
                assert known.name == "RequestKnown", known
                taken = known.fields
        paper.request = taken["request"]
        assert len(taken["cases"]) == len(paper.devices)
        for device, number in zip(paper.devices, taken["cases"]):
            assert device.case is None
            device.case = number
            device.come(self.day, "open" if whole else "incomplete")
        paper.hand_in(self.day, self.label(paper), whole)
        again = self.station.refusal("Cases.Receive", form=form)
        assert again.name == "RequestKnown" and again.fields["request"] == paper.request

    def complete(self, paper):
        paper.label = None
        self.call("Cases.Complete", request=paper.request, form=self.form(paper))
        if self.case(paper.devices[0])["state"] == "incomplete":
            self.station.call("Cases.Complete", request=paper.request, form=self.form(paper))
        paper.hand_in(self.day, self.day, True)
        for device in paper.devices:
            device.come(self.day, "open")

    # What becomes of a device.

    def act(self, device, state, method, **parameters):
        """An act that leads to a state, once."""
        reply = self.call(method, case=device.case, **parameters)
        if reply is None and self.case(device)["state"] != state:
            self.station.call(method, case=device.case, **parameters)
        assert self.case(device)["state"] == state

    def refuse(self, device):
        reasons = self.chance.sample(sorted(REASONS), self.chance.choice((1, 2)))
        self.act(device, "refused", "Cases.Refuse", reasons=reasons)
        device.come(self.day, "refused", [REASONS[reason] for reason in reasons])

    def route(self, device):
        self.act(device, "routed", "Cases.Route", carrier="sim-pki")
        device.come(self.day, "routed")

    def close(self, device):
        self.act(device, "closed", "Cases.Close", reason="Cơ quan rút đề nghị")
        device.come(self.day, "closed", device.reasons)

    def record(self, device):
        if device.paper.kind == "hand-over":
            self.prove(device)
        self.act(device, "recorded", "Cases.Record")
        device.come(self.day, "recorded")

    def notify(self, device):
        to = "managing-body" if device.paper.kind == "restore" else "provider"
        reply = self.call("Cases.SendNotice", case=device.case, to=to, reference="45/SKHCN")
        if reply is None and self.case(device)["awaits_notice"]:
            self.station.call("Cases.SendNotice", case=device.case, to=to, reference="45/SKHCN")
        assert not self.case(device)["awaits_notice"]
        if device.paper.kind != "restore":
            device.come(self.day, "sent")

    @staticmethod
    def named(device):
        """A token that is the row's."""
        return ["--serial", device.number, "--body", device.paper.body, "--email",
                "anhnt@haiphong.gov.vn"]

    def prove(self, device):
        token = self.station.token("--key", "9a=p256", *self.named(device))
        for _ in range(2):
            reply = self.spared(
                "KeyCheck.Check", reader=token.reader, pin=token.pin, case=device.case)
            if reply:
                assert reply["verdict"]["proven"]
                break
            self.back(token)
        token.quit()
        self.station.wait_for(lambda readers: not readers, "an empty place")

    def back(self, token):
        """A token that is still in its place, for an agent that is new."""
        found = self.station.wait_for(
            lambda readers: any(r.get("atr") for r in readers), "the token again")
        [token.reader] = [r["name"] for r in found if r.get("atr")]

    def restore(self, device, wrong=False):
        """Until the device is restored; first with a mistake or two."""
        token = self.station.locked(*self.named(device))
        assert token.number == device.number
        device.come(self.day, "in-progress")
        for _ in range(6):
            permit = self.spared("Restore.Begin", case=device.case, reader=token.reader)
            if permit is None:
                self.back(token)
                continue
            if wrong:
                result = self.station.unblock(permit["permit"], "87654321", token.pin)
                assert result["outcome"] == "failed", result
                wrong = False
                continue
            reply = self.call(
                "Restore.Unblock", restore=permit["permit"]["restore"],
                unblocking_code=token.puk, new_pin=token.pin)
            if reply is None:
                self.back(token)
                # Seen again, the token says how it ended.
                self.station.inspect(token.reader)
                state = self.case(device)["state"]
                if state == "unblocked-unproven":
                    self.station.call("KeyCheck.Check", reader=token.reader, pin=token.pin,
                                      restore=permit["permit"]["restore"])
                    state = self.case(device)["state"]
                if state == "restored":
                    break
                assert state in ("failed", "open"), state
                continue
            assert reply["result"]["outcome"] == "restored", reply
            break
        assert self.case(device)["state"] == "restored"
        device.come(self.day, "restored")
        token.quit()
        self.station.wait_for(lambda readers: not readers, "an empty place")

    # The disk.

    def full_disk(self, paper, device):
        """Nothing is taken in and no code goes out while the record cannot be written."""
        before = [c["case"] for c in self.station.call("Cases.List")["cases"]]
        token = self.station.locked(*self.named(device))
        permit = self.station.begin(token, device.case)
        self.disk.fill()
        refusal = self.station.refusal("Cases.Receive", form=self.form(paper))
        assert refusal.name == "JournalUnavailable", refusal
        result = self.station.unblock(permit, token.puk, token.pin)
        if result["outcome"] == "restored":
            # The room that a killed restore had reserved was still the journal's.
            assert result["journal_seq"] > 0
            device.come(self.day, "restored")
        else:
            assert result["reason"] == "journal-unavailable" and token.spent() == (0, 0)
            # The record may have room for that line yet; else the case stands where it stood.
            if "journal_seq" in result:
                device.come(self.day, "failed")
            else:
                assert "the case stands where it stood" in result["message"], result
                device.come(self.day, device.at())
        self.disk.free()
        assert [c["case"] for c in self.station.call("Cases.List")["cases"]] == before
        token.quit()
        self.station.wait_for(lambda readers: not readers, "an empty place")

    # What is asked of the station at the end of a day.

    def check_due(self, ledger):
        """Every due date that the station shows is the script's, and none is missing."""
        shown = {c["case"]: c for c in self.station.call("Cases.ListDue")["cases"]}
        for device in ledger.devices:
            if device.case is None:
                continue
            case = shown.pop(device.case, None)
            state = device.at()
            if case is None:
                assert state in ("restored", "refused", "routed", "sent", "closed")
                continue
            assert case["state"] == state, (case, device.states)
            due, term = case.get("due"), device.term()
            if term is None:
                assert due is None, (case, device.states)
            elif term == "unconfirmed":
                assert due["term"] == "unconfirmed"
            else:
                at_once = device.paper.kind not in ("restore", "return")
                assert due["term"] == ("at-once" if at_once else "by-date"), due
                assert due["date"] == term.isoformat(), (due, device.states)
                assert due["late"] == (self.day > term), (due, self.day)
        assert not shown


def plan(chance):
    """60 requests with 150 devices; by day what is done: (what, with whom, how); and two devices
    that nothing is done with."""
    sizes = [1] * 60
    while sum(sizes) < 150:
        sizes[chance.choice([n for n in range(60) if sizes[n] < 9])] += 1
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    chance.shuffle(kinds)
    numbers = iter(range(30_000_000, 40_000_000, 7))
    steps = collections.defaultdict(list)
    papers, spare = [], []
    for n, (kind, size) in enumerate(zip(kinds, sizes)):
        first = n * 6 // 60
        day = DAYS[first]
        label = chance.choice([
            None, f"{day}T08:00:00+07:00", f"{day - DAY}T23:40:00+07:00", f"{day}T00:10:00Z",
            # The evening before in UTC, the same day at the counter.
            f"{day - DAY}T18:00:00Z"])
        more = {}
        if kind == "return":
            reason = chance.choice(["revoked", "revoked", "expired"])
            more["return_reason"] = reason
            if reason == "revoked":
                noticed = day - chance.randrange(1, 9) * DAY
                more.update(noticed=f"{noticed}T08:00:00+07:00", noticed_on=noticed)
        elif kind == "hand-over":
            more["permission"] = "7/QĐ-UBND"
        elif kind in ("lost", "misuse"):
            more["report"] = "Mất trên đường đi công tác"
        paper = Paper(kind, chance.choice(BODIES), f"{n}/UBND-VX", label, **more)
        paper.devices = [Device(paper, str(next(numbers))) for _ in range(size)]
        papers.append(paper)
        whole = n % 6 != 5
        steps[first].append(("receive", paper, whole))
        start = first
        if not whole:
            start = first + chance.choice((0, 1, 2))
            if n % 12 == 5:
                # It stays incomplete; some rows are refused or closed as they are.
                for device in paper.devices[:2]:
                    what = chance.choice(("refuse", "close")) if kind == "restore" else "close"
                    steps[start].append((what, device, None))
                continue
            steps[start].append(("complete", paper, None))
        for place, device in enumerate(paper.devices):
            if kind == "restore" and whole and place == 0 and len(spare) < 2:
                spare.append(device)
                continue
            # In time, late, or never.
            when = start + chance.choice((0, 0, 0, 1, 2, 3, 9))
            if when >= len(DAYS):
                continue
            walk(chance, steps, device, when, place)
    return papers, steps, spare


def walk(chance, steps, device, when, place):
    """What is done with a device, from a day on."""
    def later():
        return min(when + chance.choice((0, 0, 1)), len(DAYS) - 1)

    kind = device.paper.kind
    if kind != "restore":
        if place % 3 == 2:
            steps[when].append((chance.choice(("refuse", "close")), device, None))
            return
        steps[when].append(("record", device, None))
        if chance.random() < 0.8:
            steps[later()].append(("notify", device, None))
        return
    # Not every row is brought to the counter.
    fate = chance.choice(("restore", "restore", "refuse", "refuse again", "route", "close"))
    if fate in ("restore", "refuse again"):
        if fate == "refuse again":
            steps[when].append(("refuse", device, None))
            when = later()
        steps[when].append(("restore", device, chance.random() < 0.2))
    else:
        steps[when].append((fate, device, None))
    if fate != "close" and chance.random() < 0.7:
        last = later()
        steps[last].append(("notify", device, None))
        if chance.random() < 0.3:
            steps[min(last + 1, len(DAYS) - 1)].append(("close", device, None))


def report(*arguments, socket=None):
    where = ["--socket", socket] if socket else []
    done = subprocess.run(
        [program("tokenctl"), "--json", *where, "report", "--calendar", CALENDARS,
         *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def test_a_day_at_the_counter(clock, disk, tmp_path):
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
    print("seed", seed, "kills", KILLS)
    chance = random.Random(seed)
    papers, steps, spare = plan(chance)
    ledger = Ledger(papers)
    assert len(papers) == 60 and len(ledger.devices) == 150
    count = sum(map(len, steps.values()))
    dying = set(chance.sample(range(count), min(KILLS, count)))
    more = KILLS - len(dying)
    clock(DAYS[0] - DAY, 9)
    station = Station(
        settings={"calendars": CALENDARS}, state=disk and disk.state,
        wrapper=disk.inside if disk else ())
    began = time.monotonic()
    with station:
        counter = Counter(station, chance, clock, disk)
        done = 0
        for n, day in enumerate(DAYS):
            counter.new_day(day)
            if disk and n in (2, 5):
                paper = Paper("restore", BODIES[0], f"đầy {n}", None)
                paper.devices = [Device(paper, "39999999")]
                counter.full_disk(paper, spare.pop(0))
            for what, whom, how in steps[n]:
                counter.dies = done in dying
                done += 1
                if how is None:
                    getattr(counter, what)(whom)
                else:
                    getattr(counter, what)(whom, how)
            counter.check_due(ledger)
        # Kills beyond one a step hit the station at rest.
        for _ in range(more):
            station.kill()
            station.start()
        counter.check_due(ledger)
        print(f"{sum(counter.kills.values())} kills while something was done, {more} at rest, "
              f"{time.monotonic() - began:.0f} s: {dict(counter.kills)}")
        listed = [c["case"] for c in station.call("Cases.List")["cases"]]
        assert sorted(listed) == sorted(d.case for d in ledger.devices)
        assert len(set(listed)) == 150
        assert station.call("Journal.Verify")["good"] is True
        found = report(socket=station.socket)
        ledger.expect(found, DAYS[-1])
        # There is something of everything.
        done, still = found["total"]["done"], found["total"]["open"]
        assert done["in-time"] and done["late"] and still["late"]
        assert set(found["kinds"]) == set(KINDS) and len(found["bodies"]) == len(BODIES)
        first, last = DAYS[2], DAYS[5]
        ledger.expect(report("--from", first, "--to", last, socket=station.socket), last, first,
                      last)
        path = tmp_path / "journal.ndjson"
        if disk:
            copied = disk.run(f'cat "{disk.state}/journal.ndjson"', capture_output=True)
            path.write_bytes(copied.stdout)
        else:
            path.write_bytes(station.journal.read_bytes())
        lines = chain(path)
        received = [row["deviceNumber"] for line in lines if line["kind"] == "request.received"
                    for row in line["what"]["rows"]]
        assert sorted(received) == sorted(d.number for d in ledger.devices)
        for device in ledger.devices:
            told = station.call("Cases.GetHistory", case=device.case)
            assert told["earlier"] == 0
            # A paper handed in once more names its request, and not the cases it changes.
            history = [(h["seq"], h["kind"]) for h in told["history"]
                       if h["kind"] != "request.completed"]
            assert history == lines_about(device.case, lines), device.case
        own = report(path)
        for key in ("total", "kinds", "bodies", "refusals", "restores", "requests"):
            assert own[key] == found[key], key
