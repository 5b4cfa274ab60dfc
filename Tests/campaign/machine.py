"""What a counter does to a machine: disks that are full, read-only or slow, clocks that jump, too
few descriptors, too little memory."""

import contextlib
import datetime
import mmap
import os
import pathlib
import resource
import struct
import subprocess
import tempfile
import time

from calls import strace
from counter import BODY, HOLDER, SERIAL, Counter
from counter_day import ZONE, after
from kills import later
from pcscd_lab import ROOT, tool
from station import Refusal

ROOM = 4 << 20


class Disk:
    """A small file system in a mount namespace that the agent enters."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="campaign-disk-")
        self.holder = subprocess.Popen(
            [tool("unshare"), "-m", "--propagation", "private", "sh", "-c",
             f'mount -t tmpfs -o size={ROOM},mode=0755 tmpfs {self.folder} && echo there && '
             "exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "there\n":
            raise RuntimeError("no file system can be mounted here")
        self.inside = [tool("nsenter"), "-m", "-t", str(self.holder.pid), "--"]
        self.state = pathlib.Path(self.folder) / "state"
        # The same from outside.
        self.seen = pathlib.Path(f"/proc/{self.holder.pid}/root{self.state}")

    def run(self, script):
        subprocess.run([*self.inside, "sh", "-c", script], check=True)

    def fill(self):
        filler = self.seen.parent / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def free(self):
        (self.seen.parent / "filler").unlink(missing_ok=True)

    def close(self):
        self.holder.stdin.close()
        self.holder.stdout.close()
        self.holder.wait()
        os.rmdir(self.folder)


class DiskCounter(Counter):
    """A counter whose record lies on a disk of its own."""

    def __init__(self, sheet, chance, disk):
        super().__init__(sheet, chance, state=disk.state, wrapper=disk.inside)
        self.disk, self.state = disk, disk.seen

    def __enter__(self):
        super().__enter__()
        # Read and verified from outside.
        self.station.state = self.state
        return self


@contextlib.contextmanager
def disk_counter(sheet, chance):
    disk = Disk()
    try:
        with DiskCounter(sheet, chance, disk) as counter:
            yield counter, disk
    finally:
        disk.close()


def full(sheet, chance, rounds):
    """The disk is full from a random moment of a restore on, until it is over."""
    with disk_counter(sheet, chance) as (counter, disk):
        token = counter.token("--serial", SERIAL)
        longest = counter.undisturbed(token)
        for _ in range(rounds):
            counter.visit(token, later(counter, longest, disk.fill), settle=disk.free)
            sheet.faults += 1
        counter.undisturbed(token)


def read_only(sheet, chance, rounds):
    """The disk is read-only when the agent starts: it shows what there is, and records nothing."""
    with disk_counter(sheet, chance) as (counter, disk):
        token = counter.token("--serial", SERIAL)
        for _ in range(rounds):
            counter.undisturbed(token)
            (counter.station.stop if chance.random() < 0.5 else counter.kill)()
            disk.run(f'mount -o remount,ro "{disk.folder}"')
            counter.station.start()
            try:
                counter.station.call(
                    "Cases.Open", request_number="1", managing_body="b", holder="h",
                    device_number="3")
                sheet.note("wrong answers", "a case is open with a record that cannot be written")
            except Refusal as refused:
                if refused.name != "JournalUnavailable":
                    sheet.note("wrong answers", str(refused))
            status = counter.station.call("Maintenance.Status")
            if "read-only" not in (status["journal_problem"] or ""):
                sheet.note("wrong answers", "the status does not say that nothing is recorded")
            counter.kill()
            disk.run(f'mount -o remount,rw "{disk.folder}"')
            counter.mine = True
            counter.revive()
            counter.at_rest()
            sheet.faults += 1
        counter.undisturbed(token)


def slow(sheet, chance, rounds):
    """Each flush takes up to a second and a half."""
    with Counter(sheet, chance) as counter:
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        output = counter.station.folder / "slow"
        for _ in range(rounds):
            delay = chance.choice([20, 100, 500, 1500]) * 1000
            visit = counter.visit(token, lambda: strace(
                output, "-f", "-p", str(counter.station.pid), "-e", "trace=fdatasync,fsync",
                "-e", f"inject=fdatasync,fsync:delay_exit={delay}"))
            counter.expect_undisturbed(visit)
            sheet.faults += 1


# Clocks.


class Clock:
    """A wall clock that the campaign sets, for the processes started with its environment."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="campaign-clock-"))
        shim, offset = self.folder / "clock.so", self.folder / "offset"
        subprocess.run(
            [tool("cc"), "-shared", "-fPIC", "-O1", "-o", shim,
             ROOT / "Tests/integration/counter_clock.c"], check=True)
        offset.write_bytes(struct.pack("q", 0))
        self.environment = {"LD_PRELOAD": str(shim), "COUNTER_CLOCK": str(offset)}
        with open(offset, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 8)

    def set(self, moment):
        self.shared[:] = struct.pack("q", int(moment.timestamp() * 1e9) - time.time_ns())

    def close(self):
        self.shared.close()
        subprocess.run(["rm", "-rf", str(self.folder)])


ZONES = ["Asia/Ho_Chi_Minh", "UTC", "Pacific/Kiritimati", "America/Los_Angeles", ":broken"]
# A Monday morning; and the evening before a swapped Monday and two holidays.
MOMENTS = [datetime.datetime(2026, 8, 24, 9, tzinfo=ZONE),
           datetime.datetime(2026, 8, 28, 23, 59, 58, tzinfo=ZONE)]


def clock(sheet, chance, rounds):
    """The clock jumps both ways in the middle of restores, the zone of the system is any; each
    line says that the clock was stepped, and due dates are those of Việt Nam's days."""
    clock = Clock()
    try:
        environment = {**clock.environment, "TZ": ZONES[0]}
        with Counter(sheet, chance, environment=environment,
                     settings={"calendars": str(ROOT / "config/calendars")}) as counter:
            token = counter.token("--serial", SERIAL)
            clock.set(MOMENTS[0])
            longest = counter.undisturbed(token)
            for _ in range(rounds):
                zone = chance.choice(ZONES)
                if zone != environment["TZ"]:
                    # The zone leaps over night.
                    counter.station.environment["TZ"] = environment["TZ"] = zone
                    counter.station.stop()
                    counter.station.start()
                    counter.at_rest()
                moment = chance.choice(MOMENTS)
                clock.set(moment)
                jump = chance.choice([-1, 1]) * chance.choice([3, 3600, 86400, 400 * 86400])
                jumped = moment + datetime.timedelta(seconds=jump)
                visit = counter.visit(
                    token, later(counter, longest, lambda: clock.set(jumped)))
                counter.expect_undisturbed(visit)
                sheet.faults += 1
                # The jump may have come behind the restore's last line.
                note(counter, chance)
                lines = counter.last + counter.record.read()
                if not any(line["clock"] == "stepped" for line in lines):
                    sheet.note("events lost", f"a jump of {jump} s is not on record")
                clock.set(moment)
                # Of the line behind a jump the station does not know the day.
                note(counter, chance)
                judge_due(counter, sheet, chance, moment, zone)
    finally:
        clock.close()


def note(counter, chance):
    """Any line in the record."""
    counter.ask("Cases.Open", request_number="46/SYT", managing_body=BODY, holder=HOLDER,
                device_number=str(chance.randrange(10**8, 10**9)))


def judge_due(counter, sheet, chance, moment, zone):
    number = str(chance.randrange(10**8, 10**9))
    paper = counter.ask("Cases.Receive", form={
        "kind": "restore", "request_number": number, "managing_body": BODY,
        "contact": {
            "name": "Trần Thị Mẫu", "personal_number": "031000000123", "issued_on": "01/02/2022",
            "issued_at": "Cục Cảnh sát", "position": "Chuyên viên", "workplace": BODY,
            "mobile": "0900000001"},
        "devices": [{"device_number": number, "certificate_name": HOLDER, "workplace": BODY,
                     "mail": "anhnt@haiphong.gov.vn"}]}).reply
    if not paper:
        return sheet.note("wrong answers", "a request was not taken in")
    shown = {c["case"]: c for c in counter.ask("Cases.ListDue").reply["cases"]}
    due = shown[paper["cases"][0]].get("due") or {}
    # The clock runs on: just before midnight either day is right.
    days = {(moment + datetime.timedelta(seconds=s)).date() for s in (0, 5)}
    if due.get("date") not in {after(day, 1).isoformat() for day in days}:
        sheet.note("wrong answers", f"due {due} for {moment}, zone {zone}")


# Too little of something.


def descriptors(sheet, chance, rounds):
    """No more descriptors than are open, or a few more, for the length of a restore."""
    with Counter(sheet, chance) as counter:
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        for _ in range(rounds):
            counter.visit(token, limited(
                counter, resource.RLIMIT_NOFILE,
                lambda pid: len(os.listdir(f"/proc/{pid}/fd")) + chance.randrange(4)))
            sheet.faults += 1
        counter.undisturbed(token)


def memory(sheet, chance, rounds):
    """No more address space than is in use, or a little more, for the length of a restore. A
    limit of a control group would end the agent from outside, which is kill -9; this one makes
    its own calls fail. Swift ends a program that gets no memory: that is counted as an end."""
    with Counter(sheet, chance) as counter:
        counter.may_end = True
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        for _ in range(rounds):
            counter.visit(token, limited(
                counter, resource.RLIMIT_AS,
                lambda pid: size(pid) + chance.choice([0, 4096, 16384, 65536, 262144, 1 << 20])))
            sheet.faults += 1
        counter.undisturbed(token)


def size(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]) * 4096


def limited(counter, kind, most):
    @contextlib.contextmanager
    def limiting():
        pid = counter.station.pid
        _, hard = before = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (most(pid), hard))
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, kind, before)

    return limiting
