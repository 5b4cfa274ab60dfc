"""The virtual readers of a training instance, from outside: tokens that come, go and misbehave
leave nothing behind in the process."""

import pytest
from readers_lab import ATR, Card, Probe

READER = "Virtual Reader 00"
READ = "00b0000701"


@pytest.fixture
def station(tmp_path):
    probe = Probe("--virtual", str(tmp_path / "tokens"))
    probe.wait("ready")
    yield probe, str(tmp_path / "tokens")
    probe.kill()


def test_tokens_come_and_go_and_leave_no_descriptor(station):
    probe, path = station
    for _ in range(5):
        card = Card(path)
        state, insertion = probe.reader(READER, "present")
        assert state == f"present:{ATR}"
        probe.apdu(READ, insertion=insertion)
        probe.wait("answer 079000")
        probe.wait("closed")
        card.pull()
        probe.reader(READER, "gone")
    assert probe.quit() == (0, 0)


@pytest.mark.parametrize("behaviour, heard", [
    ("00f2000001", "removed"), ("00f3000001", "mute"), ("00f4000001", "malformed"),
    ("00f5000001", "mute")])
def test_a_token_that_fails_in_a_command_leaves_no_descriptor(station, behaviour, heard):
    probe, path = station
    Card(path)
    probe.reader(READER, "present")
    probe.apdu(f"{behaviour},{READ}", budget=200, cap=500, writes="w")
    assert probe.wait("fault") == f"fault {heard}"
    assert probe.wait("fault") in ("fault removed", "fault deadline")
    probe.reader(READER, "gone")
    assert probe.quit() == (0, 0)


def test_stopped_while_a_token_is_silent(station):
    probe, path = station
    Card(path)
    probe.reader(READER, "present")
    probe.apdu("00f3000001", budget=200)
    probe.wait("overdue step 0 abandoned")
    left, _ = probe.quit()
    assert left == 0
