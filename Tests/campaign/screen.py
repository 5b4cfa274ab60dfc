"""The counter's screen on a terminal of its own: a restore by its keys, and kill -9 of either of
its two processes on the way."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import termios
import time

from counter import BODY, DEADLINE, HOLDER, SERIAL, Counter
from ledger import in_memory
from station import program

ROWS, COLUMNS = 24, 80
# A place on the screen, any other escape sequence, or text.
DRAWN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b(?:\[[0-9;?]*[@-~]|[^\[])|([^\x1b\r\n]+)")


class Shell:
    """kiosk-shell, and what stands on its screen."""

    def __init__(self, socket):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(
                program("kiosk-shell"),
                ["kiosk-shell", "--socket", socket, "--language", "en"],
                {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.clear()

    def clear(self):
        self.rows = [[" "] * COLUMNS for _ in range(ROWS + 1)]
        self.place, self.held = (1, 1), b""

    @property
    def screens(self):
        return pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()

    @property
    def screen(self):
        """The process below the keeper."""
        return int(self.screens[0])

    def comes_back(self, old):
        """Waits for the screen of the process behind the one that was killed."""
        end = time.monotonic() + DEADLINE
        while self.screens in ([], [str(old)]):
            if time.monotonic() > end or not self.read(0.05):
                return False
        self.clear()
        return self.sees("To be done")

    def read(self, seconds):
        """Draws what comes; False at the end."""
        if not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return True
        try:
            part = os.read(self.terminal, 65536)
        except OSError:
            return False
        # A sequence or a letter may come in two parts.
        text = (self.held + part).decode(errors="surrogateescape")
        cut = max(text.rfind("\x1b"), len(text) - 3)
        whole = text if text[cut:].isascii() and "\x1b" not in text[cut:] else text[:cut]
        self.held = text[len(whole):].encode(errors="surrogateescape")
        for row, column, words in DRAWN.findall(whole):
            if row:
                self.place = int(row), int(column)
            for letter in words:
                row, column = self.place
                if row <= ROWS and column <= COLUMNS:
                    self.rows[row][column - 1] = letter
                self.place = row, column + 1
        return bool(part)

    def sees(self, words):
        """Waits until the words stand on the screen."""
        end = time.monotonic() + DEADLINE
        while not any(words in "".join(row) for row in self.rows):
            if time.monotonic() > end or not self.read(0.05):
                return False
        return True

    def type(self, text):
        os.write(self.terminal, text.encode())

    def ended(self):
        """Waits until no process has the terminal any more."""
        end = time.monotonic() + DEADLINE
        while self.read(0.05):
            if time.monotonic() > end:
                return False
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        return True


def walk(shell, device, puk, pin):
    """What is seen on each screen of a restore, and what is typed then."""
    yield device, "\x1b[H\r"
    yield "Whose token is this?", "\r"
    yield "Can it be restored?", "\r"
    yield "Enter the unblocking code", puk + "\r"
    yield "Please choose your new PIN", pin + "\r"
    yield "The new PIN again", pin + "\r"
    yield "Tries spent", ""


class ShellCounter(Counter):
    """Visits walked through by the keys of the counter's screen."""

    whom = None

    def serve(self, visit, number, puk):
        for case in self.ask("Cases.List").reply["cases"]:
            # Of the visit before this one: the screen shows one thing to do.
            if case["awaits_notice"]:
                self.ask("Cases.SendNotice", case=case["case"], to="managing-body",
                         reference="45/SKHCN")
            elif case["state"] != "closed":
                self.ask("Cases.Close", case=case["case"], reason="Cơ quan rút đề nghị")
        case = self.ask(
            "Cases.Open", request_number="45/SYT", managing_body=BODY, holder=HOLDER,
            device_number=number).reply
        visit.case = case["case"]
        shell = Shell(self.station.socket)
        steps = list(walk(shell, number, puk, visit.pin))
        # As often at the moment of sending as anywhere before it.
        places = list(range(len(steps) - 2)) + [len(steps) - 2] * 6
        last = self.chance.choice(places) if self.whom else len(steps) - 1
        for words, keys in steps[:last + 1]:
            if not shell.sees(words):
                self.sheet.note("hangs", f"the screen never showed {words!r}")
                break
            shell.type(keys)
        if self.whom:
            time.sleep(self.chance.uniform(0, 0.05))
            screen = shell.screen
            os.kill(screen if self.whom == "screen" else shell.pid, signal.SIGKILL)
            if self.whom == "screen":
                if not shell.comes_back(screen):
                    self.sheet.note("hangs", "no screen came behind the one that was killed")
                shell.type("\x1b[21~")
        else:
            for found in in_memory(shell.screen, [puk, visit.pin]):
                self.sheet.note("secrets found", f"kiosk-shell: {found}")
            # A result takes no key before it can have been read.
            time.sleep(1.1)
            shell.type("\x1b[21~")
        if not shell.ended():
            self.sheet.note("hangs", "a process of kiosk-shell did not end")
            os.kill(shell.pid, signal.SIGKILL)


def shell(sheet, chance, rounds):
    with ShellCounter(sheet, chance) as counter:
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        for _ in range(rounds):
            counter.whom = chance.choice(("screen", "keeper"))
            counter.visit(token, is_right=True)
            sheet.faults += 1
        counter.whom = None
        counter.undisturbed(token)
