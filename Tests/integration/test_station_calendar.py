"""The station's calendar: read at start, read again on SIGHUP, kept where a file is wrong, and
shown by status and doctor."""

import json
import shutil
import signal
import subprocess
import time

import pytest

from station import ROOT, Station, program


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "calendars"
    folder.mkdir()
    shutil.copy(ROOT / "config/calendars/2026.json5", folder)
    return folder


def until(look, what):
    for _ in range(100):
        found = look()
        if what(found):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def tokenctl(station, *arguments):
    return subprocess.run(
        [program("tokenctl"), "--socket", station.socket, *arguments], capture_output=True,
        text=True, timeout=60)


def test_a_reload_takes_new_files_and_keeps_the_old_where_one_is_wrong(folder):
    with Station(settings={"calendars": str(folder)}) as station:
        def status():
            return station.call("Maintenance.Status").get("calendar")

        def finding():
            findings = station.call("Maintenance.Diagnose")["findings"]
            return next(f for f in findings if f["check"] in ("calendar", "office files"))

        assert (status()["from"], status()["to"]) == ("2026-01-01", "2026-12-31")
        assert status()["not_confirmed"] == 3
        shutil.copy(ROOT / "config/calendars/2027.json5", folder)
        station.process.send_signal(signal.SIGHUP)
        until(status, lambda s: s["to"] == "2027-12-31")
        shown = tokenctl(station, "status")
        assert "2026-01-01 to 2027-12-31" in shown.stdout, shown
        (folder / "2028.json5").write_text(
            '{\n "calendar": 1, "title": "L",\n "covers": "2028-01-01..2028-12-41"\n}')
        station.process.send_signal(signal.SIGHUP)
        kept = until(status, lambda s: s.get("problem"))
        assert kept["to"] == "2027-12-31"
        assert f"{folder}/2028.json5: line 3, column 12: covers: " in kept["problem"]
        assert finding()["state"] == "bad" and "2028.json5" in finding()["message"]
        assert f"{folder}/2028.json5" in tokenctl(station, "doctor").stdout
        (folder / "2028.json5").unlink()
        station.process.send_signal(signal.SIGHUP)
        until(status, lambda s: not s.get("problem"))
        assert finding()["state"] != "bad"


def test_a_wrong_calendar_is_told_with_every_mistake_before_a_start(tmp_path, folder):
    (folder / "2027.json5").write_text('{\n  "calendar": 1,\n  "tilte": "L"\n}')
    (folder / "2028.json5").write_text("{")
    bodies = tmp_path / "bodies.json5"
    bodies.write_text("{\n <")
    config = tmp_path / "agent.json5"
    config.write_text(json.dumps({
        "mode": "training", "socket": str(tmp_path / "s"), "state": str(tmp_path / "state"),
        "readers": {"pcsc": False, "virtual": str(tmp_path / "v")}, "calendars": str(folder),
        "bodies": str(bodies)}))
    done = subprocess.run(
        [program("token-agent"), "--config", str(config), "--check-config"],
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"{folder}/2027.json5: line 3, column 3: tilte: unknown key" in done.stderr
    assert f"{folder}/2028.json5: line 1, column 2: " in done.stderr
    assert f"{bodies}: line 2, column 2: " in done.stderr


def test_a_start_takes_every_file_that_is_right_and_says_which_is_not(tmp_path, folder):
    office = tmp_path / "office.json5"
    shutil.copy(ROOT / "config/office.json5", office)
    (folder / "2026.json5").write_text("{")
    settings = {"calendars": str(folder), "office": str(office),
                "templates": str(ROOT / "config/templates")}
    with Station(settings=settings) as station:
        def status():
            return station.call("Maintenance.Status")

        def wrong():
            findings = station.call("Maintenance.Diagnose")["findings"]
            return [f["message"].split(":")[0] for f in findings if f["check"] == "office files"]

        assert status().get("calendar") is None and wrong() == ["calendar"]
        assert f"{folder}/2026.json5: line 1, column 2: " in status()["office_problem"]
        assert "2026.json5" in tokenctl(station, "status").stdout
        number = station.call(
            "Cases.Receive", form={"kind": "restore", "request_number": "1", "managing_body": "b",
                                   "devices": [{"device_number": "11111111"}]})["cases"][0]
        assert station.call("Cases.GetPaper", case=number, paper="completion-request")["html"]
        # A wrong office now, and the calendar is put right: each stands by itself.
        shutil.copy(ROOT / "config/calendars/2026.json5", folder)
        office.write_text("{ <")
        station.process.send_signal(signal.SIGHUP)
        until(status, lambda s: s.get("calendar"))
        assert wrong() == ["office"] and "office.json5" in status()["office_problem"]
        assert station.call("Cases.GetPaper", case=number, paper="completion-request")["html"]


def test_what_is_seldom_meant_in_a_calendar_is_told(folder):
    (folder / "2027.json").write_text("{}")
    (folder / "2027.json5").write_text(
        '{"calendar": 1, "title": "L", "covers": "2027-01-01..2027-12-31",\n'
        ' "holidays": [{"days": "2027-06-01..2027-08-31", "name": "Hè"}]}')
    (folder / "2028.json5").write_text(
        '{"calendar": 1, "title": "L", "covers": "2028-01-01..2028-12-31"}')
    with Station(settings={"calendars": str(folder)}) as station:
        findings = station.call("Maintenance.Diagnose")["findings"]
        found = next(f for f in findings if f["check"] == "calendar")
        assert found["state"] == "warning"
        for words in ("2027.json is passed over", "this holiday has 92 days",
                      "2028 has no holiday at all"):
            assert words in found["message"], found
        checked = tokenctl(station, "calendar", "check", str(folder))
        assert checked.returncode == 0
        for words in ("2027.json is passed over", "line 2: this holiday has 92 days",
                      "2028 has no holiday at all"):
            assert words in checked.stdout, checked


def test_without_a_calendar_the_doctor_says_that_due_dates_are_unknown(tmp_path):
    empty = tmp_path / "none"
    empty.mkdir()
    with Station(settings={"calendars": str(empty)}) as station:
        assert station.call("Maintenance.Status").get("calendar") is None
        findings = station.call("Maintenance.Diagnose")["findings"]
        found = next(f for f in findings if f["check"] in ("calendar", "office files"))
        assert found["state"] == "warning" and "due dates are unknown" in found["message"]
