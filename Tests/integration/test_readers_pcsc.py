"""The room Readers against a real pcscd with vpcd."""

import os
import re
import signal
import sys
import time

import pytest
from readers_lab import ATR, Lab, Probe

READER = "Virtual PCD 00 00"
OTHER = "Virtual PCD 00 01"
READ = "00b0000701"


@pytest.fixture
def lab():
    lab = Lab()
    probes = []

    def probe():
        probes.append(Probe("--pcsc", environment=lab.env))
        return probes[-1]

    lab.probe = probe
    yield lab
    for one in probes:
        one.kill()
    lab.close()


def test_insert_read_pull_insert_again(lab):
    lab.start()
    probe = lab.probe()
    probe.reader(READER, "empty")
    card = lab.card()
    state, first = probe.reader(READER, "present")
    assert state == f"present:{ATR}"
    probe.apdu(READ, insertion=first)
    assert probe.wait("opened") == f"opened {ATR} T=1 extended=false insertion={first}"
    probe.wait("answer 079000")
    assert probe.wait("closed") == "closed connect,step 0"
    card.pull()
    probe.reader(READER, "empty")
    probe.apdu(READ)
    probe.wait("refused there is no card")
    lab.card()
    _, second = probe.reader(READER, "present")
    assert second > first
    probe.apdu(READ, insertion=first)
    probe.wait("refused the card was pulled")
    probe.apdu(READ, insertion=second)
    probe.wait("answer 079000")
    probe.wait("closed")
    assert probe.quit() == (0, 0)


def test_two_readers_work_beside_each_other(lab):
    lab.start()
    card = lab.card(0)
    lab.card(1)
    probe = lab.probe()
    probe.wait(lambda line: line.startswith("list") and line.count("present") == 2)
    probe.apdu("00f11e0501", index=0, budget=10000)
    card.works()
    probe.apdu("00b0000901", index=1)
    probe.wait("answer 099000")
    probe.apdu(READ, index=0)
    probe.wait("refused the reader is at work: probe")
    probe.wait("answer 059000")


def test_a_pull_in_the_middle_of_a_command_is_a_pull(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu("00b0000101,00f2000001,00b0000101")
    probe.wait("answer 019000")
    assert probe.wait("fault") == "fault removed"
    assert probe.wait("fault") == "fault removed"
    probe.wait("closed")
    lab.card()
    probe.reader(READER, "present")
    probe.apdu(READ)
    probe.wait("answer 079000")


@pytest.mark.parametrize("pause", [0, 1.5])
def test_another_card_put_in_during_a_procedure_is_never_gone_on_with(lab, pause):
    """With and without pcscd seeing the pull: it looks at such a reader every 400 ms only."""
    lab.start()
    card = lab.card()
    probe = lab.probe()
    _, first = probe.reader(READER, "present")
    probe.apdu("00f1140101,cold,00b0000101", budget=20000)
    card.works()
    card.pull()
    time.sleep(pause)
    lab.card()
    for _ in range(3):
        assert probe.wait(("fault", "answer", "cold")) in ("fault removed", "fault malformed")
    probe.wait("closed")
    probe.apdu(READ, insertion=first)
    probe.wait("refused the card was pulled")


def test_a_cold_reset_in_a_session(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu(f"{READ},cold,00b0000801")
    probe.wait("answer 079000")
    probe.wait(f"cold {ATR}")
    probe.wait("answer 089000")
    probe.wait("closed")


@pytest.mark.parametrize("mode", ["exclusive", "shared"])
def test_a_holder_is_named_and_not_disturbed(lab, mode):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    client = lab.client(mode)
    probe.apdu(READ)
    state, _ = probe.reader(READER, "busy")
    assert state == f"busy:{os.path.basename(sys.executable)}/{client.pid}"
    line = probe.wait("unopened")
    assert f"{os.path.basename(sys.executable)} (process {client.pid})" in line
    probe.apdu(READ)
    assert f"{os.path.basename(sys.executable)} (process {client.pid})" in probe.wait("unopened")
    client.stdin.write("\n")
    client.stdin.flush()
    assert client.stdout.readline() == "let go\n"
    probe.reader(READER, "present")
    probe.apdu(READ)
    probe.wait("answer 079000")


def test_our_own_procedure_does_not_make_a_reader_busy(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    for _ in range(20):
        probe.apdu(READ)
        probe.wait("closed")
    probe.quit()
    assert not [line for line in probe.seen if "busy" in line]


def test_a_mute_card_is_answered_for_at_the_deadline(lab):
    lab.start()
    card = lab.card(0)
    lab.card(1)
    probe = lab.probe()
    probe.wait(lambda line: line.startswith("list") and line.count("present") == 2)
    probe.apdu(f"00f3000001,{READ}", budget=300)
    probe.reader(READER, "stuck")
    assert probe.wait("overdue") == "overdue step 0 abandoned"
    probe.apdu(READ)
    probe.wait("refused the reader has not come back")
    probe.apdu(READ, index=1)
    probe.wait("answer 079000")
    probe.wait("closed")
    card.pull()
    assert probe.wait("fault") == "fault removed"
    # Nothing is sent any more by a run that was given up.
    assert probe.wait("fault") == "fault deadline"
    probe.wait("closed")
    lab.card(0)
    probe.wait(lambda line: line.startswith("list") and line.count("present") == 2)
    probe.apdu(READ)
    probe.wait("answer 079000")
    probe.wait("closed")
    assert probe.quit() == (0, 0)


def test_a_slow_card_comes_back_and_the_reader_with_it(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu(f"00f1080601,{READ}", budget=300)
    probe.wait("overdue step 0 abandoned")
    probe.wait("answer 069000")
    assert probe.wait("fault") == "fault deadline"
    probe.reader(READER, "present")
    probe.wait("closed")
    probe.apdu(READ)
    probe.wait("answer 079000")


def test_a_writing_command_is_not_given_up_before_the_hard_cap(lab):
    lab.start()
    card = lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu(f"00f1080601,{READ}", budget=300, writes="w")
    probe.wait("overdue step 0 stillWriting")
    probe.wait("answer 069000")
    probe.wait("answer 079000")
    probe.wait("closed")
    probe.apdu("00f3000001", budget=200, cap=600, writes="w")
    probe.wait("overdue step 0 stillWriting")
    probe.reader(READER, "stuck")
    probe.wait("hardcap step 0")
    card.pull()
    probe.wait("fault removed")
    probe.wait("closed")


def test_pcscd_started_late(lab):
    probe = lab.probe()
    probe.wait("ready")
    probe.say("pcsc")
    probe.wait(lambda line: line.startswith("pcsc absent"))
    lab.start()
    lab.card()
    probe.reader(READER, "present")
    probe.apdu(READ)
    probe.wait("answer 079000")
    probe.wait("closed")
    probe.say("pcsc")
    probe.wait("pcsc running")
    assert probe.quit() == (0, 0)


def test_pcscd_killed_and_started_again(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    _, first = probe.reader(READER, "present")
    probe.apdu(READ)
    probe.wait("closed")
    lab.kill()
    probe.reader(READER, "gone")
    lab.start()
    lab.card()
    _, second = probe.reader(READER, "present")
    assert second > first
    probe.apdu(READ)
    probe.wait("answer 079000")
    probe.wait("closed")
    assert probe.quit() == (0, 0)


def test_pcscd_killed_in_the_middle_of_a_command(lab):
    lab.start()
    card = lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu(f"00f1ff0001,{READ}", budget=60000)
    card.works()
    lab.kill()
    assert probe.wait("fault").startswith("fault transport")
    assert probe.wait("fault").startswith("fault transport")
    probe.wait("closed")
    lab.start()
    lab.card()
    probe.reader(READER, "present")
    probe.apdu(READ)
    probe.wait("answer 079000")
    probe.wait("closed")
    assert probe.quit() == (0, 0)


def voluntary_switches(process):
    total = 0
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/status") as status:
            total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read(), re.M)[1])
    return total


@pytest.mark.parametrize("is_running", [True, False])
def test_nothing_wakes_up_while_nothing_happens(lab, is_running):
    if is_running:
        lab.start()
        lab.card()
    probe = lab.probe()
    if is_running:
        probe.reader(READER, "present")
    # pcscd powers an idle card down after a while, and that is an event.
    time.sleep(8 if is_running else 1)
    before = voluntary_switches(probe.child.pid)
    time.sleep(3)
    assert voluntary_switches(probe.child.pid) - before <= 1


def test_stop_does_not_wait_for_a_card_that_hangs(lab):
    lab.start()
    lab.card()
    probe = lab.probe()
    probe.reader(READER, "present")
    probe.apdu("00f3000001", budget=300)
    probe.wait("overdue")
    left, _ = probe.quit()
    assert left == 1
