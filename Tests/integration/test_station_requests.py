"""Requests over the socket: many devices, findings, terms by the calendar, each kind's walk."""

import json
import os
import subprocess

import pytest

from pcscd_lab import ROOT
from station import Station, code, program

CALENDARS = str(ROOT / "config/calendars")


@pytest.fixture
def counter():
    with Station(settings={"calendars": CALENDARS}) as station:
        yield station


def form(*devices, kind="restore", **more):
    """A whole request. All of it is invented."""
    return {
        "kind": kind, "request_number": more.pop("number", "124/UBND-VX"),
        "managing_body": "UBND phường Gia Viên",
        "received": more.pop("received", "2026-08-20T09:00:00+07:00"),
        "contact": {
            "name": "Trần Thị Mẫu", "personal_number": "031000000123",
            "issued_on": "01/02/2022", "issued_at": "Cục Cảnh sát", "position": "Chuyên viên",
            "workplace": "UBND phường Gia Viên", "mobile": "0900000001"},
        "devices": [
            {"device_number": device, "certificate_name": "Nguyễn Thị Ánh",
             "workplace": "UBND phường Gia Viên", "mail": "anhnt@haiphong.gov.vn"}
            for device in devices],
        **more}


# A token whose certificate is that of the form's rows.
NAMED = ["--body", "UBND phường Gia Viên", "--email", "anhnt@haiphong.gov.vn"]


def case(station, number):
    return station.call("Cases.Get", case=number)["case"]


def musts(found):
    return [f["rule"] for f in found["findings"] if f["must_complete"]]


def test_a_request_with_three_devices_is_three_cases_in_one_line(counter):
    before = len(counter.lines())
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222", "33333333"))
    assert taken["valid"], taken["findings"]
    assert len(counter.lines()) == before + 1
    assert taken["request"] == "R2026-000001" and len(taken["cases"]) == 3
    for number in taken["cases"]:
        found = case(counter, number)
        assert found["request"] == taken["request"] and found["state"] == "open"
        assert "refuse" in found["acts"] and "reception-slip" in found["papers"]
    assert counter.verify() == before + 1
    # What it says of people is not in the record.
    text = counter.journal.read_text()
    assert "Ánh" not in text and "031000000123" not in text and "haiphong.gov.vn" not in text


@pytest.mark.parametrize("received, due", [
    # domain.md 6.4, the calendar of 2026.
    ("2026-02-13T16:59:00+07:00", "2026-02-23"), ("2026-04-24T10:00:00+07:00", "2026-04-28"),
    ("2026-08-20T08:00:00+07:00", "2026-08-21"), ("2026-08-21T08:00:00+07:00", "2026-08-22"),
    ("2026-08-28T08:00:00+07:00", "2026-09-03"),
    # The day is the counter's, not UTC's: 23:30 in Hải Phòng and 01:00 of the day after.
    ("2026-08-20T16:30:00Z", "2026-08-21"), ("2026-08-20T18:00:00Z", "2026-08-22"),
])
def test_the_due_date_is_the_calendars(counter, received, due):
    taken = counter.call("Cases.Receive", form=form("11111111", received=received))
    found = case(counter, taken["cases"][0])["due"]
    assert (found["term"], found["date"]) == ("by-date", due)


def test_a_term_beyond_the_calendar_is_unknown_and_says_why(station):
    taken = station.call("Cases.Receive", form=form("11111111"))
    due = case(station, taken["cases"][0])["due"]
    assert due["term"] == "unknown" and due.get("date") is None and "calendar" in due["problem"]


def test_an_incomplete_requests_term_begins_with_its_completion(counter):
    short = form("11111111")
    short["contact"]["personal_number"] = ""
    short["devices"][0]["mail"] = "anh@gmail.com"
    checked = counter.call("Cases.Check", form=short)
    assert not checked["valid"] and len(musts(checked)) == 2
    taken = counter.call("Cases.Receive", form=short)
    assert not taken["valid"] and taken["findings"] == checked["findings"]
    found = case(counter, taken["cases"][0])
    assert found["state"] == "incomplete" and found.get("due") is None
    assert found["papers"] == ["completion-request"]
    token = counter.locked()
    refusal = counter.refusal("Restore.Begin", case=found["case"], reader=token.reader)
    assert refusal.name == "ActRefused" and refusal.fields["state"] == "incomplete"
    whole = form("11111111", received="2026-08-21T08:00:00+07:00")
    done = counter.call("Cases.Complete", request=taken["request"], form=whole)
    assert done["valid"] and done["cases"] == taken["cases"]
    found = case(counter, taken["cases"][0])
    assert (found["state"], found["due"]["date"]) == ("open", "2026-08-22")


def test_the_same_paper_is_not_taken_in_twice_and_its_number_is_told(counter):
    taken = counter.call("Cases.Receive", form=form("11111111"))
    again = counter.refusal("Cases.Receive", form=form("1111-1111"))
    assert again.name == "RequestKnown"
    assert again.fields["request"] == taken["request"]
    assert again.fields["cases"] == taken["cases"]
    # Another paper for the same device is a finding, not a second case that nobody notices.
    other = counter.call("Cases.Check", form=form("11111111", number="125/UBND-VX"))
    assert not other["valid"]


def test_personal_numbers_are_masked_unless_the_right_is_there(counter):
    taken = counter.call("Cases.Receive", form=form("11111111"))
    shown = counter.call("Cases.GetRequest", request=taken["request"])
    assert shown["form"]["contact"]["personal_number"] == "•••••••••123"
    assert "issued_at" not in shown["form"]["contact"]
    refused = counter.refusal("Cases.GetRequest", request=taken["request"], whole=True)
    assert refused.name == "PermissionDenied"
    counter.stop()
    counter.settings["rights"] = {"personal": {"users": [os.getuid()]}}
    counter.start()
    shown = counter.call("Cases.GetRequest", request=taken["request"], whole=True)
    assert shown["form"]["contact"]["personal_number"] == "031000000123"


@pytest.mark.parametrize("number, said", [
    ("2313\u200b0045", "U+200B as character 5"), ("２３１３", "２ (U+FF12) as character 1"),
    ("2313–0045", "– (U+2013)"), ("\ufeff", "U+FEFF"), ("", "is empty")])
def test_a_device_number_is_plain_or_refused_by_its_character(counter, number, said):
    before = counter.lines()
    refusal = counter.refusal(
        "Cases.Open", request_number="1", managing_body="b", holder="h", device_number=number)
    assert (refusal.name, refusal.fields["field"]) == ("FieldInvalid", "device_number")
    assert said in refusal.fields["reason"] and said in refusal.fields["message"]
    assert counter.lines() == before


# Blanks of every kind, what cannot be seen, fillers that count as letters, marks alone.
NOTHING = ["", " ", "\t\n", "\u200b", "\u0000", "\u2800", "\u3164", "\u115f\u1160", "\uffa0",
           "\u00a0\u3000", "\ufeff\u2060", "\u0301", "…!?", "\ue000"]


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_nobody_can_read_is_no_reason_and_no_reference(counter, nothing):
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222"))
    first, second = taken["cases"]
    before = counter.lines()

    def refused(method, field, **arguments):
        refusal = counter.refusal(method, **arguments)
        assert (refusal.name, refusal.fields["field"]) == ("FieldInvalid", field), refusal.fields
        assert field in refusal.fields["message"]

    refused("Cases.Refuse", "reasons[0]", case=first, reasons=[nothing])
    refused("Cases.Refuse", "reasons[1]", case=first, reasons=["mail-private", nothing])
    refused("Cases.Refuse", "reasons[0]", case=first, reasons=["other: " + nothing])
    refused("Cases.Refuse", "reasons[0]", case=first, reasons=["mail-privat"])
    meant = counter.refusal("Cases.Refuse", case=first, reasons=["mail-privat: của riêng"])
    assert "did you mean mail-private?" in meant.fields["message"]
    refused("Cases.Close", "reason", case=first, reason=nothing)
    whole = {"request_number": "9/UBND", "managing_body": "b", "holder": "h",
             "device_number": "33333333"}
    for field in whole:
        refused("Cases.Open", field, **{**whole, field: nothing})
    counter.call("Cases.Refuse", case=second, reasons=["mail-private"])
    refused("Cases.SendNotice", "reference", case=second, to="managing-body", reference=nothing)
    assert len(counter.lines()) == len(before) + 1
    unread = form("44444444", number="7/UBND")
    unread["contact"]["position"] = nothing.replace("\u0000", "")
    found = counter.call("Cases.Check", form=unread)["findings"]
    assert "contact.position" in [f["field"] for f in found]


def test_the_same_notice_is_not_recorded_twice(counter):
    first, second = counter.call("Cases.Receive", form=form("11111111", "22222222"))["cases"]
    for number in (first, second):
        counter.call("Cases.Refuse", case=number, reasons=["mail-private"])
    told = {"case": first, "to": "managing-body", "reference": "45/SKHCN-CNS"}
    counter.call("Cases.SendNotice", **told)
    before = counter.lines()
    for again in (told, {**told, "reference": " 45/skhcn-cns\u00a0"}):
        refusal = counter.refusal("Cases.SendNotice", **again)
        assert (refusal.name, refusal.fields["case"]) == ("NoticeKnown", first)
    assert counter.lines() == before
    # Another addressee, reference or case is another notice; nor does a restart forget.
    counter.call("Cases.SendNotice", **{**told, "to": "provider"})
    counter.call("Cases.SendNotice", **{**told, "reference": "46/SKHCN-CNS"})
    counter.call("Cases.SendNotice", **{**told, "case": second})
    counter.stop()
    counter.start()
    assert counter.refusal("Cases.SendNotice", **told).name == "NoticeKnown"
    counter.verify()


def test_what_officers_wrote_comes_in_pages(counter):
    taken = counter.call("Cases.Receive", form=form("11111111"))
    number = taken["cases"][0]
    counter.call("Cases.Refuse", case=number, reasons=["mail-private"])
    sent = [f"{i}/SKHCN" for i in range(205)]
    for reference in sent:
        counter.call("Cases.SendNotice", case=number, to="managing-body", reference=reference)
    counter.stop()
    counter.settings["rights"] = {"personal": {"users": [os.getuid()]}}
    counter.start()
    first = counter.call("Cases.GetRequest", request=taken["request"], whole=True)
    assert len(first["written"]) == 200 and first["written_next"] == 201
    rest = counter.call(
        "Cases.GetRequest", request=taken["request"], whole=True, written_from=201)
    assert rest.get("written_next") is None
    both = [one["texts"] for one in first["written"] + rest["written"]]
    assert both == [[reference] for reference in sent]
    shown = subprocess.run(
        [program("tokenctl"), "--socket", counter.socket, "--json", "request", "show",
         taken["request"], "--whole"], capture_output=True, text=True, timeout=60)
    assert [one["texts"] for one in json.loads(shown.stdout)["written"]] == both, shown
    beyond = counter.call(
        "Cases.GetRequest", request=taken["request"], whole=True, written_from=999)
    assert beyond["written"] == [] and beyond.get("written_next") is None


def test_what_officers_write_is_in_no_line_and_goes_with_the_rest(counter):
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222"))
    first, second = taken["cases"]
    counter.call("Cases.Refuse", case=first, reasons=["mail-private", "Ông Mẫu đã nghỉ hưu"])
    counter.call("Cases.SendNotice", case=first, to="managing-body", reference="gọi bà Mẫu")
    counter.call("Cases.Close", case=second, reason="bà Mẫu rút đề nghị")
    lines = counter.journal.read_text()
    assert "Mẫu" not in lines and '"reasons":["mail-private","other"]' in lines
    assert counter.call("Cases.GetRequest", request=taken["request"])["written"] == []
    counter.stop()
    counter.settings["rights"] = {"personal": {"users": [os.getuid()]}}
    counter.start()
    shown = counter.call("Cases.GetRequest", request=taken["request"], whole=True)["written"]
    assert [(one["case"], one["act"], one["texts"]) for one in shown] == [
        (first, "refuse", ["mail-private", "Ông Mẫu đã nghỉ hưu"]),
        (first, "send-notice", ["gọi bà Mẫu"]), (second, "close", ["bà Mẫu rút đề nghị"])]
    counter.call("Cases.RemovePersonal", request=taken["request"])
    counter.call("Cases.Close", case=first, reason="bà Mẫu nhận lại")
    assert len(list((counter.state / "vault").iterdir())) == 1
    counter.call("Cases.RemovePersonal", request=taken["request"])
    assert list((counter.state / "vault").iterdir()) == []
    refusal = counter.refusal("Cases.Refuse", case=first, reasons=["other"])
    assert refusal.name == "FieldInvalid"
    counter.verify()


def test_what_a_request_said_of_people_stays_for_a_notice_that_is_to_go(counter):
    taken = counter.call("Cases.Receive", form=form("11111111"))
    number = taken["cases"][0]
    counter.call("Cases.Refuse", case=number, reasons=["not-locked"])
    refusal = counter.refusal("Cases.RemovePersonal", request=taken["request"])
    assert refusal.name == "ActRefused" and refusal.fields["case"] == number
    assert "notice is still to go" in refusal.fields["message"]
    hidden = counter.refusal(
        "Cases.SendNotice", case=number, to="managing-body", reference="12/TB\u200b")
    assert hidden.name == "FieldInvalid" and hidden.fields["field"] == "reference"
    counter.call("Cases.SendNotice", case=number, to="managing-body", reference="12/TB-C")
    known = counter.refusal(
        "Cases.SendNotice", case=number, to="managing-body", reference="12/TB–\u0421")
    assert known.name == "NoticeKnown"
    counter.call("Cases.RemovePersonal", request=taken["request"])


def test_what_a_request_said_of_people_can_be_removed_and_the_chain_holds(counter):
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222"))
    refusal = counter.refusal("Cases.RemovePersonal", request=taken["request"])
    assert refusal.name == "ActRefused"
    for number in taken["cases"]:
        counter.call("Cases.Close", case=number, reason="rút đề nghị")
    counter.call("Cases.RemovePersonal", request=taken["request"])
    assert list((counter.state / "vault").iterdir()) == []
    assert counter.call("Cases.GetRequest", request=taken["request"]).get("form") is None
    assert case(counter, taken["cases"][0]).get("holder") is None
    counter.verify()
    counter.stop()
    counter.start()
    assert counter.call("Cases.GetRequest", request=taken["request"]).get("form") is None


def test_a_row_that_is_no_pki_token_goes_to_the_cuc(counter):
    taken = counter.call("Cases.Receive", form=form("0912345678", "22222222"))
    first, second = taken["cases"]
    bad = counter.refusal("Cases.Route", case=first, carrier="floppy")
    assert bad.name == "FieldInvalid"
    counter.call("Cases.Route", case=first, carrier="sim-pki")
    found = case(counter, first)
    assert found["state"] == "routed" and found["awaits_notice"]
    assert "routing-letter" in found["papers"]
    counter.call("Cases.SendNotice", case=first, to="provider", reference="45/SKHCN-CĐS")
    found = case(counter, first)
    assert not found["awaits_notice"] and found.get("due") is None
    assert [c["case"] for c in counter.call("Cases.ListDue")["cases"]] == [second]


@pytest.mark.parametrize("kind, more, to, paper", [
    ("lost", {"report": "Mất trên đường đi công tác"}, "provider", "form-09"),
    ("misuse", {"report": "Người khác đã dùng thiết bị"}, "authority", "misuse-record"),
    ("return", {"return_reason": "revoked", "noticed": "2026-08-20T08:00:00+07:00"}, "provider",
     "form-08"),
])
def test_a_loss_a_misuse_and_a_return_are_recorded_and_their_notice_goes(
        counter, kind, more, to, paper):
    taken = counter.call("Cases.Receive", form=form("11111111", kind=kind, **more))
    assert taken["valid"], taken["findings"]
    number = taken["cases"][0]
    refusal = counter.refusal("Cases.SendNotice", case=number, to=to, reference="1")
    assert refusal.name == "ActRefused" and "record" in refusal.fields["acts"]
    due = case(counter, number)["due"]
    if kind == "return":
        # domain.md 6.4: five working days after Thursday 20/08, the make-up Saturday counted.
        assert due["date"] == "2026-08-26"
    else:
        assert due["term"] == "at-once" and due.get("late") is not False
    counter.call("Cases.Record", case=number)
    assert paper in case(counter, number)["papers"]
    counter.call("Cases.SendNotice", case=number, to=to, reference="45/SKHCN")
    found = case(counter, number)
    assert found["state"] == "sent" and paper in found["papers"] and found.get("due") is None


def test_a_hand_over_is_recorded_once_its_own_key_is_proven(counter):
    token = counter.token("--key", "9a=p256", *NAMED)
    other = counter.token("--model", "piv", "--key", "9a=p256")
    taken = counter.call(
        "Cases.Receive", form=form(token.number, kind="hand-over", permission="7/QĐ-UBND"))
    assert taken["valid"], taken["findings"]
    number = taken["cases"][0]
    assert counter.refusal("Cases.Record", case=number).name == "ActRefused"
    assert counter.refusal(
        "Restore.Begin", case=number, reader=token.reader).name == "ActRefused"
    wrong = counter.refusal("KeyCheck.Check", reader=other.reader, pin=other.pin, case=number)
    assert wrong.name == "TokenMismatch"
    assert other.spent() == (0, 0)
    # A person decides what a program cannot, and the record says so.
    near = counter.token("--key", "9a=p256", "--holder", "NGUYỄN THI ÁNH",
                         "--serial", "87654321", *NAMED)
    case_of_near = counter.call(
        "Cases.Receive",
        form=form(near.number, kind="hand-over", number="8/UBND", permission="8/QĐ-UBND"))["cases"][0]
    wanted = {"reader": near.reader, "pin": near.pin, "case": case_of_near}
    undecided = counter.refusal("KeyCheck.Check", **wanted)
    assert undecided.name == "ComparisonNeeded"
    assert undecided.fields["comparison"]["to_compare"] == ["certificate_name"]
    assert near.spent() == (0, 0)
    assert counter.call(
        "KeyCheck.Check", compared=["certificate_name"], **wanted)["verdict"]["proven"]
    assert counter.lines()[-2]["what"]["compared"] == ["certificate_name:diacritics"]
    checked = counter.call("KeyCheck.Check", reader=token.reader, pin=token.pin, case=number)
    assert checked["verdict"]["proven"]
    assert checked["next"].startswith("Record the hand-over"), "the case goes on"
    counter.call("Cases.Record", case=number)
    found = case(counter, number)
    assert found["state"] == "recorded" and found["due"]["term"] == "at-once"
    assert {"hand-over-record", "form-07"} <= set(found["papers"])


def test_a_restored_device_stays_due_until_its_body_is_told(counter):
    token = counter.locked(*NAMED)
    taken = counter.call("Cases.Receive", form=form(token.number))
    number = taken["cases"][0]
    permit = counter.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    result = counter.unblock(permit, token.puk, code(6))
    assert result["outcome"] == "restored"
    found = case(counter, number)
    assert found["state"] == "restored" and found["awaits_notice"]
    assert {"restore-notice", "receipt"} <= set(found["papers"])
    assert [c["case"] for c in counter.call("Cases.ListDue")["cases"]] == [number]
    counter.call("Cases.SendNotice", case=number, to="managing-body", reference="46/SKHCN")
    assert counter.call("Cases.ListDue")["cases"] == []


def test_a_kill_between_two_requests_loses_none_and_doubles_none(counter):
    numbers = []
    for i in range(12):
        paper = form(f"3000{i:04}", number=f"{i}/UBND")
        if i % 3 == 2:
            # The answer is lost: asked again, the station says what it knows.
            with counter.dial() as wire:
                wire.send("Cases.Receive", form=paper)
                counter.kill()
            counter.start()
            try:
                numbers += counter.call("Cases.Receive", form=paper)["cases"]
            except Exception as known:
                assert known.name == "RequestKnown"
                numbers += known.fields["cases"]
        else:
            numbers += counter.call("Cases.Receive", form=paper)["cases"]
    listed = [c["case"] for c in counter.call("Cases.List")["cases"]]
    assert sorted(listed) == sorted(numbers) and len(set(numbers)) == 12
    counter.verify()
