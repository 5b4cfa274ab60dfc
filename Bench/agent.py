"""An agent of one's own, and as much of a client as measuring takes."""

import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time


class Agent:
    """A running token-agent with its folder, from exec to SIGTERM."""

    def __init__(self, program, folder, pcsc=True, env=None, state=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket = str(self.folder / "agent.sock")
        user = os.getuid()
        configuration = {
            "mode": "training", "socket": self.socket, "state": str(state or self.folder / "state"),
            "readers": {"pcsc": pcsc, "virtual": str(self.folder / "virtual.sock")},
            "roles": {role: {"users": [user]} for role in ("counter", "technician", "auditor")},
        }
        path = self.folder / "agent.json5"
        path.write_text(json.dumps(configuration))
        self.command = [str(program), "--config", str(path)]
        self.env = dict(env or os.environ)

    def start(self):
        """Starts it and returns the seconds from exec to READY=1."""
        notify = str(self.folder / "notify.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            pathlib.Path(notify).unlink(missing_ok=True)
            ready.bind(notify)
            ready.settimeout(60)
            began = time.monotonic()
            self.pid = os.posix_spawn(
                self.command[0], self.command, dict(self.env, NOTIFY_SOCKET=notify))
            while b"READY=1" not in ready.recv(4096):
                pass
            return time.monotonic() - began

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)

    def connect(self):
        return Client(self.socket)


class Client:
    """Varlink: a JSON object and a NUL each way."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.rest = b""

    def raw(self, method, **parameters):
        message = {"method": "vn.tokenstation." + method, "parameters": parameters}
        message = json.dumps(message).encode() + b"\0"
        self.began = time.monotonic_ns()
        self.socket.sendall(message)
        while b"\0" not in self.rest:
            part = self.socket.recv(65536)
            if not part:
                raise RuntimeError("the agent hung up")
            self.rest += part
        self.ended = time.monotonic_ns()
        reply, self.rest = self.rest.split(b"\0", 1)
        return reply

    def call(self, method, **parameters):
        """One call; `began` and `ended` are its first byte's and its last one's time."""
        reply = json.loads(self.raw(method, **parameters))
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply}")
        return reply["parameters"]

    def close(self):
        self.socket.close()


class Inside:
    """The calls of PC/SC and the flushes to the disk of programs with inside.so in them."""

    RECORD = struct.Struct("qq24s16s")
    HEAD = 16

    def __init__(self, library, log, env):
        self.log = log
        self.env = dict(env, LD_PRELOAD=str(library), INSIDE_LOG=str(log))
        self.seen = 0

    def calls(self, spans):
        """(name, seconds) of each new call that began in one of the spans (nanoseconds); those
        of the agent's watcher, which waits for readers beside them, are left out."""
        data = pathlib.Path(self.log).read_bytes()
        count = struct.unpack_from("q", data)[0]
        if self.HEAD + count * self.RECORD.size > len(data):
            raise RuntimeError(f"{self.log} is full")
        new = data[self.HEAD + self.seen * self.RECORD.size:self.HEAD + count * self.RECORD.size]
        self.seen = count
        calls = []
        for began, took, name, thread in self.RECORD.iter_unpack(new):
            if thread.startswith(b"pcsc-hotplug"):
                continue
            if any(first <= began < last for first, last in spans):
                calls.append((name.rstrip(b"\0").decode(), took / 1e9))
        return calls


def times(command, **more):
    """What a program printed, as numbers."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return [int(line) for line in done.stdout.split()]


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def read_as_root(path):
    """The agent lets nobody look into it but root."""
    if os.geteuid() == 0:
        return pathlib.Path(path).read_text()
    return subprocess.run(["sudo", "-n", "cat", path], capture_output=True, text=True).stdout


def memory(pids):
    """Resident and proportional kilobytes of some processes."""
    rss = pss = 0
    for pid in pids:
        try:
            rollup = read_as_root(f"/proc/{pid}/smaps_rollup")
        except OSError as error:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            raise RuntimeError(f"process {pid} ended meanwhile: {status[:60]}") from error
        rss += int(re.search(r"^Rss:\s+(\d+)", rollup, re.M).group(1))
        pss += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1))
    return rss, pss


def wakeups(pids):
    """How often the threads of some processes went to sleep since they began."""
    total = 0
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            status = pathlib.Path(f"/proc/{pid}/task/{task}/status").read_text()
            total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M).group(1))
    return total


def family(pid):
    """A process and its children."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [one for child in children for one in family(int(child))]
