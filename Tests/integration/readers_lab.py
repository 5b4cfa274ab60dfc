"""What test_readers*.py need: a pcscd of their own, cards that misbehave on demand, a foreign
client of PC/SC, and the program ReadersProbe to look through."""

import collections
import os
import pathlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from pcscd_lab import PORTS, ROOT, PcscLab, tool

PATIENCE = 20  # seconds after which a line that did not come will not come
ATR = "3b80800101"


def probe_path():
    """The program under test: $READERS_PROBE, else what `swift build` made."""
    return os.environ.get("READERS_PROBE", str(ROOT / ".build" / "debug" / "ReadersProbe"))


class Lines:
    """A child's lines, to be waited for."""

    def __init__(self, child):
        self.child = child
        self.seen = collections.deque()
        self.incoming = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.incoming.put(line.rstrip("\n"))
        self.incoming.put(None)

    def wait(self, matches, what="line"):
        """The next line for which `matches` holds; those before it are passed over."""
        if isinstance(matches, (str, tuple)):
            start = matches
            what, matches = start, lambda line: line.startswith(start)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.incoming.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {what!r}; came: {list(self.seen)[-12:]}") from None
            if line is None:
                raise AssertionError(f"ended without {what!r}; came: {list(self.seen)[-12:]}")
            self.seen.append(line)
            if matches(line):
                return line

    def say(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()


def start(arguments, **more):
    return subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, **more)


class Probe(Lines):
    def __init__(self, *arguments, environment=None):
        super().__init__(start(
            [probe_path(), *arguments], env={**os.environ, **(environment or {})}))

    def reader(self, name, *states):
        """Waits for a list in which reader `name` has one of `states`; (state, insertion)."""
        found = {}

        def matches(line):
            if not line.startswith("list "):
                return False
            for entry in line.split(" ", 2)[2].split(";"):
                parts = entry.split("|")
                if parts[0] == name and parts[1].split(":")[0] in states:
                    found["it"] = (parts[1], int(parts[2]))
                    return True
            return "gone" in states and name not in line

        # It may have gone before anybody waited for it.
        latest = next((line for line in reversed(self.seen) if line.startswith("list ")), "")
        if "gone" not in states or not matches(latest):
            self.wait(matches, f"{name} {states}")
        return found.get("it")

    def apdu(self, commands, index=0, insertion=0, budget=3000, cap=60000, writes="r"):
        self.say(f"apdu {index} {insertion} {budget} {cap} {writes} {commands}")

    def quit(self):
        """Stops the hub in order; (threads left behind, descriptors more than before)."""
        self.say("quit")
        words = self.wait("stopped").split()
        self.child.wait(PATIENCE)
        return tuple(int(word.split("=")[1]) for word in words[1:])

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()


class Lab(PcscLab):
    """A pcscd of one's own that can come late and die, with cards that misbehave."""

    def __init__(self):
        super().__init__()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="readers-lab-"))
        (self.folder / "run").mkdir()
        self.socket = str(self.folder / "run" / "pcscd.comm")
        self.env = dict(os.environ, PCSCLITE_CSOCK_NAME=self.socket)
        self.pcsc = None
        self.children = []

    def start(self):
        self.start_pcscd()
        # Without quickack a delayed acknowledgement costs each message 44 ms.
        subprocess.run(
            [*self.inside(), tool("ip"), *"route replace local 127.0.0.1 dev lo table local "
             "scope host src 127.0.0.1 quickack 1".split()], check=True)

    def kill(self):
        self.stop_pcscd(signal.SIGKILL)

    def card(self, slot=0):
        card = Card(PORTS[slot], self.inside())
        self.children.append(card.child)
        return card

    def client(self, mode):
        """A foreign program that holds the first card, "exclusive" or "shared"."""
        child = start([sys.executable, __file__, "client", mode], env=self.env)
        self.children.append(child)
        line = child.stdout.readline()
        assert line == "holds\n", line
        return child

    def close(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.__exit__()


class Card:
    """A card in a process of its own, at vpcd's port or a training instance's socket."""

    def __init__(self, address, inside=()):
        self.child = start([*inside, sys.executable, __file__, "card", str(address)])
        assert self.child.stdout.readline() == "in\n"

    def works(self):
        """Waits until the card has taken a command F1."""
        assert self.child.stdout.readline() == "works\n"

    def pull(self):
        self.child.stdin.close()
        self.child.wait()


# What the children of this file do.

def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data


def serve(connection, quick_acknowledgement):
    """A card: INS tells how to behave. B0 answers its own P2 and 9000, F1 P1 says "works" and
    waits P1 tenths of a second, F2 is pulled, F3 is silent for ever, F4 answers one byte, F5 answers half."""
    while True:
        length = int.from_bytes(exactly(connection, 2), "big")
        message = exactly(connection, length)
        if quick_acknowledgement:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if length == 1:
            if message[0] == 4:
                send(connection, bytes.fromhex(ATR))
            continue
        instruction, p1, p2 = message[1], message[2], message[3]
        if instruction == 0xF1:
            print("works", flush=True)
            time.sleep(p1 / 10)
        elif instruction == 0xF2:
            connection.close()
            os._exit(0)
        elif instruction == 0xF3:
            time.sleep(3600)
        elif instruction == 0xF4:
            send(connection, b"\x90")
            continue
        elif instruction == 0xF5:
            connection.sendall(b"\x00\x05\x90")
            time.sleep(3600)
        send(connection, bytes([p2, 0x90, 0x00]))


def send(connection, message):
    connection.sendall(len(message).to_bytes(2, "big") + message)


def leave_with_parent():
    sys.stdin.read()
    os._exit(0)


def be_card(address):
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(address)
    else:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", int(address)))
                break
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    threading.Thread(target=leave_with_parent, daemon=True).start()
    print("in", flush=True)
    serve(connection, not address.startswith("/"))


def be_client(mode):
    import ctypes

    pcsc = ctypes.CDLL("libpcsclite.so.1")
    number = ctypes.c_ulong
    context, card, active = ctypes.c_long(), ctypes.c_long(), number()
    for function in ("SCardEstablishContext", "SCardConnect", "SCardDisconnect"):
        getattr(pcsc, function).restype = ctypes.c_long
    result = pcsc.SCardEstablishContext(number(2), None, None, ctypes.byref(context))
    if result == 0:
        result = pcsc.SCardConnect(
            context, b"Virtual PCD 00 00", number(1 if mode == "exclusive" else 2), number(3),
            ctypes.byref(card), ctypes.byref(active))
    print("holds" if result == 0 else f"failed {result:x}", flush=True)
    sys.stdin.readline()
    pcsc.SCardDisconnect(card, number(2))
    print("let go", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    {"card": be_card, "client": be_client}[sys.argv[1]](sys.argv[2])
