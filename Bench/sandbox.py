#!/usr/bin/env python3
"""The measurements of ./bench --sandbox: the agent as its unit confines it beside the same unit
without the lines that confine, both started by systemd, in turns.

A systemd of its own runs in a container (systemd-nspawn) on a copy-on-write view of this machine's
root; nothing of the machine changes. With "inside" as its first word it is the part in there.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "Tests" / "integration")]

import bench  # noqa: E402
import confined  # noqa: E402
from agent import Client, memory, quantile, times  # noqa: E402
from confined import SOCKET, STATE, systemctl  # noqa: E402
from pcscd_lab import as_root  # noqa: E402

UNITS = ["token-agent", "token-holders@", "token-kiosk", "token-kiosk-display"]
TURNS, CALLS, RESTORES = 15, 2000, 4
SERVICE = confined.SYSTEM / "token-agent.service"
# What a unit says besides of what its program may do.
WORKING = re.compile(
    r"(Type|User|SupplementaryGroups|Exec(Start|StartPre|Reload)|WatchdogSec|Timeout\w+|"
    r"Restart\w*|Limit\w+|Environment|UMask|\w+Directory|\w+DirectoryMode|TTY\w+|Standard\w+)=")


def unit(name):
    return (ROOT / "systemd" / f"{name}.service").read_text()


def bare(text):
    """The unit without the lines that confine."""
    section, kept = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and not WORKING.match(line):
            continue
        kept.append(line)
    return "\n".join(kept) + "\n"


# In the container.

def started(text):
    """Starts the agent by this unit, on a new record: its process and the seconds it took."""
    SERVICE.write_text(text)
    systemctl("daemon-reload")
    systemctl("stop", "token-agent.socket", "token-agent.service")
    shutil.rmtree(STATE, ignore_errors=True)
    systemctl("start", "token-agent.service")
    began, ended = "ExecMainStartTimestampMonotonic", "ActiveEnterTimestampMonotonic"
    shown = confined.shown("token-agent.service", "MainPID", began, ended)
    return int(shown["MainPID"]), (int(shown[ended]) - int(shown[began])) / 1e6


def turn(lab, token, text):
    """One start of the agent and what it does then."""
    # A service of this type counts as started with its exec.
    _, until_exec = started(text.replace("Type=notify", "Type=exec"))
    pid, took = started(text)
    found = {"start": took, "exec": until_exec,
             "confinement": confined.confinement(pid), "whole": []}
    client = Client(SOCKET)
    everywhere = os.sched_getaffinity(0)
    try:
        bench.settle(lab, client)
        bench.keep([pid], bench.PROCESSOR)
        message = '{"method":"vn.tokenstation.Devices.ListReaders","parameters":{}}'
        found["calls"] = times(
            [*bench.HERE_ALONE, bench.TOOLS / "calls", SOCKET, CALLS, 1, message])[1:]
        os.sched_setaffinity(0, {bench.PROCESSOR})
        for number in range(RESTORES):
            token.lock()
            spans, _ = bench.by_agent(client, lab.reader(0), number)
            found["whole"].append(sum(last - first for first, last in spans) / 1e9)
        found["memory"] = memory([pid])
    finally:
        os.sched_setaffinity(0, everywhere)
        client.close()
    return found


def inside(share):
    turns = {"confined": [], "bare": []}
    with confined.HereLab() as lab:
        token = lab.attach("--stay", "--key", "9a=p256", "--key", "9c=p256")
        bench.keep([lab.process.pid, token.process.pid], bench.PROCESSOR)
        for _ in range(TURNS):
            turns["confined"].append(turn(lab, token, unit("token-agent")))
            turns["bare"].append(turn(lab, token, bare(unit("token-agent"))))
    (share / "found.json").write_text(json.dumps(turns))


# Around it.

def measured():
    share = pathlib.Path(tempfile.mkdtemp(prefix="sandbox-", dir=bench.TOOLS))
    try:
        confined.install(share, bench.RELEASE / "token-agent")
        confined.run(
            share, pathlib.Path(__file__).resolve(), [ROOT, bench.RELEASE, bench.TOOLS],
            f"BENCH_RELEASE={bench.RELEASE} BENCH_TOOLS={bench.TOOLS} "
            f"VIRTUAL_TOKEN={bench.RELEASE}/virtual-token")
        return json.loads((share / "found.json").read_text())
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
    finally:
        subprocess.run([*as_root(), "rm", "-rf", share], check=True)


def exposure(text, name):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{name}.service"
        path.write_text(text)
        said = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", path],
                              capture_output=True, text=True).stdout
    return float(re.search(r"level for .*: ([0-9.]+)", said).group(1))


def table(turns):
    kept, free = turns["confined"], turns["bare"]
    version = subprocess.run(["systemctl", "--version"], capture_output=True, text=True).stdout
    for name in UNITS:
        one, other = exposure(unit(name), name), exposure(bare(unit(name)), name)
        bench.row(f"{name}.service, how exposed (systemd {version.split()[1]})", f"{one}",
                  f"{other} without what confines", bench.ratio(one, other))

    def compare(what, pick, part, words):
        one, other = (quantile([value for found in side for value in pick(found)], part)
                      for side in (kept, free))
        bench.row(what, words(one), f"{words(other)} unconfined", bench.ratio(one, other))

    def size(kilobytes):
        return f"{kilobytes / 1024:.1f} MiB"
    compare("token-agent from fork to READY=1, p50", lambda found: [found["start"]], 0.5,
            bench.milli)
    compare("  of that, systemd until the exec, p50", lambda found: [found["exec"]], 0.5,
            bench.milli)
    for label, part in (("p50", 0.5), ("p99", 0.99)):
        compare(f"ListReaders, one connection, {label}", lambda found: found["calls"], part,
                bench.micro)
    compare("a whole restore over the socket (Open, Begin, Unblock), p50",
            lambda found: found["whole"], 0.5, bench.milli)
    for index, kind in ((0, "resident"), (1, "proportional (PSS)")):
        compare(f"token-agent after {RESTORES} restores: {kind}, p50",
                lambda found, index=index: [found["memory"][index]], 0.5, size)


def said(turns):
    """What the kernel said of both in each turn; it must differ, or nothing was compared."""
    lines = []
    for name, label in (("confined", "Confined"), ("bare", "Unconfined")):
        kinds = [json.loads(kind) for kind in
                 {json.dumps(found["confinement"]) for found in turns[name]}]
        if len(kinds) != 1 or (kinds[0]["filters"] > 0) != (name == "confined"):
            sys.exit(f"bench: the {name} agent was not that: {kinds}")
        kind = kinds[0]
        lines.append(f"{label}: {kind['capabilities']} capabilities, {kind['filters']} filters of "
                     f"system calls, {'' if kind['no_new_privileges'] else 'not '}no-new-privileges"
                     f", {'mounts of its own' if kind['mounts'] else 'the mounts of everybody'}")
    return lines


def main():
    if sys.argv[1:2] == ["inside"]:
        inside(pathlib.Path(sys.argv[2]))
        return
    began = time.monotonic()
    where = bench.machine()
    turns = measured()
    table(turns)
    print(f"On {where}\n")
    bench.table()
    print("\n" + "\n".join(said(turns)))
    print(f"\nMeasured in {time.monotonic() - began:.0f} s, {TURNS} starts of each in turns.")


if __name__ == "__main__":
    main()
