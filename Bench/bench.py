#!/usr/bin/env python3
"""The measurements of ./bench. Each stands beside a reference taken in the same run."""

import os
import pathlib
import platform
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "Tests" / "integration")]

from pcscd_lab import PcscLab, as_root  # noqa: E402
from agent import Agent, Inside, family, memory, quantile, times, wakeups  # noqa: E402

RELEASE = pathlib.Path(os.environ.get("BENCH_RELEASE", ROOT / ".build" / "release"))
TOOLS = pathlib.Path(os.environ.get("BENCH_TOOLS", ROOT / ".build" / "bench"))
PROGRAMS = ["token-agent", "kiosk-shell", "tokenctl", "virtual-token"]
SELECT = "00A4040009A0000003080000100000"
GET_DATA = "00CB3FFF055C035FC10200"
PUK, PIN = "12345678", "482913"

rows = []


def row(what, measured, against, ratio):
    rows.append((what, measured, against, ratio))
    print(f"  {what}: {measured} | {against} | {ratio}", file=sys.stderr, flush=True)


def micro(nanoseconds):
    return f"{nanoseconds / 1000:.1f} µs"


def milli(seconds):
    return f"{seconds * 1000:.1f} ms"


def ratio(mine, theirs):
    return f"{mine / theirs:.2f}"


# One command through the agent's session.

PROCESSOR = max(os.sched_getaffinity(0))
HERE_ALONE = ["taskset", "-c", PROCESSOR]


def keep(pids, processors):
    """Where threads run weighs more than what is measured: both sides stay on one processor."""
    for pid in pids:
        subprocess.run([*as_root(), "taskset", "-a", "-p", "-c", str(processors), str(pid)],
                       check=True, stdout=subprocess.DEVNULL)


def apdus(lab, token):
    bare, mine = [], []
    others = [lab.pcscd_pid(), *family(token.process.pid)]
    keep(others, PROCESSOR)
    for _ in range(20):
        for program, found in (([TOOLS / "transmit"], bare),
                               ([RELEASE / "StationBench", "apdu"], mine)):
            found += times([*HERE_ALONE, *program, lab.reader(0), 100, SELECT, GET_DATA],
                           env=lab.env)
    keep(others, ",".join(map(str, os.sched_getaffinity(0))))
    for name, offset in (("SELECT", 0), ("GET DATA of the CHUID", 1)):
        for label, part in (("p50", 0.5), ("p99", 0.99)):
            one, other = quantile(mine[offset::2], part), quantile(bare[offset::2], part)
            row(f"{name} through a card session, {label}", micro(one),
                f"{micro(other)} bare SCardTransmit in C", ratio(one, other))


# A whole restore.

RESTORES = 40


def piv(lab, *words, env=None):
    return lab.run("yubico-piv-tool", "-r", lab.reader(0), *words, env=env)


class Tally:
    """What one side took, and how much of it in calls of PC/SC and in flushes to the disk."""

    def __init__(self, inside):
        self.inside = inside
        self.wall, self.card, self.disk, self.own = [], [], [], []
        self.commands = self.flushes = 0

    def add(self, spans):
        calls = self.inside.calls(spans)
        card = [took for name, took in calls if name.startswith("SCard")]
        disk = [took for name, took in calls if not name.startswith("SCard")]
        self.commands = sum(name == "SCardTransmit" for name, _ in calls)
        self.flushes = len(disk)
        self.wall.append(sum(last - first for first, last in spans) / 1e9)
        self.card.append(sum(card))
        self.disk.append(sum(disk))
        self.own.append(self.wall[-1] - self.card[-1] - self.disk[-1])


def by_tool(lab, env, certificate):
    began = time.monotonic_ns()
    piv(lab, "-a", "unblock-pin", "-P", PUK, "-N", PIN, env=env)
    piv(lab, "-a", "verify-pin", "-P", PIN, env=env)
    signed = piv(lab, "-a", "verify-pin", "-P", PIN, "-a", "test-signature", "-s", "9c",
                 "-i", certificate, env=env)
    ended = time.monotonic_ns()
    assert "Successful ECDSA verification" in signed, signed
    return [(began, ended)]


def by_agent(client, reader, number):
    """The spans of Open, Begin and Unblock, and the result."""
    spans = []
    case = client.call(
        "Cases.Open", request_number=f"{number}/SKHCN", managing_body="Sở Khoa học và Công nghệ Hải Phòng",
        holder="Nguyễn Thị Ánh", device_number="12345678")["case"]
    spans.append((client.began, client.ended))
    permit = client.call("Restore.Begin", case=case, reader=reader)["permit"]
    spans.append((client.began, client.ended))
    result = client.call("Restore.Unblock", restore=permit["restore"], unblocking_code=PUK,
                         new_pin=PIN)["result"]
    spans.append((client.began, client.ended))
    assert result["outcome"] == "restored", result
    return spans, result


def restores(lab, token, folder, disk):
    tool = Tally(Inside(TOOLS / "inside.so", folder / "tool", lab.env))
    inside = Inside(TOOLS / "inside.so", folder / "agent-calls", lab.env)
    agent = Agent(RELEASE / "token-agent", folder / "restores", env=inside.env, state=disk)
    certificate = lab.folder / "9c.pem"
    certificate.write_text(piv(lab, "-a", "read-certificate", "-s", "9c"))
    # The whole, and its last call alone: both look at the same log.
    whole, unblock = Tally(inside), Tally(Inside(TOOLS / "inside.so", inside.log, lab.env))
    parts, steps = {}, {}
    agent.start()
    client = agent.connect()
    everywhere = os.sched_getaffinity(0)
    others = [lab.pcscd_pid(), agent.pid, *family(token.process.pid)]
    try:
        settle(lab, client)
        keep(others, PROCESSOR)
        os.sched_setaffinity(0, {PROCESSOR})
        for number in range(RESTORES):
            token.lock()
            tool.add(by_tool(lab, tool.inside.env, certificate))
            token.lock()
            spans, result = by_agent(client, lab.reader(0), number)
            whole.add(spans)
            unblock.add(spans[2:])
            for name, (first, last) in zip(("Open", "Begin", "Unblock"), spans):
                parts.setdefault(name, []).append((last - first) / 1e9)
            for step in result["steps"]:
                steps.setdefault(step["name"], []).append(step["time_us"])
    finally:
        os.sched_setaffinity(0, everywhere)
        keep(others, ",".join(map(str, everywhere)))
        client.close()
        agent.stop()

    def compare(what, mine, theirs, words):
        one, other = quantile(mine, 0.5), quantile(theirs, 0.5)
        row(what, milli(one), f"{milli(other)} {words}", ratio(one, other))

    three = "yubico-piv-tool, three runs"
    compare("a whole restore over the socket (Open, Begin, Unblock), p50",
            whole.wall, tool.wall, three)
    compare("  the same without its flushes to the disk, p50",
            [wall - disk for wall, disk in zip(whole.wall, whole.disk)], tool.wall, three)
    compare("  of that, Unblock: read, unblock, verify, sign, cold reset, read, p50",
            unblock.wall, tool.wall, three)
    compare("station's own time in a restore: not in PC/SC, not the disk, p50",
            whole.own, tool.own, "yubico-piv-tool's own")
    compare("  of that, Unblock, p50", unblock.own, tool.own, "yubico-piv-tool's own")

    def inner(name, tally):
        flushed = (f", {tally.flushes} flushes to the disk in "
                   f"{milli(quantile(tally.disk, 0.5))}" if tally.flushes else "")
        return (f"{name}: {tally.commands} commands, all calls of PC/SC "
                f"{milli(quantile(tally.card, 0.5))}{flushed}")
    called = ", ".join(f"{name} {milli(quantile(all, 0.5))}" for name, all in parts.items())
    return [
        f"Restores measured: {RESTORES}. Calls of one, p50: {called}",
        "Steps of Unblock, p50: " + ", ".join(
            f"{name} {quantile(all, 0.5) / 1000:.2f} ms" for name, all in steps.items()),
        inner("A whole restore", whole), inner("Unblock", unblock), inner(three, tool)]


def settle(lab, client):
    """The agent sees the readers a moment after it is ready."""
    PcscLab.wait(
        lambda: any(reader["name"] == lab.reader(0) and reader["state"] == "present"
                    for reader in client.call("Devices.ListReaders")["readers"]),
        "the token")


def growth(lab, token, folder):
    """State in memory: what the disk does is no part of this."""
    agent = Agent(RELEASE / "token-agent", folder / "growth", env=lab.env)
    agent.start()
    client = agent.connect()
    try:
        settle(lab, client)
        held = []
        for number in range(1100):
            if number in (100, 600):
                held.append(memory([agent.pid])[0])
            token.lock()
            by_agent(client, lab.reader(0), number)
        held.append(memory([agent.pid])[0])
    finally:
        client.close()
        agent.stop()
    for what, one, after, other in (("1,000", held[2], "100", held[0]),
                                    ("1,000", held[2], "500", held[1])):
        row(f"token-agent, resident after {what} restores", f"{one / 1024:.1f} MiB",
            f"{other / 1024:.1f} MiB after {after}", ratio(one, other))


# Deadlines.

ROUNDS, ROUND = 200, 10


def deadlines(lab, token):
    """Twice as many loaders as processors, of ordinary priority, and a card that answers each
    command later than its step lasts. In short rounds, so that some are free of what the
    hypervisor does."""
    count = len(os.sched_getaffinity(0))
    loaders = [subprocess.Popen(["chrt", "-o", "0", sys.executable, "-c", "while True: pass"])
               for _ in range(2 * count)]
    token.fault("every,kind=slow:8")
    rounds = []
    try:
        for _ in range(ROUNDS):
            stolen, *theirs = times([TOOLS / "late", ROUND])
            also, *mine = times(
                [RELEASE / "StationBench", "deadline", lab.reader(0), ROUND, SELECT], env=lab.env)
            rounds.append((mine, theirs, stolen + also == 0))
    finally:
        token.clear_faults()
        for loader in loaders:
            loader.kill()
            loader.wait()

    def compare(what, rounds, part):
        one, other = (quantile([t for found in rounds for t in found[side]], part)
                      for side in (0, 1))
        row(what, micro(one), f"{micro(other)} bare SCHED_FIFO sleep in C", ratio(one, other))

    title = f"answer after its deadline, all {count} processors loaded"
    for label, part in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
        compare(f"{title}, {label}", rounds, part)
    excess = quantile([quantile(mine, 0.5) - quantile(theirs, 0.5) for mine, theirs, _ in rounds],
                      0.5)
    sleep = quantile([quantile(theirs, 0.5) for _, theirs, _ in rounds], 0.5)
    row("  each round's p50 above the sleep's, p50 of the rounds", micro(excess),
        f"{micro(sleep)} the sleep's", ratio(excess, sleep))
    free = [found for found in rounds if found[2]]
    where = f"in the {len(free)} of {ROUNDS} rounds without steal"
    for label, part in (("p99", 0.99), ("p99.9", 0.999)):
        if free:
            compare(f"  {where}, {label}", free, part)
        else:
            row(f"  {where}, {label}", "-", "-", "-")


# Socket calls.

def calls(agent):
    client = agent.connect()
    reply = len(client.raw("Devices.ListReaders")) + 1
    client.close()
    message = '{"method":"vn.tokenstation.Devices.ListReaders","parameters":{}}'
    path = str(TOOLS / "echo.sock")
    pathlib.Path(path).unlink(missing_ok=True)
    echo = subprocess.Popen([TOOLS / "echo", path, str(reply)])
    try:
        PcscLab.wait(lambda: os.path.exists(path), "the echo server")
        for connections in (1, 8):
            mine, theirs = [], []
            is_alone = connections == 1
            keep([agent.pid, echo.pid], PROCESSOR if is_alone else
                 ",".join(map(str, os.sched_getaffinity(0))))
            for _ in range(15):
                for target, found in ((path, theirs), (agent.socket, mine)):
                    found.append(times([*(HERE_ALONE if is_alone else []), TOOLS / "calls",
                                        target, 4000, connections, message]))
            label = "one connection" if is_alone else f"{connections} connections at once"
            one, other = (4000e9 / quantile([run[0] for run in found], 0.5)
                          for found in (mine, theirs))
            row(f"ListReaders calls a second, {label}", f"{one:,.0f}",
                f"{other:,.0f} bare echo in C, {reply} bytes", ratio(one, other))
            for part, name in ((0.5, "p50"), (0.99, "p99")):
                one, other = (quantile([t for run in found for t in run[1:]], part)
                              for found in (mine, theirs))
                row(f"  each call, {name}", micro(one), f"{micro(other)} bare echo in C",
                    ratio(one, other))
    finally:
        echo.kill()
        echo.wait()


# At rest.

def on_terminal(command, env=None):
    """Starts a program on a terminal of 80 by 24; its pid, and the other side of the terminal."""
    import fcntl
    import struct
    import termios
    pid, terminal = pty.fork()
    if pid == 0:
        # Its size must stand before the program asks for it.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execve(command[0], command, dict(env or os.environ, TERM="xterm-256color"))
    return pid, terminal


def in_terminal(command, env):
    """The same with what it paints read away; its pid, and what stops it."""
    pid, terminal = on_terminal(command, env)

    def drain():
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass
    threading.Thread(target=drain, daemon=True).start()

    def stop():
        os.kill(pid, signal.SIGHUP)
        os.waitpid(pid, 0)
        os.close(terminal)
    return pid, stop


def typed(command, keys, count):
    """The times from a key to what it paints, of a program on a terminal of its own; a generator
    that gives `count` of them a turn."""
    import select

    def wait(seconds):
        if not select.select([terminal], [], [], seconds)[0]:
            return False
        os.read(terminal, 65536)
        return True

    pid, terminal = on_terminal(command)
    try:
        time.sleep(2)
        while wait(0.5):
            pass
        while True:
            times = []
            for number in range(count):
                began = time.monotonic_ns()
                os.write(terminal, keys[number % len(keys)])
                if wait(1):
                    times.append(time.monotonic_ns() - began)
                while wait(0.002):
                    pass
            yield times
    finally:
        os.kill(pid, signal.SIGHUP)
        os.waitpid(pid, 0)
        os.close(terminal)


def keys(agent):
    client = agent.connect()
    for number in range(3):
        client.call("Cases.Open", request_number=f"{number}/UBND", managing_body="UBND phường",
                   holder="Nguyễn Văn An", device_number=f"9900{number}")
    client.close()
    shell = typed([str(RELEASE / "kiosk-shell"), "--socket", agent.socket],
                  [b"\x1b[B", b"\x1b[A"], 100)
    bash = typed(["/bin/bash", "--norc", "-i"], [b"a", b"\x7f"], 100)
    mine, theirs = [], []
    for _ in range(8):
        theirs += next(bash)
        mine += next(shell)
    bash.close()
    shell.close()
    for label, part in (("p50", 0.5), ("p99", 0.99)):
        one, other = quantile(mine, part), quantile(theirs, part)
        row(f"kiosk-shell: key to paint, {label}", micro(one), f"{micro(other)} bash",
            ratio(one, other))


def rest(lab, agent):
    shell, stop_shell = in_terminal(
        [str(RELEASE / "kiosk-shell"), "--socket", agent.socket], os.environ)
    bash, stop_bash = in_terminal(["/bin/bash", "--norc", "-i"], os.environ)
    try:
        time.sleep(3)
        who = {"agent": [agent.pid], "shell": family(shell), "bash": [bash],
               "pcscd": [lab.pcscd_pid()]}
        before = {name: wakeups(pids) for name, pids in who.items()}
        time.sleep(10)
        woken = {name: (wakeups(pids) - before[name]) / 10 for name, pids in who.items()}
        held = {name: memory(pids) for name, pids in who.items()}
    finally:
        stop_shell()
        stop_bash()
    for name, other in (("agent", "pcscd"), ("shell", "bash")):
        title = "token-agent" if name == "agent" else f"kiosk-shell ({len(who[name])} processes)"
        for index, kind in ((0, "resident"), (1, "proportional (PSS)")):
            one, two = held[name][index], held[other][index]
            row(f"{title}, idle: {kind}", f"{one / 1024:.1f} MiB", f"{two / 1024:.1f} MiB {other}",
                ratio(one, two))
        row(f"{title}, idle: wake-ups a second", f"{woken[name]:.1f}",
            f"{woken[other]:.1f} {other}",
            ratio(woken[name], woken[other]) if woken[other] else "-")


# Starting.

def starts(folder, env):
    mine, theirs = [], []
    true = shutil.which("true")
    for number in range(15):
        began = time.monotonic()
        os.waitpid(os.posix_spawn(true, [true], os.environ), 0)
        theirs.append(time.monotonic() - began)
        agent = Agent(RELEASE / "token-agent", folder / f"start-{number}", env=env)
        mine.append(agent.start())
        agent.stop()
    one, other = quantile(mine, 0.5), quantile(theirs, 0.5)
    row("token-agent from exec to READY=1, new journal, p50", milli(one),
        f"{milli(other)} true from exec to exit", ratio(one, other))


# The journal.

def journal(folder):
    mine, theirs = [], []
    probe = times([RELEASE / "StationBench", "journal", folder / "probe", 20])
    count = max(50, min(500, int(1e9 / max(quantile(probe, 0.5), 1))))
    for number in range(6):
        # In turns and in small portions: the disk is everybody's.
        state = folder / f"journal-{number}"
        mine += times([RELEASE / "StationBench", "journal", state, count])
        length = len((state / "journal.ndjson").read_bytes().splitlines()[-1]) + 1
        theirs += times([TOOLS / "append", folder / f"append-{number}", count, length])
    one, other = (1e9 * len(found) / sum(found) for found in (mine, theirs))
    row("journal lines a second, each on the disk", f"{one:,.0f}",
        f"{other:,.0f} bare write and fdatasync in C, {length} bytes", ratio(one, other))
    for part, name in ((0.5, "p50"), (0.99, "p99")):
        one, other = quantile(mine, part), quantile(theirs, part)
        row(f"  each line, {name}", micro(one), f"{micro(other)} the same", ratio(one, other))


LINES = 1_000_000


def long_journal(memory_folder, env):
    """In memory, so that the disk has no part in it."""
    state = memory_folder / "long"
    subprocess.run([RELEASE / "StationBench", "grow", state, str(LINES)], check=True)
    file = state / "journal.ndjson"
    size = file.stat().st_size
    hashed, checked, whole, short = [], [], [], []

    def start(found, number):
        agent = Agent(RELEASE / "token-agent", memory_folder / f"agent-{number}", pcsc=False,
                      env=env, state=state)
        found.append(agent.start())
        held = memory([agent.pid])[0]
        agent.stop()
        return held

    for number in range(3):
        (state / "journal.snapshot").unlink(missing_ok=True)
        began = time.monotonic()
        subprocess.run(["openssl", "dgst", "-sha256", file], check=True,
                       stdout=subprocess.DEVNULL)
        hashed.append(time.monotonic() - began)
        checked += [t / 1e9 for t in times([RELEASE / "StationBench", "verify", state])]
        held = start(whole, number)
        (state / "journal.snapshot").unlink(missing_ok=True)
        wrote = times([RELEASE / "StationBench", "snapshot", state])[0]
        start(short, number + 3)
    cases = times([RELEASE / "StationBench", "start", state])[1]
    kept = (state / "journal.snapshot").stat().st_size
    against = f"{milli(quantile(hashed, 0.5))} openssl dgst of the file"
    for what, found in (
            (f"check of a journal of {LINES:,} lines ({size / 1e6:.0f} MB)", checked),
            ("token-agent from exec to READY=1 on that journal, no snapshot", whole),
            ("  with a snapshot", short)):
        row(what, milli(quantile(found, 0.5)), against,
            ratio(quantile(found, 0.5), quantile(hashed, 0.5)))
    return (f"{LINES:,} lines of {size / LINES:.0f} bytes, {cases:,} cases. A snapshot has "
            f"{kept / cases:.0f} bytes a case and is written in {milli(wrote / 1e9)}; the agent "
            f"holds {held * 1024 / cases:.0f} bytes a case, code and all.")


# Sizes.

def sizes():
    reference = os.stat("/bin/bash").st_size
    lines = []
    for name in PROGRAMS:
        size = os.stat(RELEASE / name).st_size
        stripped = TOOLS / (name + ".stripped")
        subprocess.run(["strip", "-o", stripped, RELEASE / name], check=True)
        row(f"{name}, file size (stripped)",
            f"{size / 1e6:.1f} MB ({stripped.stat().st_size / 1e6:.1f} MB)",
            f"{reference / 1e6:.1f} MB bash (stripped)",
            ratio(stripped.stat().st_size, reference))
        stripped.unlink()
        text = subprocess.run(["ldd", RELEASE / name], capture_output=True, text=True).stdout
        libraries = re.findall(r"^\s*(?:/\S*/)?(\S+?)\.so", text, re.M)
        lines.append(f"{name} needs {', '.join(sorted(set(libraries) - {'linux-vdso'}))}")
    return lines


def table():
    head = ("what", "measured", "against", "ratio")
    widths = [max(len(line[i]) for line in [head] + rows) for i in range(4)]
    for line in [head, tuple("-" * w for w in widths)] + rows:
        print(" | ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def machine():
    model = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text(), re.M)
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    swift = re.search(r"Swift version (\S+)", swift)
    load = os.getloadavg()[0]
    return ", ".join([
        time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), f"{os.cpu_count()} cores",
        model.group(1) if model else platform.machine(), system.group(1) if system else "Linux",
        f"Linux {platform.release()}", f"Swift {swift.group(1)}" if swift else "Swift",
        f"load {load:.1f} at the start"])


def main():
    os.environ["VIRTUAL_TOKEN"] = str(RELEASE / "virtual-token")
    began = time.monotonic()
    where = machine()
    disk = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=TOOLS))
    memory_folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir="/dev/shm"))
    notes = []
    try:
        with PcscLab() as lab:
            token = lab.attach("--stay", "--key", "9a=p256", "--key", "9c=p256")
            apdus(lab, token)
            notes += restores(lab, token, memory_folder, disk / "restores")
            growth(lab, token, memory_folder)
            deadlines(lab, token)
            agent = Agent(RELEASE / "token-agent", memory_folder / "agent", env=lab.env,
                          state=disk / "state")
            agent.start()
            try:
                client = agent.connect()
                settle(lab, client)
                client.close()
                calls(agent)
                rest(lab, agent)
                keys(agent)
            finally:
                agent.stop()
            starts(disk, lab.env)
        journal(disk)
        notes.append(long_journal(memory_folder, os.environ))
        notes += sizes()
    finally:
        shutil.rmtree(disk, ignore_errors=True)
        shutil.rmtree(memory_folder, ignore_errors=True)
    print(f"On {where}\n")
    table()
    print("\n" + "\n".join(notes))
    print(f"\nMeasured in {time.monotonic() - began:.0f} s. A ratio below 1 is less than the "
          "reference takes or does, above 1 more.")


if __name__ == "__main__":
    main()
