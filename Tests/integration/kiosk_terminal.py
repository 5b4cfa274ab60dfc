"""kiosk-shell on a pseudo-terminal, its screen kept by pyte.

    with Kiosk(station) as kiosk:
        kiosk.wait_for("Trạm")
        kiosk.touch("Enter")
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pyte

from station import PATIENCE, program

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B",
    "f2": "\x1bOQ", "f4": "\x1bOS", "f6": "\x1b[17~", "f7": "\x1b[18~", "f10": "\x1b[21~"}


class Kiosk:
    def __init__(self, station, *arguments, columns=80, rows=24, term="xterm-256color",
                 environment=None):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.output = b""
        self.terminal, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.modes = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            [program("kiosk-shell"), "--socket", station.socket, *arguments], stdin=slave,
            stdout=slave, stderr=slave, start_new_session=True,
            env={"PATH": os.environ["PATH"], "TERM": term, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self.terminal)
        os.close(self.slave)

    # What is shown.

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def plain(self):
        """All that was written, as text."""
        return self.output.decode(errors="replace")

    def read(self, patience):
        """Takes what comes in that time; False when nothing did."""
        if not select.select([self.terminal], [], [], patience)[0]:
            return False
        try:
            part = os.read(self.terminal, 1 << 16)
        except OSError:
            return False
        self.output += part
        self.stream.feed(part)
        return True

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"{what} did not come:\n{self.text}")
            self.read(0.2)

    def wait_for(self, words):
        self.wait(lambda: words in self.text, repr(words))

    def wait_told(self, words, since=0):
        """The same of the line mode: in all that was written from `since` on."""
        self.wait(lambda: words in self.plain[since:], repr(words))

    def settle(self):
        """Until nothing comes any more."""
        while self.read(0.15):
            pass

    # What is done.

    def type(self, text):
        os.write(self.terminal, text.encode())

    def press(self, *names):
        for name in names:
            self.type(KEYS[name])
            self.settle()

    def place(self, words):
        """Row and column of words on the screen, from 0."""
        for row, line in enumerate(self.screen.display):
            if words in line:
                # A cell a character: nothing wide is before it on these screens.
                return row, line.index(words)
        raise AssertionError(f"{words!r} is not shown:\n{self.text}")

    def touch(self, words=None, place=None):
        """A press of the first button and its release, in the SGR form."""
        row, column = place or self.place(words)
        self.type(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")
        self.settle()

    def touch_code(self, digits):
        """The digits of the pad, wherever they are now."""
        for digit in digits:
            for row, line in enumerate(self.screen.display):
                found = re.search(r"│\s+" + digit + r"\s+│", line[50:])
                if found:
                    self.touch(place=(row, 50 + found.start() + 3))
                    break
            else:
                raise AssertionError(f"no key {digit}:\n{self.text}")

    def leave(self):
        """F10; the exit code."""
        end = time.monotonic() + PATIENCE
        # What tells a result takes no key for a second.
        while self.process.poll() is None and time.monotonic() < end:
            self.type(KEYS["f10"])
            self.read(0.5)
        self.settle()
        return self.process.poll()
