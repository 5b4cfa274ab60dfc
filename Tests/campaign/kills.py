"""kill -9 at random moments of a restore: of the agent, of pcscd."""

import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

from counter import DEADLINE, SERIAL, Counter
from pcscd_lab import PORTS, PcscLab, Token, tool, virtual_token
from station import code


def later(counter, longest, act):
    """A context in which something is done after a random time, at its end at the latest. Half of
    the times are counted from when the codes go out, which takes a part of the whole."""
    @contextlib.contextmanager
    def striking():
        over = threading.Event()
        is_late = counter.chance.random() < 0.5
        pause = counter.chance.uniform(0, longest * (0.4 if is_late else 1))

        def wait():
            if is_late:
                counter.sending.wait(DEADLINE)
            over.wait(pause)
            act()

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            yield
        finally:
            over.set()
            counter.sending.set()
            thread.join()

    return striking


def agent(sheet, chance, rounds):
    with Counter(sheet, chance) as counter:
        token = counter.token("--serial", SERIAL)
        longest = counter.undisturbed(token)
        for _ in range(rounds):
            counter.visit(token, later(counter, longest, counter.kill))
            sheet.faults += 1


class LastingLab(PcscLab):
    """A pcscd whose network stays when it dies, with those in it."""

    def __enter__(self):
        self.holder = subprocess.Popen(
            [tool("unshare"), "-n", "sh", "-c", f'{tool("ip")} link set lo up; echo up; exec cat'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.holder.stdout.readline()
        return super().__enter__()

    def __exit__(self, *failure):
        super().__exit__(*failure)
        self.holder.stdin.close()
        self.holder.stdout.close()
        self.holder.wait()

    def inside(self):
        return [tool("nsenter"), "--net", "-t", str(self.holder.pid), "--"]

    def start_pcscd(self):
        script = ('mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && shift && exec "$@"')
        self.log_file = open(self.folder / "pcscd.log", "a")
        known = subprocess.run([tool("pcscd"), "--help"], capture_output=True, text=True).stdout
        polkit = ["--disable-polkit"] if "--disable-polkit" in known else []
        self.process = subprocess.Popen(
            [*self.inside(), tool("unshare"), "-m", "sh", "-c", script, "sh",
             str(self.folder / "run"), tool("pcscd"), "--foreground", *polkit],
            stdout=self.log_file, stderr=self.log_file, env=self.env, start_new_session=True)
        self.wait(self.is_up, "pcscd")


class PcscToken(Token):
    """A token behind pcscd that outlives it."""

    reader = PcscLab.reader(0)

    def __init__(self, counter, lab, pin, puk):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="token-", dir=lab.folder))
        self.puk = puk
        super().__init__(
            [*lab.inside(), virtual_token(), "--vpcd", str(PORTS[0]), "--stay", "--locked",
             "--key", "9a=p256", "--serial", str(SERIAL), "--pin", pin, "--puk", puk],
            folder, 0, lab)
        lab.tokens.append(self)
        counter.station.wait_for_card(self.reader)
        self.number = counter.station.inspect(self.reader)["device_numbers"][0]


class PcscCounter(Counter):
    def at_rest(self):
        """vpcd's other reader stays empty."""
        return [r for r in self.station.wait_for(
            lambda readers: any(
                r["name"] == PcscToken.reader and r.get("atr") and r["state"] == "present"
                for r in readers),
            "a token at rest in its reader", timeout=DEADLINE) if r.get("atr")]


def pcscd(sheet, chance, rounds):
    with LastingLab() as lab, PcscCounter(sheet, chance, pcsc=lab) as counter:
        token = PcscToken(counter, lab, code(6), code(8))
        counter.codes.add(token.puk)
        longest = counter.undisturbed(token)

        def again():
            lab.stop_pcscd(signal.SIGKILL)
            lab.start_pcscd()
            # pcscd does not look at a card again that it saw before it was asked.
            try:
                token.pull()
            except RuntimeError:
                pass
            token.insert()

        for _ in range(rounds):
            pid = lab.pcscd_pid()
            counter.visit(token, later(counter, longest, lambda: os.kill(pid, signal.SIGKILL)),
                          settle=again)
            sheet.faults += 1
