"""A training station of one's own: token-agent and simulated tokens in a private folder.

    with Station() as station:
        token = station.token("--key", "9a=p256", "--locked")
        result = station.restore(token)
        assert result["outcome"] == "restored"

Nothing here sleeps: readiness is what the agent tells by NOTIFY_SOCKET, readers are what Watch
tells.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from pcscd_lab import ROOT, Token, as_root, tool, virtual_token

PATIENCE = float(os.environ.get("PATIENCE", "30"))
NAMESPACE = "vn.tokenstation."


def program(name):
    return str(pathlib.Path(os.environ.get("STATION_BIN", ROOT / ".build" / "debug")) / name)


def code(length=8):
    """A code that nobody used before and no list of common ones has."""
    while True:
        digits = "".join(random.SystemRandom().choice("0123456789") for _ in range(length))
        if len(set(digits)) >= 4 and digits not in "01234567890123456789 09876543210987654321":
            return digits


class Refusal(Exception):
    """An error reply: its name, short and in full, and its fields."""

    def __init__(self, reply):
        self.full = reply["error"]
        self.name = self.full.split(".")[-1]
        self.fields = reply.get("parameters", {})
        super().__init__(f"{self.full} {self.fields}")


class Wire:
    """One connection, by hand: JSON objects with a NUL behind each."""

    def __init__(self, path, timeout=PATIENCE):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.held = b""

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, method, _more=False, _oneway=False, **parameters):
        message = {"method": NAMESPACE + method if not method.startswith("org.") else method,
                   "parameters": parameters}
        if _more:
            message["more"] = True
        if _oneway:
            message["oneway"] = True
        self.raw(json.dumps(message).encode() + b"\0")

    def reply(self):
        """The next reply as it is; None where the other end hung up."""
        while b"\0" not in self.held:
            try:
                part = self.socket.recv(1 << 16)
            except ConnectionResetError:
                return None
            if not part:
                return None
            self.held += part
        message, self.held = self.held.split(b"\0", 1)
        return json.loads(message)

    def result(self):
        """The parameters of the next reply; raises Refusal where it is an error."""
        reply = self.reply()
        if reply is None:
            raise EOFError("the agent hung up")
        if "error" in reply:
            raise Refusal(reply)
        return reply["parameters"]

    def call(self, method, **parameters):
        self.send(method, **parameters)
        return self.result()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class StationToken(Token):
    """A simulated token on the station's socket for virtual tokens."""

    def __init__(self, station, folder, arguments, pin, puk):
        self.pin, self.puk = pin, puk
        self.folder = folder
        before = station.insertions()
        super().__init__(
            [virtual_token(), "--attach", station.virtual, "--stay", "--pin", pin, "--puk", puk,
             *map(str, arguments)], folder, None, station)
        self.reader = self.arrived(before)
        self._number = None

    def arrived(self, before):
        """The reader of a token put in since `before` (Station.insertions) was asked."""
        found = []

        def is_new(readers):
            found[:] = [r["name"] for r in readers
                        if r.get("atr") and before.get(r["name"]) != r["insertion"]]
            return bool(found)

        self.lab.wait_for(is_new, "the token's reader")
        return found[0]

    @property
    def number(self):
        """The device number the token goes by."""
        if self._number is None:
            self._number = self.lab.inspect(self.reader)["device_numbers"][0]
        return self._number

    def pull(self):
        self.control("pull")
        self.lab.wait_for(
            lambda readers: all(r["name"] != self.reader for r in readers), "the pull")

    def insert(self):
        before = self.lab.insertions()
        self.control("insert")
        self.reader = self.arrived(before)

    def gone(self):
        """Waits until a planned pull has taken it away."""
        self.lab.wait_for(
            lambda readers: all(r["name"] != self.reader for r in readers), "the pull")

    def renew(self):
        """Takes it out, whatever became of its connection, and puts it in again."""
        self.control("clear-faults")
        try:
            self.pull()
        except RuntimeError:
            self.gone()
        self.insert()

    def leave(self):
        """Ends it, and waits until its reader is gone."""
        self.close()
        self.gone()

    def spent(self):
        """Tries spent since it was made: of the PIN, of the PUK."""
        counters = self.counters()
        return counters["pinSpent"], counters["pukSpent"]


class Station:
    def __init__(self, pcsc=None, settings=None, wrapper=(), state=None, environment=None):
        self.pcsc = pcsc
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="station-", dir="/tmp"))
        self.socket = str(self.folder / "agent.sock")
        self.virtual = str(self.folder / "virtual.sock")
        self.state = pathlib.Path(state) if state else self.folder / "state"
        self.wrapper = list(wrapper)
        self.environment = environment or {}
        self.tokens = []
        self.wires = []
        self.process = None
        everybody = {"users": [os.getuid()]}
        self.settings = {
            "mode": "training", "socket": self.socket, "state": str(self.state),
            "readers": {"pcsc": pcsc is not None, "virtual": self.virtual},
            "profiles": str(ROOT / "config/profiles"),
            "roles": {name: everybody for name in ("counter", "technician", "auditor")},
            **(settings or {})}
        if os.getuid() != 0 and self.wrapper:
            self.settings["socket_group"] = str(os.getgid())

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for wire in self.wires:
            wire.close()
        for token in self.tokens:
            token.close()
        self.kill()
        subprocess.run([*as_root(), "rm", "-rf", str(self.folder)])

    def start(self):
        config = self.folder / "agent.json5"
        config.write_text(json.dumps(self.settings, indent=1))
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.folder / "notify"
        path.unlink(missing_ok=True)
        notify.bind(str(path))
        self.notify = notify
        self.told = []
        environment = {
            **os.environ, "NOTIFY_SOCKET": str(path), "SWIFT_BACKTRACE": "enable=no",
            **self.environment}
        if self.pcsc:
            environment["PCSCLITE_CSOCK_NAME"] = self.pcsc.socket
        with open(self.folder / "agent.err", "a") as errors:
            self.process = subprocess.Popen(
                [*self.wrapper, program("token-agent"), "--config", str(config)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, env=environment)
        self.wait_told("READY=1")
        return self

    def wait_told(self, word, timeout=PATIENCE):
        """Waits for a word to the service manager."""
        end = time.monotonic() + timeout
        while True:
            self.notify.settimeout(0.2)
            try:
                said = self.notify.recv(4096).decode().split("\n")
                self.told += said
                if word in said:
                    return
            except TimeoutError:
                if self.process.poll() is not None:
                    raise RuntimeError(
                        f"token-agent ended with {self.process.returncode}: {self.errors()}")
                if time.monotonic() > end:
                    raise RuntimeError(f"token-agent never said {word}: {self.errors()}")

    @property
    def pid(self):
        """The agent's own, below what wraps it."""
        pid = self.process.pid
        while pathlib.Path(f"/proc/{pid}/comm").read_text().strip() != "token-agent":
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pid = int(children[0])
        return pid

    def stop(self):
        """SIGTERM, as a service manager does; the exit status."""
        self.process.terminate()
        status = self.process.wait(timeout=PATIENCE)
        self.process = None
        return status

    def kill(self):
        if self.process and self.process.poll() is None:
            if self.wrapper:
                try:
                    subprocess.run([*as_root(), "kill", "-9", str(self.pid)])
                except (OSError, IndexError):
                    pass
            self.process.kill()
            self.process.wait()
        self.process = None

    def errors(self):
        return (self.folder / "agent.err").read_text()

    # The socket.

    def dial(self, timeout=PATIENCE):
        return Wire(self.socket, timeout)

    def wire(self, timeout=PATIENCE):
        wire = self.dial(timeout)
        self.wires.append(wire)
        return wire

    def call(self, method, **parameters):
        with self.dial() as wire:
            return wire.call(method, **parameters)

    def refusal(self, method, **parameters):
        """The error a call must get."""
        try:
            got = self.call(method, **parameters)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"{method} was answered: {got}")

    def readers(self):
        return self.call("Devices.ListReaders")["readers"]

    def insertions(self):
        """Each reader's name, and the number of its latest insertion."""
        return {r["name"]: r["insertion"] for r in self.readers()}

    def wait_for(self, condition, what, timeout=PATIENCE):
        """Waits, by Watch, until a condition holds of the readers."""
        with self.dial(timeout) as wire:
            wire.send("Devices.Watch", _more=True)
            seen = None
            try:
                while True:
                    seen = wire.result()["readers"]
                    if condition(seen):
                        return seen
            except TimeoutError:
                raise AssertionError(f"{what} did not come; readers: {seen}") from None

    def wait_for_card(self, reader, present=True):
        self.wait_for(
            lambda readers: any(
                r["name"] == reader and (r["state"] == "present") == present for r in readers),
            f"{reader} {'with' if present else 'without'} a card")

    # Tokens and restores.

    def token(self, *arguments, pin=None, puk=None):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="token-", dir=self.folder))
        token = StationToken(self, folder, arguments, pin or code(6), puk or code(8))
        self.tokens.append(token)
        return token

    def locked(self, *arguments, **more):
        """A locked token with one key that is quickly made."""
        keys = [] if "--key" in arguments else ["--key", "9a=p256"]
        return self.token("--locked", *keys, *arguments, **more)

    def inspect(self, reader):
        return self.call("Devices.Inspect", reader=reader)["token"]

    def open_case(self, device, holder="Nguyễn Thị Ánh",
                  body="Sở Khoa học và Công nghệ Hải Phòng"):
        """A case whose certificate is that of a training token; the one that is open, if any."""
        try:
            return self.call(
                "Cases.Open", request_number="45/SYT", managing_body=body, holder=holder,
                device_number=device)["case"]
        except Refusal as refusal:
            if refusal.name != "DeviceOpen":
                raise
            return refusal.fields["case"]

    def begin(self, token, case=None, **more):
        """A case and its permit."""
        case = case or self.open_case(token.number)
        return self.call("Restore.Begin", case=case, reader=token.reader, **more)["permit"]

    def restore(self, token, puk=None, pin=None, **more):
        """A whole restore: its result, also where that comes inside an error."""
        permit = self.begin(token)
        return self.unblock(permit, puk or token.puk, pin or code(6), **more)

    def unblock(self, permit, puk, pin, **more):
        try:
            return self.call(
                "Restore.Unblock", restore=permit["restore"], unblocking_code=puk, new_pin=pin,
                **more)["result"]
        except Refusal as refusal:
            if "result" not in refusal.fields:
                raise
            return {**refusal.fields["result"], "error": refusal.name}

    # The record.

    @property
    def journal(self):
        found = sorted(self.state.glob("journal*"))
        return next(p for p in found if p.is_file())

    def lines(self):
        """The journal's lines, as the file has them."""
        return [json.loads(line) for line in self.journal.read_text().splitlines()]

    def kinds(self):
        return [line["kind"] for line in self.lines()]

    def verify(self):
        """The chain, judged by sha256sum alone; how many lines."""
        done = subprocess.run(
            ["sh", str(ROOT / "Tests" / "integration" / "journal_verify.sh"), str(self.journal)],
            capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return int(re.search(r"^(\d+) lines, head ", done.stdout, re.M)[1])
