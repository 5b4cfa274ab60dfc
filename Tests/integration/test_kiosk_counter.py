"""The counter's day at the screen, in a terminal against a real agent: an officer signs in, a paper
is typed and taken in, refused, a hand-over's key proves itself, papers are looked at and printed.
What became of it is asked of the agent and read from the journal, never from the screen alone."""

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
