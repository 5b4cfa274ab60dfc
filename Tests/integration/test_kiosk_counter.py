"""The counter's day at the screen, in a terminal against a real agent: an officer signs in, a paper
is typed and taken in, refused, a hand-over's key proves itself, papers are looked at and printed.
What became of it is asked of the agent and read from the journal, never from the screen alone."""

import csv
import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from kiosk_terminal import Kiosk
from station import Station
from test_station_officers import PASSWORDS, with_password, write_list
from test_station_papers import OFFICE
from test_station_requests import NAMED, case, form

HOME = "Việc cần làm"


@pytest.fixture
def counter():
    with Station(settings=OFFICE) as station:
        yield station


def find(kiosk, words, title):
    """From the first screen to the case that the words find."""
    kiosk.wait_for(HOME)
    kiosk.type(words)
    kiosk.wait_for("Gõ để tìm theo số")
    kiosk.wait(lambda: words in kiosk.text, words)
    kiosk.settle()
    kiosk.press("enter")
    kiosk.wait_for(title)


def choose(kiosk, words):
    """A choice of a case, by finger: the first touch chooses, the second goes on."""
    kiosk.wait_for(words)
    kiosk.settle()
    before = len(kiosk.output)
    kiosk.touch(words)
    kiosk.wait(lambda: len(kiosk.output) > before, f"an answer to a touch of {words!r}")
    kiosk.settle()
    if words in kiosk.text:
        kiosk.touch(words)


def test_a_paper_is_typed_checked_and_taken_in(counter):
    with Kiosk(counter) as kiosk:
        kiosk.wait_for(HOME)
        choose(kiosk, "Hồ sơ Mẫu số 06")
        kiosk.wait_for("Văn bản đề nghị")
        entries = ["\t124/UBND-VX", "UBND phuwowngf Gia Vieen", "20/08/2026 09:00",
                   "Traanf Thij Maaux", "031", "01/02/2022", "Cucj Carnh sats", "Chuyeen vieen",
                   "UBND phuwowngf Gia Vieen", "0900000001", "31099804117752",
                   "Nguyeenx Thij Anhs", "UBND phuwowngf Gia Vieen", "anhnt@haiphong.gov.vn", ""]
        for entry in entries:
            kiosk.type(entry + "\t")
            kiosk.settle()
        kiosk.wait_for("Còn 1 điểm phải bổ sung")
        # Enter leads to the gap; the number was cut short.
        kiosk.press("enter")
        kiosk.wait_for("phải đủ 12 chữ số")
        kiosk.type("000000123")
        kiosk.type("\x1b[6~\x1b[6~")
        kiosk.wait_for("Hồ sơ hợp lệ")
        kiosk.press("enter")
        kiosk.wait_for("Đã nhận hồ sơ")
        assert kiosk.leave() == 0
    taken = counter.call("Cases.List")["cases"]
    assert [one["managing_body"] for one in taken] == ["UBND phường Gia Viên"]
    assert taken[0]["state"] == "open" and taken[0]["due"]["date"] == "2026-08-21"
    shown = counter.call("Cases.GetRequest", request=taken[0]["request"])["form"]
    assert shown["contact"]["name"] == "Trần Thị Mẫu"
    assert shown["contact"]["personal_number"].endswith("123")
    assert shown["devices"][0]["certificate_name"] == "Nguyễn Thị Ánh"


@pytest.fixture
def requests(tmp_path):
    """A folder with a table of three requests, one file that nobody can read, and a stick's."""
    folder = tmp_path / "requests"
    (folder / "stick").mkdir(parents=True)
    paper = form("31099804117752")
    contact, row = paper["contact"], paper["devices"][0]
    with (folder / "a.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["number", "managing_body", "received"]
                       + ["contact_" + name for name in contact] + list(row))
        for number, device, mail in [
                ("1/UBND", "31099804117752", row["mail"]), ("2/UBND", "31099804117753", "a@gmail.com"),
                ("3/UBND", "31099804117754", row["mail"])]:
            values = {**row, "device_number": device, "mail": mail}
            table.writerow([number, paper["managing_body"], "20/08/2026 09:00", *contact.values(),
                            *values.values()])
    (folder / "bad.csv").write_text("number,colour\n1,2\n")
    del paper["request_number"]
    (folder / "stick" / "b.json").write_text(json.dumps([{**paper, "number": "4/UBND"}]))
    # The newest is listed first.
    for age, name in enumerate(["a.csv", "bad.csv", "stick/b.json"]):
        os.utime(folder / name, (1_700_000_000 - age, 1_700_000_000 - age))
    return folder


SIZES = [(80, 24), (100, 30), (132, 43)]


@pytest.mark.parametrize("columns, rows", SIZES)
def test_the_valid_requests_of_a_file_are_taken_in_once(counter, requests, columns, rows):
    with Kiosk(counter, "--import", str(requests), columns=columns, rows=rows) as kiosk:
        kiosk.wait_for(HOME)
        choose(kiosk, "Hồ sơ từ tệp")
        kiosk.wait_for("a.csv")
        assert "bad.csv" in kiosk.text and "b.json" in kiosk.text
        kiosk.settle()
        kiosk.press("enter")
        kiosk.wait_for("2 hợp lệ")
        assert not counter.call("Cases.List")["cases"], "reading takes nothing in"
        # The finding of the second, with its line and field.
        kiosk.press("down")
        kiosk.wait_for("dòng 3, thiết bị 1, 2.4 Thư điện tử công vụ")
        kiosk.type("\x1bOR")
        kiosk.wait_for("đã nhận 2")
        taken = counter.call("Cases.List")["cases"]
        assert {one["request_number"] for one in taken} == {"1/UBND", "3/UBND"}
        # On purpose only, and incomplete.
        kiosk.settle()
        kiosk.press("up", "up", "up", "down")
        kiosk.wait_for("F9")
        kiosk.type("\x1b[20~")
        kiosk.wait_for("đã nhận 3")
        # The same file again: nothing comes twice.
        kiosk.settle()
        kiosk.press("escape")
        kiosk.wait_for("a.csv")
        kiosk.press("enter")
        kiosk.wait(lambda: kiosk.text.count("có từ trước") == 3, "all known without a key")
        assert kiosk.leave() == 0
    assert len(counter.call("Cases.List")["cases"]) == 3


def test_a_sticks_file_in_english_and_one_that_nobody_reads(counter, requests):
    with Kiosk(counter, "--language", "en", "--import", str(requests)) as kiosk:
        kiosk.wait_for("Requests from a file")
        choose(kiosk, "Requests from a file")
        kiosk.wait_for("bad.csv")
        choose(kiosk, "bad.csv")
        kiosk.wait_for("line 1, character 8")
        assert "No column is called so" in kiosk.text
        kiosk.press("escape")
        kiosk.wait_for("b.json")
        choose(kiosk, "b.json")
        kiosk.wait_for("valid")
        kiosk.settle()
        kiosk.press("enter")
        kiosk.wait_for("taken in: R2026-")
        assert kiosk.leave() == 0
    taken = counter.call("Cases.List")["cases"]
    assert [one["request_number"] for one in taken] == ["4/UBND"]


def test_an_officer_signs_in_and_the_record_names_them(make_station, tmp_path):
    path = tmp_path / "officers.json5"
    write_list(path, with_password("lan", ("counter",)), with_password("hai", ("counter",)))
    station = make_station(
        settings={"officers": str(path), "sign_in": {"required": ["counter"]}})
    with Kiosk(station, columns=100, rows=30) as kiosk:
        kiosk.wait_for("Chọn tên của mình")
        kiosk.press("enter")
        kiosk.wait_for("Mật khẩu của Lan")
        kiosk.type("không phải\r")
        kiosk.wait_for("Mật khẩu không đúng")
        kiosk.type(PASSWORDS["lan"] + "\r")
        kiosk.wait_for("Cán bộ: Lan")
        choose(kiosk, "Khôi phục: nhập nhanh")
        kiosk.wait_for("Số văn bản đề nghị")
        for entry in ["45/SKHCN\r", "Sowr Y tees\r", "Nguyeenx Thij Anhs\r", "12345678\r"]:
            kiosk.type(entry)
            kiosk.settle()
        kiosk.wait_for("Mời cắm thiết bị")
        assert PASSWORDS["lan"].encode() not in kiosk.output
        assert kiosk.leave() == 0
    opened = [line for line in station.lines() if line["kind"] == "request.received"]
    assert opened and opened[-1]["who"]["officer"] == "lan"
    kinds = [line["kind"] for line in station.lines()]
    assert "officer.refused" in kinds and "officer.signed-in" in kinds


def test_an_officer_of_a_list_read_anew_signs_in_at_the_screen_that_ran(make_station, tmp_path):
    path = tmp_path / "officers.json5"
    write_list(path)
    station = make_station(settings={"officers": str(path)})
    with Kiosk(station, columns=100, rows=30) as kiosk:
        kiosk.wait_for(HOME)
        choose(kiosk, "Đăng nhập cán bộ")
        kiosk.wait_for("Trạm chưa có danh sách cán bộ")
        write_list(path, with_password("lan", ("counter",)))
        os.kill(station.pid, signal.SIGHUP)
        deadline = time.monotonic() + 20
        while not station.call("Officers.List")["officers"] and time.monotonic() < deadline:
            time.sleep(0.02)
        choose(kiosk, "Đăng nhập cán bộ")
        kiosk.wait_for("Lan (lan)")
        kiosk.press("enter")
        kiosk.wait_for("Mật khẩu của Lan")
        kiosk.type(PASSWORDS["lan"] + "\r")
        kiosk.wait_for("Cán bộ: Lan")
        assert kiosk.leave() == 0


def test_a_request_is_refused_with_its_reason(counter):
    taken = counter.call("Cases.Receive", form=form("31099804117752"))
    with Kiosk(counter) as kiosk:
        find(kiosk, "31099804117752", "Hồ sơ " + taken["cases"][0])
        choose(kiosk, "Từ chối đề nghị")
        kiosk.wait_for("Lý do được in vào thông báo")
        kiosk.press("enter")
        kiosk.type("\x1b[6~")
        kiosk.settle()
        kiosk.press("enter")
        kiosk.wait_for("đã từ chối")
    assert case(counter, taken["cases"][0])["state"] == "refused"


def test_a_hand_overs_key_proves_itself_and_is_recorded(counter, tmp_path):
    token = counter.token("--key", "9a=p256", *NAMED)
    taken = counter.call(
        "Cases.Receive", form=form(token.number, kind="hand-over", permission="7/QĐ-UBND"))
    number = taken["cases"][0]
    assert not case(counter, number)["key_proven"]
    printed = tmp_path / "printed.html"
    with Kiosk(counter, "--print", f"cat > {printed}") as kiosk:
        kiosk.wait_for(token.reader)
        find(kiosk, token.number, "Hồ sơ " + number)
        choose(kiosk, "Kiểm tra khóa trong thiết bị")
        kiosk.wait_for("Thiết bị này của ai")
        kiosk.press("enter")
        kiosk.wait_for("Mời chủ thiết bị nhập mật khẩu")
        # Nothing of the staff's work is on the holder's screen.
        assert "UBND phường Gia Viên" not in kiosk.text and number not in kiosk.text
        kiosk.type(token.pin + "\r")
        kiosk.wait_for("THIẾT BỊ GIỮ KHÓA")
        assert token.pin.encode() not in kiosk.output
        # A result takes no key for a second.
        kiosk.wait(lambda: kiosk.press("enter") or "Lập biên bản" in kiosk.text
                   and "Hồ sơ " + number in kiosk.text, "the case")
        kiosk.wait_for("khóa đã được chứng minh, chờ lập biên bản")
        assert case(counter, number)["key_proven"]
        choose(kiosk, "Lập biên bản")
        kiosk.wait_for("Ghi nhận")
        kiosk.press("enter")
        kiosk.wait_for("Đã lập biên bản")
        choose(kiosk, "Thông báo bàn giao (Mẫu 07)")
        kiosk.wait_for("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        kiosk.press("enter")
        end = time.monotonic() + 20
        while not (printed.exists() and "</html>" in printed.read_text()):
            assert time.monotonic() < end, kiosk.text
            kiosk.read(0.2)
    assert case(counter, number)["state"] == "recorded"
    assert token.spent() == (0, 0)
    assert "Mẫu số 07" in printed.read_text()


@pytest.mark.skipif(not shutil.which("qrencode"), reason="qrencode is not installed")
@pytest.mark.parametrize("command, has_code", [
    ("qrencode -t SVG -o -", True), ("exit 1", False), ("echo '<svg/>'", False)])
def test_a_slip_is_printed_with_its_code_or_without(counter, tmp_path, command, has_code):
    taken = counter.call("Cases.Receive", form=form("31099804117752"))
    number = taken["cases"][0]
    printed = tmp_path / "printed.html"
    with Kiosk(counter, "--print", f"cat > {printed}", "--qr", command) as kiosk:
        find(kiosk, "31099804117752", "Hồ sơ " + number)
        choose(kiosk, "Giấy tiếp nhận")
        kiosk.wait_for("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        assert ("Không vẽ được mã QR" in kiosk.text) != has_code
        kiosk.press("enter")
        kiosk.wait_for("Đã chuyển lệnh in")
    drawn = None
    if has_code:
        head = counter.call("Journal.Head")["hash"][:16]
        drawn = subprocess.run(
            ["qrencode", "-t", "SVG", "-o", "-"], input=f"{number} {head}",
            capture_output=True, text=True, check=True).stdout
    page = counter.call("Cases.GetPaper", case=number, paper="reception-slip", qr=drawn)["html"]
    assert printed.read_text() == page
