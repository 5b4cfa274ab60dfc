"""Requests taken in from a file, and papers fetched, by tokenctl; the files are written by Python's
csv and json, and what is on record is asked over the socket."""

import csv
import datetime
import json
import os
import stat
import subprocess

import html5lib
import pytest

from pcscd_lab import ROOT
from station import Station, program
from test_day_at_the_counter import clock
from test_station_papers import OFFICE
from test_station_requests import case

NAMES = ["kind", "number", "managing_body", "received", "contact_name",
         "contact_personal_number", "contact_issued_on", "contact_issued_at", "contact_position",
         "contact_workplace", "contact_mobile", "device_number", "certificate_name", "workplace",
         "mail"]


@pytest.fixture
def counter():
    with Station(settings=OFFICE) as station:
        yield station


def tokenctl(station, *arguments, as_json=True):
    done = subprocess.run(
        [program("tokenctl"), *(["--json"] if as_json else []), "--socket", station.socket,
         *map(str, arguments)], capture_output=True, text=True, timeout=60)
    if not as_json:
        return done.returncode, done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def row(number, device, **more):
    return {
        "kind": "restore", "number": number, "managing_body": "UBND phường Gia Viên",
        "received": "2026-08-20T09:00:00+07:00", "contact_name": "Trần Thị Mẫu",
        "contact_personal_number": "031000000123", "contact_issued_on": "01/02/2022",
        "contact_issued_at": "Cục Cảnh sát", "contact_position": "Chuyên viên",
        "contact_workplace": "UBND phường Gia Viên", "contact_mobile": "0900000001",
        "device_number": device, "certificate_name": "Nguyễn Thị Ánh",
        "workplace": "UBND phường Gia Viên", "mail": "anhnt@haiphong.gov.vn", **more}


def table(path, *rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    return path


def cases(station):
    return sorted(c["case"] for c in station.call("Cases.List")["cases"])


def test_a_table_of_two_requests_is_taken_in_and_its_numbers_are_said(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"), row("1/UBND", "22222222"),
                 row("2/UBND", "33333333"))
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 0 and found["mistakes"] == []
    first, second = found["requests"]
    assert (first["state"], second["state"]) == ("taken", "taken")
    assert first["request"] == "R2026-000001" and first["valid"] and not first["findings"]
    assert cases(counter) == sorted(first["cases"] + second["cases"])
    assert case(counter, first["cases"][1])["device_number"] == "22222222"
    shown = counter.call("Cases.GetRequest", request=first["request"])["form"]
    assert shown["contact"]["name"] == "Trần Thị Mẫu"
    assert shown["received"] == "2026-08-20T02:00:00.000Z"
    head = counter.lines()[first["receipt"]["journal_seq"] - 1]
    assert head["kind"] == "request.received"
    # Once more, as after a lost answer.
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 0
    assert [(r["state"], r["request"]) for r in found["requests"]] == [
        ("known", first["request"]), ("known", second["request"])]
    assert len(cases(counter)) == 3
    status, text = tokenctl(counter, "request", "receive", file, as_json=False)
    assert status == 0 and "on record already as R2026-000001" in text


def test_json_as_the_document_system_writes_it_is_taken_in_too(counter, tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{
        "kind": "lost", "number": "7/UBND", "managing_body": "UBND phường Gia Viên",
        "contact": {"name": "Trần Thị Mẫu"}, "devices": [{"device_number": "44444444"}],
        "report": "Mất trên đường"}]))
    status, found = tokenctl(counter, "request", "receive", file)
    rules = {f["rule"] for f in found["requests"][0]["findings"]}
    if rules:
        assert status == 1
        accepted = [word for rule in rules for word in ("--accept", rule)]
        status, found = tokenctl(counter, "request", "receive", file, *accepted)
    assert status == 0 and case(counter, found["requests"][0]["cases"][0])["kind"] == "lost"


def test_findings_stop_the_whole_file_until_each_is_accepted(counter, tmp_path):
    file = table(
        tmp_path / "a.csv", row("1/UBND", "11111111"),
        row("2/UBND", "22222222", mail="anh@gmail.com", contact_personal_number="1"))
    before = len(counter.lines())
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 1
    assert [r["state"] for r in found["requests"]] == ["not-taken", "stopped"]
    rules = {f["rule"] for f in found["requests"][1]["findings"]}
    assert {"mail-private", "personal-number"} <= rules
    status, _ = tokenctl(counter, "request", "receive", file, "--accept", "mail-private")
    assert status == 1 and len(counter.lines()) == before and not cases(counter)
    accepted = [word for rule in rules for word in ("--accept", rule)]
    status, found = tokenctl(counter, "request", "receive", file, *accepted)
    assert status == 0
    first, second = found["requests"]
    assert first["valid"] and not second["valid"]
    assert case(counter, second["cases"][0])["state"] == "incomplete"
    # Given again, with or without what was accepted, both are known by their numbers.
    for again in ([], accepted):
        status, known = tokenctl(counter, "request", "receive", file, *again)
        assert status == 0 and [r["state"] for r in known["requests"]] == ["known", "known"]
        assert [(r["request"], r["cases"]) for r in known["requests"]] == [
            (r["request"], r["cases"]) for r in found["requests"]]
    # Also beside one that is new and stopped.
    more = table(
        tmp_path / "b.csv", row("1/UBND", "11111111"),
        row("3/UBND", "33333333", mail="anh@gmail.com"))
    status, known = tokenctl(counter, "request", "receive", more)
    assert status == 1 and [r["state"] for r in known["requests"]] == ["known", "stopped"]


def test_a_device_that_two_requests_of_a_file_ask_for_stops_the_second(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"), row("2/UBND", "1111-1111"))
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 1
    assert [r["state"] for r in found["requests"]] == ["taken", "stopped"]
    assert [f["rule"] for f in found["requests"][1]["findings"]] == ["device-open"]
    assert len(cases(counter)) == 1
    # The first stays once; the second comes in as it is.
    status, found = tokenctl(
        counter, "request", "receive", file, "--accept", "device-open")
    assert status == 0 and [r["state"] for r in found["requests"]] == ["known", "taken"]


def test_a_hundred_devices_fit_a_call(counter, tmp_path):
    file = table(tmp_path / "a.csv", *(row("1/UBND", str(20_000_000 + n)) for n in range(100)))
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 0 and len(found["requests"][0]["cases"]) == 100


def test_a_file_with_a_mistake_is_not_taken_in_at_all(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"),
                 row("2/UBND", "22222222", received="gestern"))
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 1 and found["requests"] == [] and found["mistakes"][0]["line"] == 3
    assert not cases(counter)


def test_what_was_taken_in_before_the_station_went_is_told(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"))
    counter.stop()
    status, found = tokenctl(counter, "request", "receive", file)
    assert status == 3 and found["error"] == "tokenctl.NotReachable"


def test_a_paper_goes_to_standard_output_or_to_a_file_that_was_not_there(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"))
    number = tokenctl(counter, "request", "receive", file)[1]["requests"][0]["cases"][0]
    status, page = tokenctl(counter, "case", "paper", number, "reception-slip", as_json=False)
    assert status == 0
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Trần Thị Mẫu" in page and "11111111" in page
    out = tmp_path / "slip.html"
    old = os.umask(0)
    try:
        status, found = tokenctl(
            counter, "case", "paper", number, "reception-slip", "--out", out)
    finally:
        os.umask(old)
    assert status == 0 and found == {
        "name": f"reception-slip-{number}.html", "file": str(out)}
    # It names people.
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text() == page
    out.write_text("mine")
    status, found = tokenctl(counter, "case", "paper", number, "reception-slip", "--out", out)
    assert status == 1 and found["error"] == "tokenctl.FileUnwritable"
    assert out.read_text() == "mine"
    # Nor is what a link leads to.
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "elsewhere")
    status, found = tokenctl(counter, "case", "paper", number, "reception-slip", "--out", link)
    assert status == 1 and not (tmp_path / "elsewhere").exists()
    status, _ = tokenctl(
        counter, "case", "paper", number, "reception-slip", "--out", out, "--force")
    assert status == 0 and out.read_text() == page
    status, found = tokenctl(
        counter, "case", "paper", number, "restore-notice", "--out", tmp_path / "no.html")
    assert status == 1 and found["error"].endswith("PaperUnavailable")
    assert not (tmp_path / "no.html").exists()
    status, found = tokenctl(
        counter, "case", "paper", number, "reception-slip", "--out", tmp_path / "no" / "a.html")
    assert status == 1 and found["error"] == "tokenctl.FileUnwritable"


def test_a_qr_code_goes_on_the_paper(counter, tmp_path):
    code = tmp_path / "code.svg"
    try:
        subprocess.run(["qrencode", "-t", "SVG", "-o", code, "2026-000001"], check=True)
    except FileNotFoundError:
        pytest.skip("qrencode is not installed")
    file = table(tmp_path / "a.csv", row("1/UBND", "11111111"))
    number = tokenctl(counter, "request", "receive", file)[1]["requests"][0]["cases"][0]
    status, page = tokenctl(
        counter, "case", "paper", number, "reception-slip", "--qr", code, as_json=False)
    assert status == 0, page
    bad = tmp_path / "bad.svg"
    bad.write_text("<svg onload='x'/>")
    status, found = tokenctl(
        counter, "case", "paper", number, "reception-slip", "--qr", bad)
    assert status == 1 and found["error"].endswith("FieldInvalid")


def test_an_incomplete_request_is_completed_from_a_file(counter, tmp_path):
    file = table(tmp_path / "a.csv", row("7/UBND", "11111111", contact_mobile=""))
    status, found = tokenctl(counter, "request", "receive", file, "--accept", "missing")
    taken = found["requests"][0]
    assert status == 0 and not taken["valid"]
    # With the first paper's time its term would be over before it began.
    early = table(tmp_path / "early.csv", row("7/UBND", "11111111"))
    status, found = tokenctl(counter, "request", "complete", taken["request"], early)
    assert status == 1 and found["error"].endswith("Cases.FieldInvalid")
    assert found["parameters"]["field"] == "received"
    later = "2026-08-20T15:00:00+07:00"
    whole = table(tmp_path / "b.csv", row("7/UBND", "11111111", received=later))
    # Its own case, which is open, is no finding.
    status, found = tokenctl(counter, "request", "complete", taken["request"], whole)
    done = found["requests"][0]
    assert status == 0 and done["valid"] and not done["findings"]
    assert (done["request"], done["cases"]) == (taken["request"], taken["cases"])
    assert case(counter, taken["cases"][0])["state"] == "open"
    status, found = tokenctl(counter, "request", "complete", taken["request"], whole)
    assert status == 1 and found["error"].endswith("Cases.ActRefused")
    two = table(tmp_path / "c.csv", row("8/UBND", "2"), row("9/UBND", "3"))
    status, found = tokenctl(counter, "request", "complete", taken["request"], two)
    assert status == 1 and found["error"] == "tokenctl.NotOneRequest"


def test_what_is_over_is_listed_and_removed_at_once(clock, counter, tmp_path):
    day = datetime.date(2026, 8, 20)
    clock(day, 9)
    file = table(tmp_path / "a.csv", row("7/UBND", "11111111"), row("8/UBND", "22222222"))
    _, found = tokenctl(counter, "request", "receive", file)
    first, second = found["requests"]
    counter.call("Cases.Close", case=first["cases"][0], reason="bà Mẫu rút đề nghị")
    status, found = tokenctl(counter, "request", "forget", "--expired")
    assert status == 1 and found["error"] == "tokenctl.NothingExpires"
    assert "retention_days" in found["parameters"]["message"]
    counter.stop()
    counter.settings["retention_days"] = 30
    counter.start()
    clock(day + datetime.timedelta(days=30), 8)
    assert tokenctl(counter, "request", "expired")[1]["requests"] == []
    clock(day + datetime.timedelta(days=30), 10)
    # The other's case is open.
    listed = tokenctl(counter, "request", "expired")[1]
    assert [one["request"] for one in listed["requests"]] == [first["request"]]
    assert listed["retention_days"] == 30
    status, found = tokenctl(counter, "request", "forget", "--expired")
    assert (status, found) == (0, {"removed": [first["request"]]})
    assert "form" not in counter.call("Cases.GetRequest", request=first["request"])
    assert counter.call("Cases.GetRequest", request=second["request"])["form"]
    assert len(list((counter.state / "vault").iterdir())) == 1
    assert tokenctl(counter, "request", "forget", "--expired") == (0, {"removed": []})
    counter.verify()

