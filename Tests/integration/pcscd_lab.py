"""A pcscd of one's own with vpcd's two virtual readers, and simulated tokens to put into them.

Each lab lives in a network and mount namespace of its own, so any number stand side by side and
none touches the machine's pcscd. Namespaces want root; another user needs sudo without a
password.

    with PcscLab() as lab:
        token = lab.attach("--key", "9a=rsa2048", "--locked")
        subprocess.run(["yubico-piv-tool", "-r", lab.reader(0), "-a", "status"], env=lab.env)
        assert token.counters()["pin"] == 0
"""

import ctypes
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTS = (35963, 35964)
TOOLS = ("pcscd", "unshare", "nsenter", "ip")


def virtual_token():
    """The program under test: $VIRTUAL_TOKEN, else what `swift build` made."""
    return os.environ.get("VIRTUAL_TOKEN", str(ROOT / ".build" / "debug" / "virtual-token"))


def tool(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def as_root():
    return [] if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env"]


class Token:
    """A running virtual-token and its control socket."""

    def __init__(self, command, folder, slot, lab):
        self.slot = slot
        self.lab = lab
        self.control_path = str(folder / "control")
        self.errors = open(folder / "errors", "w+")
        self.process = subprocess.Popen(
            command + ["--control", self.control_path],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        if "in its reader" not in line:
            self.process.wait()
            self.errors.seek(0)
            raise RuntimeError(f"virtual-token did not start: {self.errors.read()}")

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20)
            s.connect(self.control_path)
            s.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                part = s.recv(65536)
                if not part:
                    break
                reply += part
        text = reply.decode().strip()
        if text.startswith("error: "):
            raise RuntimeError(text)
        return text

    def counters(self):
        return json.loads(self.control("counters"))

    def log(self):
        return json.loads(self.control("log"))

    def fault(self, spec):
        self.control("fault " + spec)

    def clear_faults(self):
        self.control("clear-faults")

    def lock(self):
        self.control("lock")

    def pull(self):
        self.control("pull")
        self.lab.wait_for_card(self.slot, present=False)

    def insert(self):
        """pcscd looks for cards every 0.4 s, and never sees one that came back in between after
        it failed in the middle of a command: such a one has to come in again."""
        for attempt in range(5):
            self.control("insert")
            try:
                return self.lab.wait_for_card(self.slot, timeout=1.5)
            except RuntimeError:
                self.control("pull")
                time.sleep(1)
        raise RuntimeError("pcscd does not see the token that was put back")

    def swap(self, folder):
        self.pull()
        self.control(f"swap {folder}")
        self.lab.wait_for_card(self.slot)

    def quit(self):
        try:
            self.control("quit")
        except OSError:
            pass
        self.process.wait(timeout=20)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class PcscLab:
    """pcscd and vpcd in namespaces of their own, as a context manager."""

    def __init__(self, pcscd_arguments=()):
        self.arguments = list(pcscd_arguments)
        self.tokens = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pcsc-lab-"))
        (self.folder / "run").mkdir()
        self.socket = str(self.folder / "run" / "pcscd.comm")
        self.env = dict(os.environ, PCSCLITE_CSOCK_NAME=self.socket, LC_ALL="C.UTF-8")
        self.pcsc = None
        try:
            self.start_pcscd()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for token in self.tokens:
            token.close()
        self.tokens = []
        self.stop_pcscd()
        if self.pcsc is not None:
            self.pcsc.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # pcscd, which tests may also stop, kill and start again.

    def start_pcscd(self):
        run = self.folder / "run"
        script = (
            f'{tool("ip")} link set lo up && mkdir -p /run/pcscd && '
            f'mount --bind "$1" /run/pcscd && shift && exec "$@"')
        self.log_file = open(self.folder / "pcscd.log", "a")
        pcscd = [tool("pcscd"), "--foreground", *self.arguments]
        known = subprocess.run([tool("pcscd"), "--help"], capture_output=True, text=True).stdout
        if "--disable-polkit" in known:
            pcscd.append("--disable-polkit")
        self.process = subprocess.Popen(
            [*as_root(), tool("unshare"), "-n", "-m", "sh", "-c", script, "sh", str(run), *pcscd],
            stdout=self.log_file, stderr=self.log_file, env=self.env, start_new_session=True)
        self.wait(self.is_up, "pcscd")

    def is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError("pcscd ended: " + (self.folder / "pcscd.log").read_text())
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(self.socket)
        except OSError:
            return False
        # vpcd listens only once its driver is loaded: look where its clients would.
        listening = subprocess.run(
            [*self.inside(), "cat", "/proc/self/net/tcp", "/proc/self/net/tcp6"],
            capture_output=True, text=True).stdout
        return all(f":{port:04X} " in listening for port in PORTS)

    def stop_pcscd(self, how=signal.SIGTERM):
        """Ends pcscd; SIGKILL leaves its socket file behind, as a crash does."""
        if getattr(self, "process", None) is None:
            return
        if self.process.poll() is None:
            subprocess.run([*as_root(), "kill", f"-{int(how)}", str(self.pcscd_pid())])
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                subprocess.run([*as_root(), "kill", "-9", str(self.pcscd_pid())])
                self.process.wait()
        self.log_file.close()
        self.process = None

    def pcscd_pid(self):
        """unshare and sh replace themselves by pcscd; sudo stays above them."""
        pid = self.process.pid
        while True:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            if not children or pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "pcscd":
                return pid
            pid = int(children[0])

    def inside(self):
        """The words before a command that is to run in the lab's network."""
        return [*as_root(), tool("nsenter"), "--net", "-t", str(self.pcscd_pid()), "--"]

    @staticmethod
    def reader(slot=0):
        return f"Virtual PCD 00 {slot:02d}"

    # Tokens.

    def attach(self, *arguments, slot=0, wait=True):
        """Starts a virtual-token in one of the two readers and waits until pcscd sees it."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="token-", dir=self.folder))
        command = [*self.inside(), virtual_token(), "--vpcd", str(PORTS[slot]), *arguments]
        token = Token(command, folder, slot, self)
        self.tokens.append(token)
        if wait:
            self.wait_for_card(slot)
        return token

    def run(self, *command, check=True, input=None, timeout=60, env=None):
        """Runs a client of this lab's pcscd; its output, standard error included."""
        done = subprocess.run(
            [str(word) for word in command], env=env or self.env, input=input, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: {done.stdout}")
        return done.stdout

    def wait_for_card(self, slot=0, present=True, timeout=20):
        if self.pcsc is None:
            self.pcsc = Pcsc(self.socket)
        self.pcsc.wait_for_card(self.reader(slot), present, timeout)

    @staticmethod
    def wait(condition, what, timeout=20):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come up in {timeout} s")
            select.select([], [], [], 0.01)


class Pcsc:
    """As much of libpcsclite as waiting for a card takes."""

    EMPTY, PRESENT, TIMEOUT = 0x10, 0x20, 0x8010000A

    class State(ctypes.Structure):
        _fields_ = [
            ("reader", ctypes.c_char_p), ("user", ctypes.c_void_p),
            ("current", ctypes.c_ulong), ("event", ctypes.c_ulong),
            ("atr_length", ctypes.c_ulong), ("atr", ctypes.c_ubyte * 33)]

    def __init__(self, path):
        # The library reads the variable once, at the first call: each lab has a process of its
        # own for it.
        self.path = path

    def close(self):
        pass

    def wait_for_card(self, reader, present, timeout):
        """Runs in a child, since one process can only ever talk to one pcscd."""
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.environ["PCSCLITE_CSOCK_NAME"] = self.path
                code = self.wait_here(reader, present, timeout)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if status != 0:
            state = "come into" if present else "leave"
            raise RuntimeError(f"no card did {state} {reader} in {timeout} s")

    def wait_here(self, reader, present, timeout):
        library = ctypes.CDLL("libpcsclite.so.1")
        context = ctypes.c_long()
        end = time.monotonic() + timeout
        if library.SCardEstablishContext(2, None, None, ctypes.byref(context)) != 0:
            return 1
        state = self.State(reader=reader.encode(), current=0)
        while time.monotonic() < end:
            milliseconds = max(1, int((end - time.monotonic()) * 1000))
            result = library.SCardGetStatusChange(
                context, ctypes.c_ulong(milliseconds), ctypes.byref(state), ctypes.c_ulong(1))
            if ctypes.c_uint32(result).value not in (0, self.TIMEOUT):
                return 2
            if state.event & (self.PRESENT if present else self.EMPTY):
                return 0
            if state.event & (self.PRESENT | self.EMPTY):
                state.current = state.event
            else:
                # pcscd does not know the slot yet, and would not tell of a change from that.
                time.sleep(0.02)
        return 3
