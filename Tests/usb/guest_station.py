"""The agent in a guest, and readers and tokens for it.

`CardReader` puts QEMU's reader in and out; `GuestStation` is the integration tests' Station whose
agent runs in the guest. A test is the same for both ways to a reader: `path` says which.
"""

import json
import os
import pathlib
import re
import signal
import tempfile

from guest import PATIENCE, GuestError
from pcscd_lab import Token, virtual_token
from station import Station, Wire, code, program
from vsc_bridge import VscBridge

QEMU_CCID = "08e6:4433"

SCAN = pathlib.Path(__file__).resolve().parents[1] / "integration" / "mem_scan.py"

# What the agent's configuration says of readers, by path.
READERS = {
    "pcsc": {"pcsc": True},
    "usb": {"pcsc": False, "usb": True},
}

# The rule file that `tokenctl reader ... --give` writes; a device is asked again by a trigger.
LOCAL_RULES = "/etc/udev/rules.d/71-token-station-local.rules"
ALL_READERS = 'ENV{TOKEN_STATION_READER}=="1"'


def give(guest, path, which=ALL_READERS, plugged=False):
    """Gives readers to the station's own driver or back, by a rule of udev's: those that come
    from now on, and those that are there where `plugged` says so."""
    rule = f'{which}, ENV{{TOKEN_STATION_RAW}}="1", ENV{{PCSCLITE_IGNORE}}="1"\n'
    guest.run(
        f"cat >{LOCAL_RULES}; [ -s {LOCAL_RULES} ] || rm {LOCAL_RULES}; udevadm control --reload"
        + (" && udevadm trigger --settle --action=change --subsystem-match=usb"
           " --property-match=TOKEN_STATION_READER=1" if plugged else ""),
        input=rule if path == "usb" else "", check=True)


class GuestPcscd:
    """pcscd and libccid in a guest, without vpcd's slots."""

    def __init__(self, guest, env=None):
        self.guest = guest
        guest.run("mkdir -p /run/pcscd /run/no-readers", check=True)
        known = guest.run("pcscd --help").out
        more = ["--disable-polkit"] if "--disable-polkit" in known else []
        self.process = guest.start(
            ["pcscd", "--foreground", "--config", "/run/no-readers", *more], env=env)
        guest.wait_for(self.is_up, "pcscd")

    def is_up(self):
        if self.process.poll() is not None:
            raise GuestError("pcscd ended: " + self.process.log())
        return self.guest.run("[ -S /run/pcscd/pcscd.comm ]").rc == 0

    def stop(self):
        if self.process.poll() is None:
            self.process.stop()


class CardReader:
    """QEMU's usb-ccid in a guest, with nothing, libcacard's card or a token of ours in it.

    After a message of exactly 64 bytes, an answer of 54, QEMU 7.2 sends an empty packet as the
    answer to the next message. libccid takes that for an answer, and is one behind from then on.
    """

    count = 0

    def __init__(self, guest):
        CardReader.count += 1
        self.guest, self.id = guest, f"ccid{CardReader.count}"
        self.bridge = self.token = None
        self.plug()

    def plug(self):
        self.guest.plug("usb-ccid", self.id, bus="xhci.0")
        [self.device] = self.guest.wait_usb(QEMU_CCID)

    def emulated(self, database, certificates=("cert1", "cert2", "cert3")):
        """libcacard's card of three certificates in an NSS database."""
        self.guest.plug(
            "ccid-card-emulated", f"{self.id}-card", bus=f"{self.id}.0", backend="certificates",
            db=f"sql:{database}", **dict(zip(("cert1", "cert2", "cert3"), certificates)))
        return self

    def passthru(self, *arguments, pin=None, puk=None):
        """A virtual-token with these arguments; see VscToken."""
        chardev = self.guest.folder / f"{self.id}.vsc"
        self.guest.qmp("chardev-add", id=f"{self.id}-vsc", backend={
            "type": "socket", "data": {
                "addr": {"type": "unix", "data": {"path": str(chardev)}}, "server": True,
                "wait": False}})
        self.guest.plug("ccid-card-passthru", f"{self.id}-card", bus=f"{self.id}.0",
                        chardev=f"{self.id}-vsc")
        self.bridge = VscBridge(chardev)
        self.token = VscToken(self.bridge, arguments, pin or code(6), puk or code(8))
        return self.token

    def unplug(self):
        """Pulls the reader with its card."""
        self.guest.unplug(self.id)
        self.guest.wait_usb(QEMU_CCID, present=False)

    def close(self):
        if self.token is not None:
            self.token.close()
        if any(d["id"] == QEMU_CCID for d in self.guest.usb()):
            self.unplug()
        if self.bridge is not None:
            self.bridge.close()
            self.guest.qmp("chardev-remove", id=f"{self.id}-vsc")


class VscToken(Token):
    """A simulated token on this side whose reader is in the guest."""

    def __init__(self, bridge, arguments, pin, puk):
        self.pin, self.puk = pin, puk
        self.kept = tempfile.TemporaryDirectory(prefix="token-")
        super().__init__(
            [virtual_token(), "--vpcd", str(bridge.port), "--pin", pin, "--puk", puk,
             *map(str, arguments)], pathlib.Path(self.kept.name), None, self)

    def wait_for_card(self, slot, present=True, **_):
        """Whoever looks at the reader says when: the station's wait_for_card."""

    def pull(self):
        self.control("pull")

    def insert(self):
        self.control("insert")

    def in_station(self, station):
        """Waits until the station sees it, in the one reader with a card."""
        readers = station.wait_for(
            lambda readers: any(r["state"] == "present" for r in readers), "the token")
        self.reader = next(r["name"] for r in readers if r["state"] == "present")
        self.number = station.inspect(self.reader)["device_numbers"][0]

    def spent(self):
        counters = self.counters()
        return counters["pinSpent"], counters["pukSpent"]

    def close(self):
        super().close()
        self.kept.cleanup()


# A number that libccid has in its list, and believes at any release: it passes over the others.
KNOWN_READER = "04e6:5116"


class UsbipReader(Token):
    """A simulated USB reader with a token in it, in the guest: `virtual-token usb` with these
    arguments, attached by USB/IP. Its control socket and faults are Token's."""

    made = 0

    def __init__(self, guest, arguments, pin=None, puk=None):
        UsbipReader.made += 1
        self.guest = guest
        self.pin, self.puk = pin or code(6), puk or code(8)
        self.control_path = f"/run/usbip-{UsbipReader.made}"
        arguments = [str(word) for word in arguments]
        if "--usb-id" not in arguments:
            arguments += ["--usb-id", KNOWN_READER]
        self.usb_id = arguments[arguments.index("--usb-id") + 1]
        self.process = guest.start(
            [virtual_token(), "usb", "--listen", "127.0.0.1:0", "--stay", "--pin", self.pin,
             "--puk", self.puk, "--control", self.control_path, *arguments])
        self.listening = int(guest.wait_for(
            lambda: re.search(r"USB/IP at 127.0.0.1:([0-9]+)", self.process.log()) or
            (self.process.poll() is not None and self.ended()), "virtual-token")[1])
        self.plugged = None
        self.plug()

    def ended(self):
        raise GuestError("virtual-token ended: " + self.process.log())

    def plug(self):
        self.plugged = self.guest.attach_usbip(self.listening)

    def unplug(self):
        """Pulls the reader with its token."""
        self.guest.detach_usbip(self.plugged)
        self.plugged = None

    def control(self, line):
        with self.guest.connect(self.control_path, 60) as end:
            end.sendall(line.encode() + b"\n")
            reply = b""
            try:
                while not reply.endswith(b"\n") and (part := end.recv(1 << 16)):
                    reply += part
            except TimeoutError:
                raise GuestError(
                    f"no answer to {line.split()[0]}: {self.process.whereabouts()}") from None
        text = reply.decode().strip()
        if text.startswith("error: "):
            raise RuntimeError(text)
        return text

    def pull(self):
        self.control("pull")

    def insert(self):
        self.control("insert")

    def put_back(self):
        """After it left the bus by itself."""
        self.guest.wait_for(
            lambda: self.plugged not in self.guest.usbip_ports(), "the reader's end")
        self.control("clear-faults")
        self.control("plug")
        self.plug()

    def complaints(self):
        """What the host did that it must not do."""
        return json.loads(self.control("complaints"))

    def messages(self):
        """Bulk OUT messages: type, slot and sequence number, in hex."""
        return json.loads(self.control("messages"))

    spent, in_station = VscToken.spent, VscToken.in_station

    def close(self):
        if self.plugged in self.guest.usbip_ports():
            self.unplug()
        if self.process.poll() is None:
            self.process.stop()


class GuestWire(Wire):
    def __init__(self, guest, path, timeout):
        self.socket = guest.connect(path, timeout)
        self.held = b""


class GuestStation(Station):
    """Station, with the agent and its folders in a guest; its tokens come by CardReader."""

    made = 0

    def __init__(self, guest, path="pcsc", settings=None, environment=None):
        GuestStation.made += 1
        super().__init__(environment=environment)
        os.rmdir(self.folder)
        self.guest, self.path = guest, path
        self.place = f"/run/station-{GuestStation.made}"
        self.socket = f"{self.place}/agent.sock"
        self.state = pathlib.Path(f"{self.place}/state")
        everybody = {"users": [0]}
        self.settings.update({
            "socket": self.socket, "state": str(self.state),
            "readers": READERS[path],
            "roles": {name: everybody for name in ("counter", "technician", "auditor")},
            **(settings or {})})

    def start(self):
        self.guest.run(
            f"mkdir -p {self.place} && cat >{self.place}/agent.json5", check=True,
            input=json.dumps(self.settings, indent=1))
        self.process = self.guest.start(
            [program("token-agent"), "--config", f"{self.place}/agent.json5"], name="token-agent",
            env={"SWIFT_BACKTRACE": "enable=no", **self.environment}, notify=True, timeout=60)
        return self

    def __exit__(self, *_):
        for wire in self.wires:
            wire.close()
        self.kill()

    def stop(self):
        return self.process.stop()

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.stop(signal.SIGKILL)
        self.process = None

    def footprint(self):
        """The agent's open descriptors, each by what it is, and its own resident memory in KB.
        Pages of the program come in by and by, and are none of it."""
        folder = f"/proc/{self.process.pid}"
        told = self.guest.run(
            f"for f in {folder}/fd/*; do readlink $f; done; grep RssAnon {folder}/status",
            check=True).out.splitlines()
        # The number of a pipe, socket or device says nothing.
        kinds = sorted(re.sub(r"[0-9]+", "", line) for line in told[:-1])
        return kinds, int(told[-1].split()[1])

    def codes_left(self, codes):
        """Where the agent's memory, its folder or its log hold one of these; empty if nowhere."""
        return self.guest.run(
            ["python3", SCAN, self.process.pid, self.state, self.process.log_path],
            input="\n".join(codes), timeout=120, check=True).out.strip()

    def finish(self, permit, token, pin=None, puk=None):
        """Sends the codes and follows the restore to its end, wherever the answer comes."""
        first = self.unblock(permit, puk or token.puk, pin or code(6))
        return first if first["state"] == "finished" else self.follow(permit)

    def follow(self, permit):
        """What a restore comes to in the end, where the answer came before it."""
        with self.dial() as wire:
            wire.send("Restore.Attach", _more=True, restore=permit["restore"])
            while True:
                last = wire.reply()["parameters"]["result"]
                if last["state"] == "finished":
                    return last

    def errors(self):
        return self.process.log()

    def dial(self, timeout=PATIENCE):
        return GuestWire(self.guest, self.socket, timeout)

    def wire(self, timeout=PATIENCE):
        return super().wire(timeout)

    def wait_for(self, condition, what, timeout=PATIENCE):
        return super().wait_for(condition, what, timeout)

    @property
    def journal(self):
        """A copy of it as it is now."""
        copy = self.guest.folder / f"{pathlib.Path(self.place).name}-state"
        self.guest.run(f"rm -rf {copy} && mkdir {copy} && cp {self.state}/journal* {copy}/",
                       check=True)
        return next(p for p in sorted(copy.glob("journal*")) if p.is_file())

    def tokenctl(self, *words, timeout=60, **more):
        return self.guest.run(
            [program("tokenctl"), "--socket", self.socket, *words], timeout=timeout, **more)
