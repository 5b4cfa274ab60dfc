"""tokenctl at a real terminal and in pipes, against a training station with simulated tokens.

What is judged is what a technician sees: nothing typed is shown, the terminal is put back on
every way out, exit codes are those of the help, and no code ever stands in an argument or in
what is printed.
"""

import json
import os
import pathlib
import pty
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import termios
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 30
PUK, PIN, OTHER = "24681357", "135790", "975310"


def program(name):
    """The program under test: $TOKENCTL and so on, else what `swift build` made."""
    variable = name.upper().replace("-", "_")
    return os.environ.get(variable, str(ROOT / ".build" / "debug" / name))


class Station:
    """A training station in a folder of its own, and tokens for it."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = str(folder / "agent.sock")
        self.processes = []
        config = {
            "mode": "training", "socket": self.socket, "state": str(folder / "state"),
            "readers": {"pcsc": False, "virtual": str(folder / "tokens.sock")},
            "budgets_ms": {"write": 400, "hard_cap": 20000},
        }
        (folder / "agent.json5").write_text(json.dumps(config))
        self.agent = self.start(
            "token-agent", "--config", str(folder / "agent.json5"))
        wait_for(lambda: answers(self.socket))

    def start(self, name, *arguments):
        log = open(self.folder / f"{name}.log", "ab")
        process = subprocess.Popen(
            [program(name), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def token(self, *options, serial="70000001"):
        control = str(self.folder / f"control-{serial}")
        before = len(self.readers())
        self.start(
            "virtual-token", "--attach", str(self.folder / "tokens.sock"), "--control", control,
            "--serial", serial, "--puk", PUK, "--pin", OTHER, *options)
        wait_for(lambda: len([r for r in self.readers() if r["state"] == "present"]) > before)
        return Token(control, serial)

    def environment(self):
        return {**os.environ, "TOKEN_STATION_SOCKET": self.socket, "LC_ALL": "C.UTF-8"}

    def run(self, *arguments, codes=None):
        return subprocess.run(
            [program("tokenctl"), *arguments], env=self.environment(), text=True,
            input="" if codes is None else codes, capture_output=True, timeout=PATIENCE)

    def json(self, *arguments, codes=None):
        done = self.run("--json", *arguments, codes=codes)
        return done.returncode, json.loads(done.stdout)

    def readers(self):
        return self.json("readers")[1]["readers"]

    def terminal(self, *arguments):
        return AtTerminal([program("tokenctl"), *arguments], self.environment())

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=PATIENCE)


class Token:
    def __init__(self, control, serial):
        self.path, self.serial = control, serial
        self.request = ["--request", "45/SYT", "--body",
                        "Sở Khoa học và Công nghệ Hải Phòng", "--holder", "Nguyễn Thị Ánh",
                        "--device", serial]

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(self.path)
            link.sendall(line.encode() + b"\n")
            return link.makefile().readline().strip()

    def counters(self):
        return json.loads(self.control("counters"))


class AtTerminal:
    """A program on a pseudo-terminal: what it shows, what is typed, the terminal's modes."""

    def __init__(self, command, environment):
        self.shown = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, environment)

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def wait_for(self, words):
        end = time.monotonic() + PATIENCE
        while words not in self.shown:
            assert time.monotonic() < end, f"no {words!r} in {self.shown!r}"
            self.read(0.1)

    def read(self, patience):
        if select.select([self.master], [], [], patience)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return False
            self.shown += data.decode()
            return bool(data)
        return True

    def prompt(self, words, answer):
        """Waits for the prompt and for silence, then types."""
        self.wait_for(words)
        wait_for(lambda: not self.echoes())
        self.shown = self.shown.replace(words, "<asked>", 1)
        os.write(self.master, answer.encode())

    def end(self):
        """Reads to the end; the exit code, and whether the terminal is as it was."""
        end = time.monotonic() + PATIENCE
        status = None
        while status is None:
            assert time.monotonic() < end, self.shown
            self.read(0.05)
            pid, found = os.waitpid(self.pid, os.WNOHANG)
            status = found if pid else None
        echoes = self.echoes()
        while self.read(0.1) and select.select([self.master], [], [], 0.05)[0]:
            pass
        os.close(self.master)
        return os.waitstatus_to_exitcode(status), echoes


def answers(path):
    with socket.socket(socket.AF_UNIX) as link:
        return link.connect_ex(path) == 0


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def station():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tokenctl-"))
    station = Station(folder)
    yield station
    station.stop()
    shutil.rmtree(folder)


def test_a_restore_at_a_terminal_shows_nothing_typed(station):
    token = station.token("--locked")
    screen = station.terminal("restore", *token.request)
    screen.prompt("Unblocking code (puk): ", PUK + "\n")
    screen.prompt("New PIN, chosen by the holder: ", "1357x\x7f" + "90\n")
    screen.prompt("New PIN again: ", PIN + "\n")
    code, echoes = screen.end()
    assert code == 0 and echoes
    assert "restored" in screen.shown and "proven to be in the device" in screen.shown
    assert PUK not in screen.shown and PIN not in screen.shown
    assert token.counters()["pin"] == 3 and token.counters()["pukSpent"] == 0
    assert station.run("check-key", codes=PIN + "\n").returncode == 0


def test_entries_that_differ_and_unfit_codes_are_asked_for_again(station):
    token = station.token("--locked")
    screen = station.terminal("restore", *token.request)
    for pin, again in ((PIN, PIN + "1"), ("1", "1")):
        screen.prompt("Unblocking code (puk): ", PUK + "\n")
        screen.prompt("New PIN, chosen by the holder: ", pin + "\n")
        screen.prompt("New PIN again: ", again + "\n")
        screen.wait_for("Once more")
        screen.shown = screen.shown.replace("Once more", "")
    screen.prompt("Unblocking code (puk): ", PUK + "\n")
    screen.prompt("New PIN, chosen by the holder: ", PIN + "\n")
    screen.prompt("New PIN again: ", PIN + "\n")
    assert screen.end() == (0, True)
    assert token.counters()["pukSpent"] == 0


@pytest.mark.parametrize("way", ["^C", "SIGTERM", "SIGHUP", "^\\", "^D"])
def test_leaving_a_prompt_puts_the_terminal_back_and_the_permit(station, way):
    token = station.token("--locked")
    screen = station.terminal("restore", *token.request)
    screen.prompt("Unblocking code (puk): ", PUK + "\n")
    keys = {"^C": "\x03", "^\\": "\x1c", "^D": "\x04"}
    screen.prompt("New PIN, chosen by the holder: ", keys.get(way, "123"))
    if way not in keys:
        os.kill(screen.pid, getattr(signal, way))
    code, echoes = screen.end()
    assert echoes and code == (2 if way == "^D" else 1)
    assert "nothing was sent" in screen.shown or "no code was sent" in screen.shown
    assert PUK not in screen.shown
    assert token.counters()["pukSpent"] == 0
    assert station.json("restores")[1]["restores"][0]["outcome"] == "refused"


def test_a_slow_write_is_followed_to_its_end_and_cannot_be_stopped(station):
    token = station.token("--locked")
    token.control("fault ins=2C,kind=slow:2500")
    screen = station.terminal("restore", *token.request)
    screen.prompt("Unblocking code (puk): ", PUK + "\n")
    screen.prompt("New PIN, chosen by the holder: ", PIN + "\n")
    screen.prompt("New PIN again: ", PIN + "\n")
    screen.wait_for("Do not pull it")
    os.write(screen.master, b"\x03")
    screen.wait_for("It cannot be stopped")
    assert screen.end() == (0, True)
    assert "restored" in screen.shown
    assert token.counters()["pin"] == 3


def test_a_pull_during_the_write_is_unknown_and_exit_5(station):
    token = station.token("--locked")
    token.control("fault ins=2C,kind=pull-during")
    done = station.run("restore", *token.request, codes=f"{PUK}\n{PIN}\n")
    assert done.returncode == 5
    assert "unknown" in done.stderr and "inspect it" in done.stderr
    code, restores = station.json("restores")
    assert (code, restores["restores"][0]["outcome"]) == (0, "unknown")


@pytest.mark.parametrize(
    "codes, code, error",
    [
        (f"99999999\n{PIN}\n", 1, "vn.tokenstation.Restore.WrongUnblockingCode"),
        (f"{PUK}\n1\n", 1, "vn.tokenstation.Restore.CodeUnfit"),
        (f"{PUK}\n{PIN}\n{OTHER}\n", 2, "tokenctl.EntriesDiffer"),
        (f"{PUK}\n", 2, "tokenctl.CodesUnread"),
        (f"{PUK}\n{'1' * 65}\n", 2, "tokenctl.CodesUnread"),
    ],
)
def test_codes_from_a_pipe_that_do_not_do(station, codes, code, error):
    token = station.token("--locked")
    done = station.json("restore", *token.request, codes=codes)
    assert (done[0], done[1]["error"]) == (code, error)
    assert token.counters()["pukSpent"] == (1 if "Wrong" in error else 0)


@pytest.mark.parametrize("again", ["", PIN + "\n", PIN])
def test_the_new_pin_once_or_twice_from_a_pipe(station, again):
    token = station.token("--locked")
    code, document = station.json("restore", *token.request, codes=f"{PUK}\r\n{PIN}\n{again}")
    assert (code, document["result"]["outcome"]) == (0, "restored")
    assert document["permit"]["device_number"] == token.serial


def test_watch_shows_changes_and_ends_on_interrupt(station):
    token = station.token()
    screen = station.terminal("watch")
    screen.wait_for("present")
    token.control("pull")
    screen.wait_for("is gone")
    token.control("insert")
    screen.wait_for("is new")
    os.write(screen.master, b"\x03")
    assert screen.end()[0] == 0


def test_watch_ends_when_nobody_reads_it(station):
    watch = subprocess.Popen(
        [program("tokenctl"), "watch"], env=station.environment(), stdout=subprocess.PIPE)
    assert watch.stdout.readline()
    watch.stdout.close()
    assert watch.wait(timeout=PATIENCE) == 0


def test_names_from_a_token_cannot_drive_the_terminal(station):
    station.token("--holder", "An\x1b]0;owned\x07\u202egnourt\x9b2J")
    screen = station.terminal("inspect")
    assert screen.end()[0] == 0
    assert "\\u{1B}]0;owned\\u{7}\\u{202E}" in screen.shown
    assert not any(c in screen.shown for c in ("\x1b]", "\x07", "\u202e", "\x9b"))
    text = station.run("--json", "inspect").stdout
    assert not any(ord(c) < 32 and c != "\n" or c in "\x9b\u202e" for c in text)
    assert json.loads(text)["token"]["certificates"][0]["common_name"].startswith("An\x1b]0;")


def test_two_tokens_want_a_name(station):
    station.token(serial="70000001")
    station.token(serial="70000002")
    code, document = station.json("inspect")
    assert (code, document["error"]) == (1, "tokenctl.NoReader")
    names = [reader["name"] for reader in station.readers()]
    serials = {station.json("inspect", name)[1]["token"]["serial"] for name in names}
    assert serials == {"70000001", "70000002"}


def test_the_record_is_shown_and_verified_both_ways(station):
    token = station.token("--locked")
    station.run("restore", *token.request, codes=f"{PUK}\n{PIN}\n")
    path = station.folder / "state" / "journal.ndjson"
    raw = station.run("journal", "show", "--from", "1", "--raw").stdout
    assert raw.encode() == path.read_bytes()
    for where in ([], [str(path)]):
        code, document = station.json("journal", "verify", *where)
        assert (code, document["good"]) == (0, True)
    damaged = station.folder / "damaged"
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"service.started", b"service.stopped")
    damaged.write_bytes(b"\n".join(lines))
    done = station.run("journal", "verify", str(damaged), "--socket", "/nonexistent")
    assert done.returncode == 6 and "first bad line     2" in done.stdout


def test_what_is_no_line_is_exported_in_characters_that_can_be_seen(station):
    path = station.folder / "state" / "journal.ndjson"
    lines = path.read_bytes().splitlines()
    mixed = station.folder / "mixed"
    mixed.write_bytes(b"\n".join([
        lines[0], b"\x1b]0;title\x07\x1b[2Jno line\xc2\x9b31m", lines[1],
        '{"a":"\u202eb\u200b"}'.encode(), b""]))
    done = station.run("journal", "export", str(mixed), "--socket", "/nonexistent")
    assert done.returncode == 0, done.stderr
    assert done.stdout.encode().splitlines() == [
        lines[0], rb"\u001b]0;title\u0007\u001b[2Jno line\u009b31m", lines[1],
        rb'{"a":"\u202eb\u200b"}']


@pytest.mark.parametrize("length", [1 << 17, 5 << 20])
def test_an_export_that_ends_before_the_file_says_so(station, length):
    path = station.folder / "state" / "journal.ndjson"
    lines = path.read_bytes().splitlines()
    long = station.folder / "long"
    long.write_bytes(b"\n".join([lines[0], b"x" * length, lines[1], b""]))
    done = station.run("journal", "export", str(long), "--socket", "/nonexistent")
    said = " ".join(done.stderr.split())
    assert done.returncode != 0 and done.stdout.encode().splitlines() == [lines[0]]
    assert f"Line 2 of {long}" in said and "nothing behind it" in said


def test_without_a_pad_no_case_is_opened_and_nothing_spent(station):
    token = station.token()
    code, document = station.json("restore", "--at-pad", *token.request)
    assert (code, document["error"]) == (1, "tokenctl.NoPad")
    code, document = station.json("check-key", "--at-pad")
    assert (code, document["error"]) == (1, "tokenctl.NoPad")
    assert station.json("case", "list", "--all")[1]["cases"] == []
    assert token.counters()["pinSpent"] == 0
    assert "reader's pad       none that can be used" in station.run("inspect").stdout


@pytest.mark.parametrize("command", ["check-key", "timing"])
def test_a_reader_that_is_not_there_is_said_before_a_pin_is_asked_for(station, command):
    # Standard input has no code: what asked for one would say so.
    code, document = station.json(command, "nobody")
    assert (code, document["error"]) == (1, "vn.tokenstation.Devices.ReaderNotFound")


def test_a_reader_is_shown_and_timed(station):
    token = station.token()
    reader = station.readers()[0]["name"]
    done = station.run("reader", reader, "--measure", "20")
    assert done.returncode == 0, done.stderr
    assert "reached by         virtual" in done.stdout
    assert "the card (SELECT)    20" in done.stdout
    code, document = station.json("reader", reader, "--measure", "5")
    assert code == 0
    assert document["description"]["reader"]["name"] == reader
    assert document["device"] is None
    assert document["measured"]["status"]["count"] == 5
    assert token.counters()["pinSpent"] == 0
    code, document = station.json("reader", "nobody")
    assert (code, document["error"]) == (1, "vn.tokenstation.Devices.ReaderNotFound")


def test_a_reader_that_is_not_on_usb_is_given_to_nobody(station, tmp_path):
    station.token()
    rules = tmp_path / "71.rules"
    for name in ("no such reader", "99-99", station.readers()[0]["name"]):
        code, document = station.json("reader", name, "--give", "raw", "--rules", str(rules))
        assert (code, document["error"]) == (1, "tokenctl.NoReader")
    assert not rules.exists()
    assert "virtual reader" in document["parameters"]["message"]


def test_a_model_is_given_before_one_is_plugged_in(station, tmp_path):
    rules = tmp_path / "71.rules"
    give = ("reader", "ffff:ffff", "--give", "raw", "--rules", str(rules))
    code, document = station.json(*give, "--this-one")
    assert (code, document["error"]) == (1, "tokenctl.NoReader") and not rules.exists()
    code, document = station.json(*give)
    assert code == 0 and document["changed"] and document["devices"] == []
    assert 'ATTR{idVendor}=="ffff"' in rules.read_text()


def test_a_station_that_takes_no_connection_is_not_waited_for_without_an_end(station):
    path = str(station.folder / "hangs")
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as first:
        listener.bind(path)
        listener.listen(0)
        first.connect(path)
        for command in (("status",), ("journal", "verify"), ("watch",),
                        ("restores", "follow", "r-0123456789abcdef")):
            code, document = station.json(*command, "--socket", path, "--timeout", "1")
            assert (code, document["error"]) == (3, "tokenctl.NotAccepting"), command
            assert "takes no connection" in document["parameters"]["message"]
            assert "systemctl" in document["parameters"]["next"]
        done = station.run("doctor", "--socket", path, "--timeout", "1")
        assert done.returncode == 1 and "takes no connection" in done.stdout, done.stdout


def test_a_station_that_says_nothing_is_not_waited_for_without_an_end(station):
    """Connected, and then stopped: the kernel still takes what is sent to it."""
    station.agent.send_signal(signal.SIGSTOP)
    try:
        for command in (("status",), ("inspect", "R"), ("journal", "show"), ("case", "list"),
                        ("restores", "cancel", "r-0123456789abcdef")):
            code, document = station.json(*command, "--timeout", "1")
            assert (code, document["error"]) == (3, "tokenctl.ConnectionBroken"), command
    finally:
        station.agent.send_signal(signal.SIGCONT)


def test_without_a_station(station):
    nowhere = ["--socket", str(station.folder / "nobody")]
    code, document = station.json("status", *nowhere)
    assert (code, document["error"]) == (3, "tokenctl.NotReachable")
    done = station.run("doctor", *nowhere)
    assert done.returncode == 1 and "is not there" in done.stdout
    assert station.run("interface", "Restore", *nowhere).stdout.startswith("# The restore")
    assert station.run("version", *nowhere).returncode == 0
