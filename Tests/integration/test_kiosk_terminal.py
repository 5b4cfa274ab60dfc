"""The kiosk in a terminal: a restore by keys, by mouse and by finger, against a real agent and a
simulated token; Vietnamese typed by Telex and VNI; what is shown without colours, and told
without a screen."""

import os
import pathlib
import re
import signal
import socket
import struct
import termios
import unicodedata

import pytest

from kiosk_terminal import KEYS, Kiosk
from station import PATIENCE, code

BODY = "Sở Khoa học và Công nghệ Hải Phòng"
HOLDER = "Nguyễn Thị Ánh"


@pytest.fixture
def locked(station):
    """A locked token and a case for it, which the kiosk's first screen has chosen."""
    token = station.locked()
    station.open_case(token.number)
    return token


def was_restored(token, pin):
    assert token.spent() == (0, 0)
    return token.lab.call("KeyCheck.Check", reader=token.reader, pin=pin)["verdict"]["proven"]


def leave_when_done(kiosk, title):
    kiosk.wait_for(title)
    # A result takes no key for a second.
    kiosk.wait(lambda: kiosk.press("enter") or "Mẫu số 06" in kiosk.text, "the first screen")
    assert kiosk.leave() == 0


def test_a_restore_by_keys(station, locked):
    pin = code(6)
    with Kiosk(station) as kiosk:
        kiosk.wait_for(locked.number)
        kiosk.wait_for(locked.reader)
        for title in ["Thiết bị này của ai", "Có khôi phục được không", "Nhập mã mở khóa"]:
            kiosk.press("enter")
            kiosk.wait_for(title)
        kiosk.type(locked.puk + "\r")
        kiosk.wait_for("chọn mật khẩu mới")
        kiosk.type(pin + "\r" + pin + "\r")
        leave_when_done(kiosk, "ĐÃ KHÔI PHỤC")
        assert locked.puk.encode() not in kiosk.output and pin.encode() not in kiosk.output
    assert was_restored(locked, pin)


def test_a_restore_that_the_agent_died_in_is_told_as_the_record_has_it(station, locked):
    pin = code(6)
    with Kiosk(station) as kiosk:
        kiosk.wait_for(locked.number)
        kiosk.wait_for(locked.reader)
        for title in ["Thiết bị này của ai", "Có khôi phục được không", "Nhập mã mở khóa"]:
            kiosk.press("enter")
            kiosk.wait_for(title)
        kiosk.type(locked.puk + "\r")
        kiosk.wait_for("chọn mật khẩu mới")
        # It is still being read when the agent goes: nothing was sent.
        locked.fault("ins=A4,kind=slow:9000")
        kiosk.type(pin + "\r" + pin + "\r")
        kiosk.wait_for("Đang khôi phục thiết bị")
        station.kill()
        station.start()
        kiosk.wait_for("Không có mã nào được gửi vào thiết bị.")
        assert re.search(r"Số lần thử đã dùng +0 ", kiosk.text), kiosk.text
    assert "restore.outcome" in station.kinds() and "restore.intent" not in station.kinds()
    assert locked.spent() == (0, 0)


@pytest.mark.parametrize("columns, rows", [(80, 24), (132, 43)])
def test_a_restore_by_finger_alone(station, locked, columns, rows):
    pin = code(6)
    with Kiosk(station, columns=columns, rows=rows) as kiosk:
        kiosk.wait_for(locked.number)
        kiosk.wait_for(locked.reader)
        assert b"\x1b[?1000h" in kiosk.output and b"\x1b[?1006h" in kiosk.output
        kiosk.touch(locked.number)
        for title in ["Có khôi phục được không", "Nhập mã mở khóa"]:
            kiosk.wait_for("Thiết bị này của ai" if title.startswith("Có") else "Khôi phục được")
            kiosk.touch("Enter")
            kiosk.wait_for(title)
        kiosk.touch_code(locked.puk)
        kiosk.touch("Tiếp tục")
        kiosk.wait_for("chọn mật khẩu mới")
        kiosk.touch_code(pin[:3] + "0")
        kiosk.touch("Lùi")
        kiosk.touch_code(pin[3:])
        kiosk.touch("Nhập lại mật khẩu mới")
        kiosk.touch_code(pin)
        kiosk.touch("Enter")
        leave_when_done(kiosk, "ĐÃ KHÔI PHỤC")
        # Written digits are those of the pad, one at a time: no code.
        assert locked.puk.encode() not in kiosk.output and pin.encode() not in kiosk.output
        assert b"\x1b[?1006l" in kiosk.output and b"\x1b[?1000l" in kiosk.output
    assert was_restored(locked, pin)


def test_the_pad_has_other_places_on_each_screen(station, locked):
    def order(kiosk):
        return re.findall(r"│\s+(\d)\s+(?=│)", "\n".join(line[48:] for line in kiosk.lines))

    with Kiosk(station) as kiosk:
        kiosk.wait_for(locked.number)
        kiosk.wait_for(locked.reader)
        for title in ["Thiết bị này của ai", "Có khôi phục được không", "Nhập mã mở khóa"]:
            kiosk.press("enter")
            kiosk.wait_for(title)
        assert order(kiosk) == []
        orders = set()
        for _ in range(6):
            kiosk.press("f6")
            kiosk.wait(lambda: len(order(kiosk)) == 10, "ten digits")
            orders.add(tuple(order(kiosk)))
            kiosk.press("f6")
            kiosk.wait(lambda: not order(kiosk), "the pad's end")
        assert len(orders) > 1 and all(sorted(one) == list("0123456789") for one in orders)
        # The pull ends what was begun, and the pad with it.
        kiosk.press("f6")
        kiosk.touch_code("12")
        locked.pull()
        kiosk.wait_for("đã được rút ra")
        assert order(kiosk) == []


@pytest.mark.parametrize("method, number, body, holder", [
    ("telex", "45/QDD-SYT", "Sowr Khoa hocj vaf Coong ngheej Hair Phongf", "Nguyeenx Thij Asnh"),
    ("vni", "45/QD9-SYT", "So73 Khoa hoc5 va2 Co6ng nghe65 Ha3i Pho2ng", "Nguye6n4 Thi5 A1nh"),
    ("off", "45/QĐ-SYT", BODY, unicodedata.normalize("NFD", HOLDER))])
def test_vietnamese_is_typed_and_kept_composed(station, method, number, body, holder):
    token = station.locked()
    with Kiosk(station, "--input", method) as kiosk:
        kiosk.wait_for("Mẫu số 06")
        kiosk.wait_for(token.reader)
        kiosk.touch("Khôi phục: nhập nhanh 4 ô")
        # Chosen from the start where nothing is due, else by the first touch.
        if "Số văn bản" not in kiosk.text:
            kiosk.touch("Khôi phục: nhập nhanh 4 ô")
        kiosk.wait_for("Số văn bản")
        assert {"telex": "Telex", "vni": "VNI", "off": "không dấu"}[method] in kiosk.lines[-1]
        kiosk.type(f"{number}\t{body}\t{holder}\t{token.number}\r")
        # Every word was made as the token's certificate has it.
        kiosk.wait_for("Thiết bị khớp với hồ sơ")
    found = station.call("Cases.List")["cases"][0]
    assert (found["request_number"], found["managing_body"], found["holder"]) == (
        "45/QĐ-SYT", BODY, HOLDER)


@pytest.mark.parametrize("term, environment", [
    ("vt220", {}), ("xterm-256color", {"NO_COLOR": "1"})])
def test_without_colours_state_is_still_seen(station, locked, term, environment):
    with Kiosk(station, term=term, environment=environment) as kiosk:
        kiosk.wait_for(locked.number)
        kiosk.settle()
        for numbers in re.findall(rb"\x1b\[([0-9;]*)m", kiosk.output):
            assert all(int(number or 0) < 30 for number in numbers.split(b";")), numbers
        row, column = kiosk.place(locked.number)
        assert kiosk.screen.buffer[row][column].reverse
        kiosk.type(KEYS["down"])
        kiosk.wait(lambda: not kiosk.screen.buffer[row][column].reverse, "another row")
        row, column = kiosk.place("Enter")
        assert kiosk.screen.buffer[row][column].reverse


def screen_of(kiosk):
    """The screen process of the shell's keeper."""
    pid = kiosk.process.pid
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])


@pytest.mark.parametrize("how", ["key", "terminated"])
def test_the_mouse_is_let_go_however_it_ends(station, how):
    with Kiosk(station) as kiosk:
        kiosk.wait_for("Mẫu số 06")
        if how == "key":
            assert kiosk.leave() == 0
        else:
            os.kill(screen_of(kiosk), signal.SIGTERM)
            kiosk.process.wait(timeout=30)
            kiosk.settle()
        assert kiosk.output.rindex(b"\x1b[?1000l") > kiosk.output.rindex(b"\x1b[?1000h")
        assert termios.tcgetattr(kiosk.slave) == kiosk.modes


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_paper_half_typed_survives_a_crash_of_the_screen(station, how):
    with Kiosk(station) as kiosk:
        kiosk.wait_for("Mẫu số 06 và loại khác")
        kiosk.touch("Mẫu số 06 và loại khác")
        kiosk.touch("Mẫu số 06 và loại khác")
        kiosk.wait_for("Hồ sơ mới")
        kiosk.type("\t46/UBND-VP")
        kiosk.wait_for("46/UBND-VP")
        before = len(kiosk.output)
        os.kill(screen_of(kiosk), how)
        kiosk.wait(lambda: b"\x1b[?1049h" in kiosk.output[before:], "the next screen")
        kiosk.wait_for("46/UBND-VP")
        # The terminal was put back in between, and is again at the end.
        assert b"\x1b[?1049l" in kiosk.output[before:]
        assert kiosk.leave() == 0
        assert termios.tcgetattr(kiosk.slave) == kiosk.modes


def test_nothing_is_written_while_nothing_changes(station, locked):
    with Kiosk(station) as kiosk:
        kiosk.wait_for(locked.reader)
        # Until all that it asked for at its start is on the screen.
        kiosk.wait(lambda: not kiosk.read(1.5), "quiet")
        before = len(kiosk.output)
        assert not kiosk.read(1.5)
        # A key that changes nothing, and one that moves one row.
        kiosk.press("up")
        assert len(kiosk.output) == before
        kiosk.type(KEYS["down"])
        kiosk.wait(lambda: len(kiosk.output) > before, "another row")
        kiosk.settle()
        assert len(kiosk.output) - before < 1_500


@pytest.mark.parametrize("arguments, term, environment", [
    (["--plain"], "xterm-256color", {}), ([], "dumb", {}), (["--plain"], "dumb", {"NO_COLOR": "1"})])
def test_a_restore_told_in_lines(station, locked, arguments, term, environment):
    pin = code(6)
    # Long enough for its steps to be told.
    locked.fault("ins=2C,kind=slow:700")
    with Kiosk(station, *arguments, term=term, environment=environment) as kiosk:
        def key(text, words):
            since = len(kiosk.plain)
            kiosk.type(text)
            kiosk.wait_told(words, since)
            kiosk.settle()
            return kiosk.plain[since:]

        kiosk.wait_told("1. 45/SYT")
        kiosk.wait_told(f"{locked.reader}: có thiết bị")
        kiosk.settle()
        told = key("\x1b[B", "(đang chọn)\r\n")
        assert told.startswith("2. ") and told.count("\r\n") == 1
        assert key("\x1b[A", "(đang chọn)\r\n").startswith("1. 45/SYT")
        key("\r", "Thiết bị khớp với hồ sơ.")
        key("\r", "Khôi phục được")
        key("\r", "Mã mở khóa: 0 ký tự")
        assert key(locked.puk[0], "1 ký tự") == "1 ký tự\r\n"
        key(locked.puk[1:], "8 ký tự")
        key("\r", "Mật khẩu mới: 0 ký tự")
        key(pin, "6 ký tự")
        key("\r", "Nhập lại mật khẩu mới: 0 ký tự")
        key(pin, "hai lần nhập giống nhau: đạt")
        told = key("\r", "ĐÃ KHÔI PHỤC")
        assert "Nối với thiết bị: xong" in told
        assert "Mở khóa, đặt mật khẩu mới: đang làm, tối đa" in told
        assert kiosk.leave() == 0
        assert b"\x1b" not in kiosk.output
        assert locked.puk not in kiosk.plain and pin not in kiosk.plain
        assert termios.tcgetattr(kiosk.slave) == kiosk.modes
    assert was_restored(locked, pin)


def test_the_screen_itself_answers_the_service_managers_watchdog(station, tmp_path):
    """The unit starts the keeper, and names its number: who is to be watched is the screen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        manager.settimeout(PATIENCE)
        watched = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000",
                   "WATCHDOG_PID": "1"}
        with Kiosk(station, environment=watched) as kiosk:
            for _ in range(3):
                said, control, _, _ = manager.recvmsg(100, 100)
                assert said == b"WATCHDOG=1"
                sender, _, _ = struct.unpack("iii", control[0][2])
                parent = int(pathlib.Path(f"/proc/{sender}/stat").read_text().split()[3])
                assert parent == kiosk.process.pid
            kiosk.wait_for("TẬP DƯỢT")
            environment = pathlib.Path(f"/proc/{sender}/environ").read_bytes()
            assert b"WATCHDOG_PID" not in environment
