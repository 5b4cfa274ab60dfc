"""Papers over the socket, filled from the record, and read by parsers that are not ours."""

import datetime
import html.parser
import os
import shutil
import subprocess

import pytest

from pcscd_lab import ROOT
from station import Station, code
from test_day_at_the_counter import clock
from test_station_officers import sign_in, with_password, write_list
from test_station_requests import NAMED, case, form

OFFICE = {
    "calendars": str(ROOT / "config/calendars"), "office": str(ROOT / "config/office.json5"),
    "templates": str(ROOT / "config/templates"), "bodies": str(ROOT / "config/bodies.json5")}


@pytest.fixture
def counter():
    with Station(settings=OFFICE) as station:
        yield station


class Words(html.parser.HTMLParser):
    """What a page shows; its elements are kept by name."""

    def __init__(self, page):
        super().__init__()
        self.names, self.words = set(), []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)

    def handle_data(self, data):
        self.words.append(data)


def text(station, number, paper, **more):
    """The words of a paper, as Python's parser reads them."""
    found = station.call("Cases.GetPaper", case=number, paper=paper, **more)
    assert found["name"] == f"{paper}-{number}.html"
    page = Words(found["html"])
    assert "script" not in page.names
    return " ".join("".join(page.words).split())


def test_the_reception_slip_names_the_devices_and_the_day(counter):
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222"))
    words = text(counter, taken["cases"][0], "reception-slip")
    assert "TẬP DƯỢT" in words
    assert "UBND phường Gia Viên" in words and "Trần Thị Mẫu" in words
    assert "11111111" in words and "22222222" in words
    # Received on Thursday 20/08/2026: one working day later.
    assert "21/08/2026" in words
    assert "031000000123" not in words


def test_the_slip_of_what_is_due_at_once_names_no_day_and_no_restore(counter):
    taken = counter.call(
        "Cases.Receive", form=form("11111111", kind="lost", report="Mất trên đường đi công tác."))
    words = text(counter, taken["cases"][0], "reception-slip")
    assert "giải quyết ngay khi nhận" in words and "Đề nghị khôi phục" not in words


def test_what_is_due_at_once_is_first_and_what_has_no_day_is_last(counter):
    def taken(device, **more):
        return counter.call(
            "Cases.Receive", form=form(device, number=device + "/UBND", **more))["cases"][0]

    no_day = taken("11111111", kind="return", return_reason="expired")
    later = taken("22222222", received="2026-08-21T09:00:00+07:00")
    sooner = taken("33333333")
    lost = taken("44444444", kind="lost", report="Mất trên đường đi công tác.",
                 received="2026-08-20T10:00:00+07:00")
    shown = [c["case"] for c in counter.call("Cases.ListDue")["cases"]]
    assert shown == [lost, sooner, later, no_day]


def test_the_doctor_says_where_nothing_can_be_printed():
    with Station() as station:
        findings = {f["check"]: f for f in station.call("Maintenance.Diagnose")["findings"]}
        assert "nothing can be printed" in findings["papers"]["message"]


def test_the_journals_script_says_nothing_of_what_it_cannot_read(tmp_path):
    done = subprocess.run(
        ["sh", str(ROOT / "Tests/integration/journal_verify.sh"), str(tmp_path / "none")],
        capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == "", done


def test_what_an_incomplete_request_lacks_is_said_in_vietnamese(counter):
    short = form("11111111")
    short["contact"]["personal_number"] = ""
    short["devices"][0]["mail"] = "anh@gmail.com"
    taken = counter.call("Cases.Receive", form=short)
    words = text(counter, taken["cases"][0], "completion-request")
    assert "Số định danh cá nhân" in words and "hộp thư cá nhân" in words
    assert "Địa chỉ thư điện tử công vụ (dòng 1)" in words
    assert "Mẫu số 06, Mục 1" in words and "Mẫu số 06, Mục 2" in words
    body = form("22222222", kind="hand-over", number="9/UBND")
    body["devices"][0]["certificate_name"] = "UBND phường Gia Viên"
    taken = counter.call("Cases.Receive", form=body)
    words = text(counter, taken["cases"][0], "completion-request")
    assert "Điểm b khoản 2 Điều 32 Nghị định số 30/2020/NĐ-CP" in words
    assert "Mẫu số 06, Mục" not in words


def test_notice_and_receipt_of_a_restored_device(counter):
    token = counter.locked(*NAMED)
    taken = counter.call("Cases.Receive", form=form(token.number, "22222222"))
    number = taken["cases"][0]
    refusal = counter.refusal("Cases.GetPaper", case=number, paper="receipt")
    assert refusal.name == "PaperUnavailable" and "reception-slip" in refusal.fields["next"]
    permit = counter.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    done = counter.unblock(permit, token.puk, code(6))
    assert done["outcome"] == "restored"
    notice = text(counter, number, "restore-notice")
    # The other device of the request is not told of yet.
    assert token.number in notice and "22222222" not in notice and "Đã khôi phục" in notice
    receipt = text(counter, number, "receipt")
    assert number in receipt
    # Whose it is need not be who takes it away, and who that was is on no record.
    assert "Thuê bao:Nguyễn Thị Ánh" in receipt
    assert "Người nhận thiết bị:…………" in receipt
    assert receipt.count("Nguyễn Thị Ánh") == 2, "whose it is, and whose certificate"

    def cited(line, digits):
        return f"dòng {line}, mã " + " ".join(digits[i:i + 4] for i in range(0, 16, 4))

    # The line of its result stays; the journal goes on with other cases.
    for device in ("33333333", "44444444"):
        head = counter.call("Journal.Head")
        receipt = text(counter, number, "receipt")
        result = cited(done["journal_seq"], done["journal_head"])
        assert f"Dòng nhật ký của kết quả: {result}" in receipt
        last = cited(head["seq"], head["hash"])
        assert f"Đầu nhật ký khi in: {last}" in receipt
        counter.call("Cases.Receive", form=form(device, number=device + "/UBND"))
    assert result != last


@pytest.mark.parametrize("kind, paper", [
    ("return", "form-08"), ("lost", "form-09"), ("misuse", "misuse-record")])
def test_a_personal_number_is_whole_for_the_right_alone(counter, kind, paper):
    more = {"return": {"return_reason": "expired"}}.get(kind, {"report": "Mất trên đường"})
    paper_in = form("11111111", kind=kind, **more)
    # The subscriber brings the device: papers of anybody else do not stand in the record.
    paper_in["contact"]["name"] = "Nguyễn Thị Ánh"
    number = counter.call("Cases.Receive", form=paper_in)["cases"][0]
    counter.call("Cases.Record", case=number)
    words = text(counter, number, paper)
    assert "031000000123" not in words and "Cục Cảnh sát" not in words
    assert "01/02/2022" not in words
    # The record of misuse has no place for it.
    shown = "•••••••••123 (viết tay các chữ số còn thiếu)" in words
    assert shown == (kind != "misuse")
    counter.stop()
    counter.settings["rights"] = {"personal": {"users": [os.getuid()]}}
    counter.start()
    words = text(counter, number, paper)
    assert ("031000000123" in words) == (kind != "misuse") and "•" not in words
    assert ("ngày cấp: 01/02/2022, nơi cấp: Cục Cảnh sát" in words) == (kind != "misuse")


UNSURE = "(giờ của máy khi đó chưa được đồng bộ)"


def recorded(station):
    """A record of misuse, and who was told of it."""
    number = station.call(
        "Cases.Receive", form=form("11111111", kind="misuse", report="Người khác đã dùng")
    )["cases"][0]
    station.call("Cases.Record", case=number)
    unsaid = text(station, number, "misuse-record")
    assert UNSURE not in unsaid and "chưa xác định" not in unsaid, "a line to write in"
    station.call("Cases.SendNotice", case=number, to="authority", reference="45/SKHCN")
    return number


def test_the_time_of_a_clock_that_is_not_synchronised_is_no_fact(counter):
    if counter.call("Maintenance.Status")["clock"] == "synced":
        pytest.skip("this machine's clock is synchronised")
    number = recorded(counter)
    assert UNSURE in text(counter, number, "misuse-record")
    # As it is found by a start with no memory of its own.
    counter.stop()
    counter.start()
    assert UNSURE in text(counter, number, "misuse-record")
    token = counter.locked(*NAMED)
    number = counter.call("Cases.Receive", form=form(token.number))["cases"][0]
    permit = counter.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    assert counter.unblock(permit, token.puk, code(6))["outcome"] == "restored"
    for paper in ("restore-notice", "receipt"):
        assert UNSURE in text(counter, number, paper)


def test_the_time_of_a_synchronised_clock_stands_alone(clock):
    clock(datetime.date(2026, 8, 21), 9)
    with Station(settings=OFFICE) as station:
        words = text(station, recorded(station), "misuse-record")
    assert "ngày 21/08/2026" in words and UNSURE not in words


def test_a_body_that_gives_or_receives_is_no_person(counter):
    taken = counter.call(
        "Cases.Receive", form=form("11111111", kind="return", return_reason="expired"))
    counter.call("Cases.Record", case=taken["cases"][0])
    back = text(counter, taken["cases"][0], "form-08")
    token = counter.token("--key", "9a=p256", *NAMED)
    given = counter.call("Cases.Receive", form=form(
        token.number, kind="hand-over", number="7/UBND", permission="7/QĐ-UBND"))["cases"][0]
    counter.call("KeyCheck.Check", reader=token.reader, pin=token.pin, case=given)
    counter.call("Cases.Record", case=given)
    over = text(counter, given, "hand-over-record")
    for words, body in ((back, "Bên nhận"), (over, "Bên giao")):
        assert f"{body}: UBND phường Gia Viên Người đại diện:…………" in words
    assert "Ông/Bà:Nguyễn Thị Ánh" in back and back.count("Ông/Bà") == 1
    # Whoever collects by a permission, nobody has said who that is.
    assert ("Bên nhận: Nguyễn Thị Ánh Người nhận thay, theo Văn bản số 7/QĐ-UBND:…………"
            in over) and "Ông/Bà" not in over
    assert "Trần Thị Mẫu" not in back + over, "the contact is no party"


@pytest.mark.parametrize("contact", ["Trần Thị Mẫu", "Nguyễn Thị Ánh"])
@pytest.mark.parametrize("name, is_person", [
    ("Nguyễn Thị Ánh", True), ("UBND phường Gia Viên", False)])
@pytest.mark.parametrize("kind", ["hand-over", "return"])
def test_the_subscriber_receives_and_gives_back_whoever_the_contact_is(
        counter, contact, name, is_person, kind):
    more = {"return": {"return_reason": "expired"}}.get(kind, {})
    token = counter.token("--key", "9a=p256", "--holder", name, *NAMED)
    paper_in = form(token.number, kind=kind, **more)
    paper_in["contact"]["name"] = contact
    paper_in["devices"][0]["certificate_name"] = name
    if kind == "hand-over" and not is_person:
        paper_in["permission"] = "7/QĐ-UBND"
    number = counter.call("Cases.Receive", form=paper_in)["cases"][0]
    if kind == "hand-over":
        counter.call("KeyCheck.Check", reader=token.reader, pin=token.pin, case=number)
    counter.call("Cases.Record", case=number)
    words = text(counter, number, {"return": "form-08"}.get(kind, "hand-over-record"))
    party = {"return": "Bên giao"}.get(kind, "Bên nhận")
    if is_person:
        assert f"{party} Ông/Bà:{name}" in words and words.count(name) >= 3, "row, party, signer"
        assert ("Chuyên viên" in words) == (contact == name)
        assert ("•••••••••123" in words) == (contact == name)
    else:
        assert f"{party}: {name}" in words and "Ông/Bà" not in words
    if contact != name:
        assert contact not in words, "nobody decided that"
    if kind == "hand-over":
        assert name in text(counter, number, "form-07")


def test_the_record_of_a_hand_over_has_what_the_key_check_found(counter):
    token = counter.token("--key", "9a=p256", *NAMED)
    given = counter.call("Cases.Receive", form=form(token.number, kind="hand-over"))["cases"][0]
    wrong = "9" * len(token.pin) if token.pin != "9" * len(token.pin) else "8" * len(token.pin)
    counter.refusal("KeyCheck.Check", reader=token.reader, pin=wrong, case=given)
    counter.call("KeyCheck.Check", reader=token.reader, pin=token.pin, case=given)
    line = counter.lines()[-1]
    assert line["kind"] == "keycheck.outcome" and line["what"]["evidence"]
    counter.call("Cases.Record", case=given)
    when = datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).astimezone(
        datetime.timezone(datetime.timedelta(hours=7)))
    for _ in range(2):
        words = text(counter, given, "hand-over-record")
        assert ("Kết quả kiểm tra khóa bí mật trong thiết bị trước khi giao: khóa bí mật ở trong "
                "thiết bị và khớp với chứng thư (lúc " + when.strftime("%H:%M ngày %d/%m/%Y")
                ) in words
        grades = {
            "attested": "nhà sản xuất xác nhận", "device-says-generated": "thiết bị tự khai khóa",
            "possession": "thiết bị đã ký thử"}
        assert grades[line["what"]["evidence"].split()[0]] in words
        # As it is found by a start with no memory of its own.
        counter.stop()
        counter.start()


def test_papers_have_the_certificates_number_where_the_station_saw_it(counter):
    token = counter.locked(*NAMED)
    number = counter.call("Cases.Receive", form=form(token.number))["cases"][0]
    permit = counter.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    counter.unblock(permit, token.puk, code(6))
    seen = counter.call("Devices.Inspect", reader=token.reader)["token"]["certificates"]
    serial = next(c["serial_number"] for c in seen)
    assert serial in text(counter, number, "receipt")
    # Nobody put this one in.
    lost = counter.call(
        "Cases.Receive", form=form("22222222", kind="lost", report="Mất", number="3/UBND"))
    counter.call("Cases.Record", case=lost["cases"][0])
    assert "chưa xác định" in text(counter, lost["cases"][0], "form-09")


@pytest.mark.skipif(not shutil.which("qrencode"), reason="qrencode is not installed")
def test_a_receipt_takes_the_code_that_qrencode_draws_and_nothing_else(counter):
    token = counter.locked(*NAMED)
    taken = counter.call("Cases.Receive", form=form(token.number))
    number = taken["cases"][0]
    permit = counter.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    counter.unblock(permit, token.puk, code(6))
    drawn = subprocess.run(
        ["qrencode", "-t", "SVG", "-o", "-", f"{number} 0123456789abcdef"],
        capture_output=True, text=True, check=True).stdout
    plain = counter.call("Cases.GetPaper", case=number, paper="receipt")["html"]
    with_code = counter.call("Cases.GetPaper", case=number, paper="receipt", qr=drawn)["html"]
    assert len(with_code) > len(plain) + 500
    bad = counter.refusal(
        "Cases.GetPaper", case=number, paper="receipt", qr="<svg onload='x'></svg>")
    assert bad.name == "FieldInvalid"


@pytest.mark.parametrize("kind, more, act, papers", [
    ("lost", {"report": "Mất trên đường <script>alert(1)</script>"}, "Record", ["form-09"]),
    ("misuse", {"report": "Người khác đã dùng"}, "Record", ["misuse-record"]),
    ("return", {"return_reason": "revoked", "noticed": "2026-08-20T08:00:00+07:00"}, "Record",
     ["form-08"]),
    ("restore", {}, "Refuse", ["refusal"]), ("restore", {}, "Route", ["routing-letter"]),
])
def test_every_kind_has_its_papers(counter, kind, more, act, papers):
    taken = counter.call("Cases.Receive", form=form("11111111", kind=kind, **more))
    number = taken["cases"][0]
    besides = {"Refuse": {"reasons": ["Không đúng <b>thẩm quyền</b>", "mail-private"]},
               "Route": {"carrier": "sim-pki"}}.get(act, {})
    counter.call("Cases." + act, case=number, **besides)
    assert set(papers) <= set(case(counter, number)["papers"])
    for paper in case(counter, number)["papers"]:
        words = text(counter, number, paper)
        assert "11111111" in words
        if paper.startswith("form-"):
            assert "mẫu tạm" in words.lower()
        if paper == "refusal":
            assert "Không đúng <b>thẩm quyền</b>" in words and "hộp thư cá nhân" in words
        if paper == "form-09":
            assert "<script>alert(1)</script>" in words


def test_a_closed_case_has_the_papers_of_what_it_came_to(counter):
    taken = counter.call("Cases.Receive", form=form("11111111", "22222222", "33333333"))
    first, second, third = taken["cases"]
    for number in (first, second):
        counter.call("Cases.Refuse", case=number, reasons=["Không đúng thẩm quyền", "not-locked"])
    before = text(counter, first, "refusal")
    for number in (first, second):
        counter.call("Cases.Close", case=number, reason="xong")
    assert case(counter, first)["papers"] == ["reception-slip", "refusal"]
    words = text(counter, first, "refusal")
    assert "Không đúng thẩm quyền" in words and "22222222" in words and "33333333" not in words
    assert words.count("Không đúng thẩm quyền") == before.count("Không đúng thẩm quyền")
    counter.call("Cases.Close", case=third, reason="rút")
    assert case(counter, third)["papers"] == ["reception-slip"]
    refused = counter.refusal("Cases.GetPaper", case=third, paper="refusal")
    assert refused.name == "PaperUnavailable" and "was open when" in refused.fields["message"]
    # As it is found by a start with no memory of its own.
    counter.stop()
    counter.start()
    assert "Không đúng thẩm quyền" in text(counter, first, "refusal")


def test_papers_name_the_officer_who_is_signed_in(make_station, tmp_path):
    people = tmp_path / "officers.json5"
    write_list(people, with_password("lan"), with_password("hai"))
    station = make_station(settings={
        **OFFICE, "officers": str(people), "sign_in": {"required": ["counter"]}})
    lan = sign_in(station, "lan")
    token = station.locked(*NAMED)
    number = lan.call("Cases.Receive", form=form(token.number))["cases"][0]

    def officer(wire, paper):
        page = Words(wire.call("Cases.GetPaper", case=number, paper=paper)["html"])
        return [name for name in ("Lan", "Hai") if name in page.words]

    assert officer(lan, "reception-slip") == ["Lan"]
    permit = lan.call("Restore.Begin", case=number, reader=token.reader)["permit"]
    done = lan.call(
        "Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk, new_pin=code(6))
    assert done["result"]["outcome"] == "restored"
    hai = sign_in(station, "hai", lan)
    # Who did it, and not who prints it.
    assert officer(hai, "receipt") == ["Lan"] and officer(hai, "reception-slip") == ["Hai"]


def test_without_the_offices_files_there_are_no_papers_and_it_is_said(station):
    taken = station.call("Cases.Receive", form=form("11111111"))
    refusal = station.refusal(
        "Cases.GetPaper", case=taken["cases"][0], paper="reception-slip")
    assert refusal.name == "PaperUnavailable" and "office" in refusal.fields["message"]
