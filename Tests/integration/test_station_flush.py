"""A flush that fails, by strace: the station says so, tries by itself, and goes on."""

import shutil
import subprocess
import time

import pytest

from pcscd_lab import as_root
from station import PATIENCE

CASE = {"request_number": "1", "managing_body": "b", "holder": "h", "device_number": "1"}


def test_after_a_failed_flush_nothing_is_done_until_the_disk_takes_one(make_station):
    if not shutil.which("strace"):
        pytest.skip("no strace here")
    station = make_station()
    kept = station.open_case("11111111")
    before = station.call("Journal.Head")
    with subprocess.Popen(
            [*as_root(), "strace", "-f", "-p", str(station.pid), "-P", str(station.journal),
             "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO", "-o", "/dev/null"],
            stderr=subprocess.PIPE, text=True) as strace:
        try:
            assert "attached" in strace.stderr.readline()
            records = set(station.state.rglob("vault/*"))
            refusal = station.refusal("Cases.Open", **CASE)
            assert refusal.name == "JournalUnavailable"
            # A crash now might leave its line: what it names stays while that is in doubt.
            assert len(set(station.state.rglob("vault/*")) - records) == 1
            head = station.call("Journal.Head")
            assert not head["writable"] and "input/output error" in head["problem"]
            assert (head["seq"], head["hash"]) == (before["seq"], before["hash"])
            finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                           if f["check"] == "journal")
            assert finding["state"] == "bad"
            assert "ten seconds" in finding["remedy"]
            assert station.refusal("Cases.Close", case=kept, reason="x").name == \
                "JournalUnavailable"
        finally:
            subprocess.run([*as_root(), "kill", "-INT", str(strace.pid)], check=True)
    end = time.monotonic() + PATIENCE
    while not station.call("Journal.Head")["writable"]:
        assert time.monotonic() < end, station.errors()
        time.sleep(0.1)
    while set(station.state.rglob("vault/*")) != records:
        assert time.monotonic() < end, "what no line names stays in the vault"
        time.sleep(0.1)
    station.call("Cases.Close", case=kept, reason="x")
    assert [line["kind"] for line in station.lines()][-2:] == ["journal.recovered", "case.closed"]
    assert "nothing is recorded until" in station.errors() and "again" in station.errors()
    station.verify()
    assert station.stop() == 0
