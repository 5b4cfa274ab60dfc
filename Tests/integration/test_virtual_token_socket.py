"""virtual-token on a training agent's socket: vpcd's wire, faults, control, restarts."""

import os
import pathlib
import socket
import subprocess
import tempfile
import shutil
import threading
import time

import pytest

from pcscd_lab import virtual_token

SELECT = bytes.fromhex("00A4040005A000000308")
WRONG = bytes.fromhex("0020008008393939393939FFFF")


class Agent:
    """The reader's side of the socket, as an agent has it."""

    def __init__(self, folder):
        self.path = str(folder / "tokens.sock")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        self.listener.settimeout(10)
        self.link = None

    def accept(self):
        self.link, _ = self.listener.accept()
        self.link.settimeout(10)

    def send(self, data):
        self.link.sendall(len(data).to_bytes(2, "big") + data)

    def receive(self):
        """One answer; None where the token is gone."""
        head = self.link.recv(2, socket.MSG_WAITALL)
        if len(head) < 2:
            return None
        return self.link.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)

    def ask(self, data):
        self.send(data)
        return self.receive()

    def is_silent(self, seconds):
        self.link.settimeout(seconds)
        try:
            self.link.recv(1)
            return False
        except TimeoutError:
            return True
        finally:
            self.link.settimeout(10)


class Started:
    def __init__(self, folder, agent, *arguments):
        self.control_path = str(folder / "control")
        self.process = subprocess.Popen(
            [virtual_token(), "--attach", agent.path, "--control", self.control_path,
             "--key", "9a=p256", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(self.control_path)
            s.sendall(line.encode() + b"\n")
            return s.makefile().readline().strip()


@pytest.fixture
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="vt-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def agent(folder):
    agent = Agent(folder)
    yield agent
    agent.listener.close()
    if agent.link:
        agent.link.close()


@pytest.fixture
def start(folder, agent):
    started = []

    def start(*arguments):
        token = Started(folder, agent, *arguments)
        started.append(token)
        agent.accept()
        return token

    yield start
    for token in started:
        token.process.kill()
        token.process.communicate()


def test_the_wire_is_vpcds(agent, start):
    start()
    assert agent.ask(b"\x04").hex().startswith("3bfd1300008131fe15")
    agent.send(b"\x01")
    assert agent.ask(SELECT)[-2:].hex() == "9000"
    assert agent.ask(WRONG).hex() == "63c2"
    agent.send(b"\x02")
    assert agent.ask(WRONG).hex() == "6d00"


def test_messages_may_come_in_any_pieces(agent, start):
    start()
    stream = b"".join(len(m).to_bytes(2, "big") + m for m in (b"\x01", SELECT, WRONG, b"\x04"))
    for byte in stream:
        agent.link.sendall(bytes([byte]))
    assert agent.receive()[-2:].hex() == "9000"
    assert agent.receive().hex() == "63c2"
    assert agent.receive()[0] == 0x3B
    agent.link.sendall(stream)
    assert [agent.receive()[-2:].hex() for _ in range(2)] == ["9000", "63c1"]


def test_it_is_in_its_reader_only_once_that_has_spoken(agent, start):
    """As the agent's own socket never does, which is easily named in the other's place."""
    token = start()
    said = []
    for stream in (token.process.stdout, token.process.stderr):
        thread = threading.Thread(
            target=lambda stream=stream: said.append(stream.readline()), daemon=True)
        thread.start()
        said_by = thread
    said_by.join(20)
    assert len(said) == 1 and "may be no training station's socket" in said[0], said
    assert token.control("counters").startswith("{")
    agent.ask(b"\x04")
    for _ in range(1000):
        if len(said) == 2:
            break
        time.sleep(0.01)
    assert "in its reader" in said[1]


def test_it_ends_when_the_agent_hangs_up(agent, start):
    token = start()
    agent.link.close()
    assert token.process.wait(timeout=10) == 0


def test_it_stays_when_told_to(agent, start):
    token = start("--stay")
    agent.ask(SELECT)
    agent.link.close()
    agent.accept()
    assert agent.ask(WRONG).hex() == "6d00"
    assert token.control("quit") == "ok"
    assert token.process.wait(timeout=10) == 0


def test_it_says_why_it_cannot_connect(folder):
    done = subprocess.run(
        [virtual_token(), "--attach", str(folder / "nobody"), "--patience", "1"],
        capture_output=True, text=True)
    assert done.returncode == 1
    assert "nobody" in done.stderr and "no such file" in done.stderr


@pytest.mark.parametrize("arguments,words", [
    ([], "--vpcd or --attach"), (["--vpcd", "--key", "9z=p256"], "--key: 9z"),
    (["--vpcd", "--fault", "apdu=1"], "fault apdu=1"), (["--nonsense"], "--nonsense: no such")])
def test_a_wrong_command_line_ends_with_2_and_a_reason(arguments, words):
    done = subprocess.run([virtual_token(), *arguments], capture_output=True, text=True)
    assert done.returncode == 2
    assert words in done.stderr


def test_help_names_every_option():
    text = subprocess.run([virtual_token(), "--help"], capture_output=True, text=True).stdout
    sources = (pathlib.Path(__file__).parents[2] / "Sources/VirtualToken").rglob("*.swift")
    lines = [line for source in sources for line in source.read_text().splitlines()]
    options = {line.split('"')[1] for line in lines if line.strip().startswith('case "--')}
    assert {"--vpcd", "--gzip", "--kdf", "--pinpad"} <= options
    assert not {option for option in options - {"--help"} if option not in text}
    assert "test codes" in text


@pytest.mark.parametrize("kind,left", [("pull-before", 3), ("pull-during", 2)])
def test_a_pull_closes_the_connection(agent, start, kind, left):
    token = start("--fault", f"ins=20,kind={kind}")
    agent.ask(SELECT)
    assert agent.ask(WRONG) is None
    assert token.control("counters") == (
        f'{{"pin":{left},"puk":3,"pinSpent":{3 - left},"pukSpent":0}}')
    assert token.control("insert") == "ok"
    agent.accept()
    assert agent.ask(SELECT)[-2:].hex() == "9000"


def test_a_pull_without_a_way_back_ends_the_program(folder, agent):
    token = subprocess.Popen(
        [virtual_token(), "--attach", agent.path, "--key", "9a=p256",
         "--fault", "ins=20,kind=pull-after"], stdout=subprocess.DEVNULL)
    agent.accept()
    agent.ask(SELECT)
    assert agent.ask(WRONG).hex() == "63c2"
    assert agent.receive() is None
    assert token.wait(timeout=10) == 0


def test_a_mute_card_hears_only_its_power(agent, start):
    start("--fault", "ins=20,kind=mute")
    agent.ask(SELECT)
    agent.send(WRONG)
    assert agent.is_silent(0.05)
    agent.send(SELECT)
    assert agent.is_silent(0.05)
    agent.send(b"\x00")
    agent.send(b"\x01")
    assert agent.ask(SELECT)[-2:].hex() == "9000"
    assert agent.ask(WRONG).hex() == "63c2"


def test_a_mute_card_may_go(agent, start):
    start("--fault", "ins=20,kind=mute:20")
    agent.ask(SELECT)
    assert agent.ask(WRONG) is None


def test_a_slow_card_answers_in_order(agent, start):
    start("--fault", "ins=20,kind=slow:30")
    agent.ask(SELECT)
    agent.send(WRONG)
    agent.send(WRONG)
    assert agent.receive().hex() == "63c2"
    assert agent.receive().hex() == "63c1"


def test_control_while_a_card_is_slow(agent, start):
    token = start("--fault", "ins=20,kind=slow:600000")
    agent.ask(SELECT)
    agent.send(WRONG)
    assert agent.is_silent(0.05)
    assert '"pin":2' in token.control("counters")
    assert token.control("pull") == "ok"
    assert agent.receive() is None


def test_the_state_is_on_disk_before_the_answer_goes_out(folder, agent, start):
    state = folder / "state"
    token = start("--state", str(state))
    agent.ask(SELECT)
    assert agent.ask(WRONG).hex() == "63c2"
    token.process.kill()
    token.process.wait()
    assert " 3 2 1\n" in (state / "token").read_text()
    assert oct((state / "token").stat().st_mode)[-3:] == "600"
    assert oct(state.stat().st_mode)[-3:] == "700"


def test_bad_control_lines_get_a_reason(agent, start):
    token = start()
    assert token.control("dance").startswith("error: counters, log")
    assert token.control("fault ins=2C").startswith("error: fault ins=2C")
    assert token.control("swap /nonexistent/x/y").startswith("error: ")


def test_sigterm_ends_it_and_removes_its_socket(agent, start):
    token = start()
    token.process.terminate()
    assert token.process.wait(timeout=10) == 0
    assert not os.path.exists(token.control_path)
