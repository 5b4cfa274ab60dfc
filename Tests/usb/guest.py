"""A Debian kernel in QEMU with this machine's programs, for USB that is real on the guest's side.

    with Guest(devices=["usb-ccid,id=reader,bus=xhci.0"]) as guest:
        rc, out, err = guest.run("lsusb")
        guest.unplug("reader")

The guest's root is the host's / behind a tmpfs, so every program is there, the build included,
and nothing the guest writes lasts but in guest.folder, which has the same path on both sides.
systemd-udevd runs in it with the project's rules. It needs no root and no KVM.

A guest ends with its context, when this process does, by its own watchdog after `bound` seconds,
and killed by the host a little later. What it and its programs said is in guest.folder while it
runs, and in guest.results afterwards.
"""

import base64
import collections
import itertools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import kernel
from kernel import HERE, ROOT, TOOLS, tool

RESULTS = pathlib.Path(os.environ.get("USB_RESULTS", TOOLS / "usb-results"))
GRACE = 60  # seconds of the host's more than the guest's own bound
# Seconds after which what did not come in a guest will not come: it has no KVM, and half of a
# busy machine's two processors.
PATIENCE = 60

Result = collections.namedtuple("Result", "rc out err")


class GuestError(Exception):
    """What the guest, its agent or QEMU answered instead of what was asked."""


class Link:
    """One end of a socket that speaks JSON a line: answers to their askers, the rest to hear()."""

    def __init__(self, end, hear):
        self.end, self.hear = end, hear
        self.numbers = itertools.count(1)
        self.waiting = {}
        self.lock = threading.Lock()
        # Apart from the other: an answer must not wait for the room to send in.
        self.sending = threading.Lock()
        self.over = None
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        held = b""
        try:
            while part := self.end.recv(1 << 16):
                *lines, held = (held + part).split(b"\n")
                for line in lines:
                    self.take(json.loads(line))
        except OSError:
            pass
        with self.lock:
            self.over = GuestError("the guest has ended")
            for waiter in self.waiting.values():
                waiter.append(None)
                waiter.event.set()
        self.hear(None)

    def take(self, message):
        with self.lock:
            waiter = self.waiting.pop(message.get("id"), None)
        if waiter is None:
            self.hear(message)
        else:
            waiter.append(message)
            waiter.event.set()

    def send(self, message):
        data = json.dumps(message).encode() + b"\n"
        with self.sending:
            if self.over:
                raise self.over
            self.end.sendall(data)

    def ask(self, message, timeout):
        number = next(self.numbers)
        waiter = Waiter()
        with self.lock:
            self.waiting[number] = waiter
        self.send({**message, "id": number})
        if not waiter.event.wait(timeout):
            raise GuestError(f"no answer in {timeout} s: {message}")
        if waiter[0] is None:
            raise self.over
        return waiter[0]


class Waiter(list):
    def __init__(self):
        super().__init__()
        self.event = threading.Event()


class Process:
    """A program that stays, in the guest."""

    def __init__(self, guest, pid, log):
        self.guest, self.pid, self.log_path = guest, pid, log

    def poll(self):
        return self.guest.ask("poll", pid=self.pid)

    def wait(self, timeout=PATIENCE):
        rc = self.guest.ask("wait", _timeout=timeout + 10, pid=self.pid, timeout=timeout)
        if rc is None:
            raise GuestError(f"process {self.pid} did not end in {timeout} s: {self.log()}")
        return rc

    def kill(self, number):
        self.guest.ask("signal", pid=self.pid, number=int(number))

    def stop(self, number=signal.SIGTERM, timeout=PATIENCE):
        """Signals it and waits; its exit status."""
        self.kill(number)
        return self.wait(timeout)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def whereabouts(self):
        """What each of its threads is in, and how long the guest took to say so."""
        began = time.monotonic()
        found = self.guest.run(
            f"cd /proc/{self.pid} && grep State status; for t in task/*; do "
            "echo $(cat $t/comm $t/wchan $t/syscall); cat $t/stack; done; cat /proc/loadavg",
            timeout=60)
        return f"{found.out}{found.err}told in {time.monotonic() - began:.1f} s"


class Guest:
    def __init__(self, devices=(), *, name="guest", bound=170, grace=GRACE, memory=1024,
                 processors=1):
        self.devices, self.name = list(devices), name
        self.bound, self.grace, self.memory, self.processors = bound, grace, memory, processors
        self.folder = None
        self.process = None
        self.boot_seconds = None
        self.events = []
        self.heard = threading.Condition()
        self.tunnels = {}
        self.numbers = itertools.count(1)
        self.logs = itertools.count(1)
        self.results = RESULTS / f"{name}-{os.getpid()}-{next(Guest.count)}"

    count = itertools.count(1)

    def __enter__(self):
        try:
            self.launch()
            self.wait_booted()
        except BaseException as error:
            self.end()
            if isinstance(error, GuestError):
                raise GuestError(f"{error}\n{self.log()}") from None
            raise
        return self

    def __exit__(self, *_):
        self.end()

    # From start to end.

    def launch(self):
        """Starts QEMU, and waits for nothing."""
        image, initramfs = kernel.fetch()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="usb-guest-", dir="/tmp"))
        shutil.copytree(ROOT / "udev", self.folder / "rules")
        for name in ("guest_root.sh", "guest_agent.py"):
            shutil.copy(HERE / name, self.folder)
        lab, lab_end = socket.socketpair()
        qmp, qmp_end = socket.socketpair()
        words = " ".join((
            "console=ttyS0 loglevel=5 panic=-1 mitigations=off nokaslr random.trust_cpu=on",
            "tsc=reliable no_timer_check", f"lab.bound={self.bound}",
            f"lab.share={self.folder}"))
        command = [
            tool("timeout"), "--kill-after=2", str(self.bound + self.grace),
            tool("qemu-system-x86_64"), "-nodefaults", "-no-user-config", "-no-reboot",
            "-display", "none", "-machine", "pc", "-accel", "tcg", "-cpu", "max",
            "-smp", str(self.processors), "-m", str(self.memory),
            "-kernel", image, "-initrd", initramfs, "-append", words,
            "-serial", f"file:{self.folder}/console.log",
            "-chardev", f"socket,id=qmp,fd={qmp_end.fileno()}", "-mon", "chardev=qmp,mode=control",
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=lab,fd={lab_end.fileno()}",
            "-device", "virtserialport,chardev=lab,name=lab",
            "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,"
            "multidevs=remap",
            "-virtfs", f"local,path={self.folder},mount_tag=share,security_model=none",
            "-device", "qemu-xhci,id=xhci,p2=8,p3=8"]
        for device in self.devices:
            command += ["-device", device]
        self.began = time.monotonic()
        with open(self.folder / "qemu.log", "w") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=(lab_end.fileno(), qmp_end.fileno()), start_new_session=True)
        lab_end.close()
        qmp_end.close()
        self.lab, self.monitor = Link(lab, self.hear), Link(qmp, self.hear_monitor)
        self.qmp("qmp_capabilities")

    def wait_booted(self):
        self.wait_heard(
            lambda event: "hello" in event, "the guest's agent", self.bound + self.grace)
        self.boot_seconds = time.monotonic() - self.began

    def end(self):
        """Hangs up, which ends the guest; kills it where it does not."""
        if self.process is not None:
            try:
                self.lab.end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                # timeout passes it on.
                self.process.terminate()
                try:
                    self.process.wait(5)
                except subprocess.TimeoutExpired:
                    os.killpg(self.process.pid, signal.SIGKILL)
                    self.process.wait()
            self.monitor.end.close()
            self.process = None
        if self.folder is not None and self.folder.exists():
            self.results.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.folder, self.results)

    def wait_ended(self, timeout):
        """Waits until it ended by itself; what it said."""
        self.process.wait(timeout)
        return self.log()

    def log(self):
        """What everything in the guest said."""
        folder = self.folder if self.folder.exists() else self.results
        return "\n".join(
            f"---- {path.name}\n{path.read_text(errors='replace')[-8000:].strip()}"
            for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
            if path.stat().st_size)

    # What the guest says.

    def hear(self, message):
        if message and "tunnel" in message:
            self.tunnelled(message)
            return
        with self.heard:
            self.events.append(message or {"over": True})
            self.heard.notify_all()

    def hear_monitor(self, message):
        if message and ("event" in message or "error" in message):
            self.hear(message)

    def wait_heard(self, condition, what, timeout=PATIENCE, since=0):
        with self.heard:
            if not self.heard.wait_for(
                    lambda: any(condition(e) or "over" in e for e in self.events[since:]), timeout):
                raise GuestError(f"{what} did not come in {timeout} s")
            if not any(condition(event) for event in self.events[since:]):
                raise GuestError(f"{what} did not come; the guest has ended")

    def ask(self, op, _timeout=PATIENCE, **words):
        reply = self.lab.ask({"op": op, "with": words}, _timeout)
        if "error" in reply:
            raise GuestError(f"{op}: {reply['error']}")
        return reply["result"]

    def qmp(self, command, _timeout=PATIENCE, **arguments):
        """One command to QEMU; underscores in the arguments' names are hyphens."""
        reply = self.monitor.ask(
            {"execute": command,
             "arguments": {key.replace("_", "-"): value for key, value in arguments.items()}},
            _timeout)
        if "error" in reply:
            raise GuestError(f"{command}: {reply['error']['desc']}")
        return reply["return"]

    # Programs.

    def run(self, command, *, timeout=PATIENCE, input=None, env=None, check=False):
        """Runs a program, or a line of shell: its status, output and errors as text.

        A program that is late is killed, with its children, and GuestError says what it said."""
        if not isinstance(command, str):
            command = [str(word) for word in command]
        if isinstance(input, str):
            input = input.encode()
        got = self.ask(
            "run", _timeout=timeout + 20, command=command, env=env or {}, timeout=timeout,
            input=None if input is None else base64.b64encode(input).decode())
        out, err = (base64.b64decode(got[key]).decode(errors="replace") for key in ("out", "err"))
        if got["late"]:
            raise GuestError(f"{command} did not end in {timeout} s: {out}{err}")
        if check and got["rc"] != 0:
            raise AssertionError(f"{command} ended with {got['rc']}: {out}{err}")
        return Result(got["rc"], out, err)

    def start(self, command, *, name=None, env=None, notify=False, timeout=PATIENCE):
        """Starts a program that stays. Its output is in NAME-N.log of the folder.

        With notify, waits until it has said READY=1, as a service manager does."""
        if not isinstance(command, str):
            command = [str(word) for word in command]
        name = name or pathlib.Path(command.split()[0] if isinstance(command, str)
                                    else command[0]).name
        log = f"{name}-{next(self.logs)}.log"
        try:
            pid = self.ask("start", _timeout=timeout + 20, command=command, env=env or {}, log=log,
                           notify=notify, timeout=timeout)
        except GuestError as error:
            said = self.folder / log
            raise GuestError(f"{name}: {error}: {said.read_text() if said.exists() else ''}")
        return Process(self, pid, self.folder / log)

    # Sockets.

    def connect(self, to, timeout=PATIENCE):
        """A socket of the host's whose other end is in the guest: connected to a path, or to
        (address, port)."""
        number = next(self.numbers)
        mine, other = socket.socketpair()
        self.tunnels[number] = other
        try:
            self.ask("connect", to=to if isinstance(to, str) else list(to), tunnel=number)
        except GuestError:
            del self.tunnels[number]
            mine.close()
            other.close()
            raise
        threading.Thread(target=self.carry, args=(number, other), daemon=True).start()
        mine.settimeout(timeout)
        return mine

    def carry(self, number, other):
        try:
            while part := other.recv(1 << 15):
                self.lab.send({"tunnel": number, "data": base64.b64encode(part).decode()})
            self.lab.send({"tunnel": number, "data": None})
        except (OSError, GuestError):
            pass

    def tunnelled(self, message):
        other = self.tunnels.get(message["tunnel"])
        try:
            if other is None:
                return
            if message["data"] is None:
                del self.tunnels[message["tunnel"]]
                other.shutdown(socket.SHUT_RDWR)
            else:
                other.sendall(base64.b64decode(message["data"]))
        except OSError:
            pass

    # USB.

    def plug(self, driver, id, **properties):
        """Puts a device of QEMU's in."""
        self.qmp("device_add", driver=driver, id=id, **properties)

    def unplug(self, id):
        """Pulls a device of QEMU's, and waits until QEMU has let it go."""
        since = len(self.events)
        self.qmp("device_del", id=id)
        self.wait_heard(
            lambda event: event.get("event") == "DEVICE_DELETED"
            and event["data"].get("device") == id, f"the end of {id}", since=since)

    def usb(self):
        """The guest's devices, hubs left out: id as in 08e6:4433, name as in 1-1, node, speed."""
        return self.ask("usb")

    def wait_usb(self, id, present=True, count=1, timeout=PATIENCE):
        """Waits until the kernel has so many devices of this id, or none, and udevd is done."""
        wanted = count if present else 0
        found = self.wait_for(
            lambda: (found := [d for d in self.usb() if d["id"] == id],
                     len(found) == wanted)[1] and (found or True),
            f"{id} {'in' if present else 'out'}", timeout)
        self.settle()
        return found

    def settle(self):
        """Waits until udevd has nothing left to do."""
        self.run(["udevadm", "settle", f"--timeout={PATIENCE}"], timeout=PATIENCE + 10, check=True)

    def attach_usbip(self, port, busid="1-1", host="127.0.0.1"):
        """Imports a USB/IP device; the port of vhci it is in, which detach_usbip() wants."""
        self.run("[ -d /sys/module/vhci_hcd ] || for m in /run/usbip/*; do insmod $m || exit; done",
                 check=True)
        before = self.usbip_ports()
        self.run(["usbip", "--tcp-port", port, "attach", "-r", host, "-b", busid], check=True)
        return self.wait_for(
            lambda: sorted(self.usbip_ports() - before)[:1], f"USB/IP device {busid}")[0]

    def detach_usbip(self, port):
        """Pulls a USB/IP device."""
        self.run(["usbip", "detach", "-p", port], check=True)
        self.wait_for(lambda: port not in self.usbip_ports(), f"the pull from port {port}")

    def usbip_ports(self):
        """The ports of vhci with a device that is in use."""
        rows = self.run("cat /sys/devices/platform/vhci_hcd.0/status*", check=True).out.split("\n")
        return {int(row.split()[1]) for row in rows
                if len(row.split()) > 2 and row.split()[2] == "006"}

    @staticmethod
    def wait_for(condition, what, timeout=PATIENCE):
        """Asks again until there is an answer that counts, and returns it."""
        end = time.monotonic() + timeout
        while not (found := condition()):
            if time.monotonic() > end:
                raise GuestError(f"{what} did not come in {timeout} s")
            time.sleep(0.02)
        return found
