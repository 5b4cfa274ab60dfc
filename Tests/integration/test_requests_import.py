"""Requests as other programs write them: Python's csv and json are the judges of what
`tokenctl request check` reads, and its codecs of what it refuses. No station is needed.
"""

import csv
import datetime
import io
import json
import os
import pathlib
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKENCTL = os.environ.get("TOKENCTL") or str(
    pathlib.Path(os.environ.get("STATION_BIN", ROOT / ".build" / "debug")) / "tokenctl")

CONTACT = {
    "name": "1.1. Họ và tên", "personal_number": "Số định danh cá nhân", "issued_on": "NGÀY CẤP",
    "issued_at": "Nơi cấp", "position": "Chức vụ", "workplace": "Cơ quan, tổ chức công tác",
    "mobile": "So dien thoai di dong"}
DEVICE = {
    "device_number": "Số hiệu thiết bị lưu khóa bí mật",
    "certificate_name": "Tên chứng thư chữ ký số", "workplace": "Cơ quan, tổ chức công tác",
    "mail": "Địa chỉ thư điện tử công vụ", "certificate_serial": "Số hiệu chứng thư"}
REQUEST = {
    "kind": "Loại yêu cầu", "number": "Số, ký hiệu",
    "managing_body": "Cơ quan, tổ chức quản lý trực tiếp", "received": "Thời điểm nhận",
    "permission": "Văn bản cho phép bàn giao", "return_reason": "Lý do thu hồi",
    "noticed": "Ngày nhận thông báo thu hồi", "report": "Nội dung báo cáo"}

# Letters of every kind, decomposed ones, blanks, and all that means something in either format.
# Texts end in a letter that only Vietnamese has: else some would look like those of VNI fonts.
LETTERS = "aàảãáạâơưđĐỹ AZaz09,;\t\"'\r\n\\/{}[]:&.-–\u00a0\u0301\u0323\u202e\ufeff字😀"
texts = st.text(LETTERS, max_size=12).map(lambda text: text and text + "ư")
words = st.text(LETTERS, max_size=12).map(lambda text: text + "ư")
times = st.none() | st.datetimes(
    datetime.datetime(1900, 1, 1), datetime.datetime(9999, 12, 31)
).map(lambda time: time.isoformat(timespec="milliseconds") + "Z")
rows = st.fixed_dictionaries(
    {name: words if name == "device_number" else texts for name in DEVICE})
requests = st.lists(
    st.fixed_dictionaries({
        "kind": st.sampled_from(["restore", "hand-over", "return", "lost", "misuse"]),
        "number": words, "managing_body": words, "received": times,
        "contact": st.fixed_dictionaries({name: texts for name in CONTACT}),
        "devices": st.lists(rows, max_size=3), "permission": texts,
        "return_reason": st.sampled_from([None, "expired", "revoked"]), "noticed": times,
        "report": texts}),
    max_size=4,
    # Requests that follow each other are told apart by their numbers.
    unique_by=lambda request: request["number"])
quick = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def check(folder, data, *options):
    """What `request check` makes of a file with these bytes."""
    path = folder / "requests"
    path.write_bytes(data)
    run = subprocess.run(
        [TOKENCTL, "request", "check", str(path), "--json", *options], capture_output=True,
        timeout=30)
    assert run.returncode in (0, 1), run.stderr
    said = json.loads(run.stdout)
    assert (run.returncode == 0) == said["valid"]
    return said


def plain(request):
    return {key: value for key, value in request.items() if key not in ("line", "valid", "findings")}


def test_there_is_a_program():
    assert os.access(TOKENCTL, os.X_OK), f"no tokenctl at {TOKENCTL}"


@quick
@given(written=requests, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]))
def test_what_json_writes_is_read(tmp_path, written, ascii_only, indent):
    text = json.dumps(written, ensure_ascii=ascii_only, indent=indent)
    said = check(tmp_path, text.encode())
    assert said["mistakes"] == [] and said["format"] == "json"
    assert [plain(request) for request in said["requests"]] == written


@quick
@given(
    written=requests, on_paper=st.booleans(), once=st.booleans(), mark=st.booleans(),
    delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_csv_writes_is_read(
        tmp_path, written, on_paper, once, mark, delimiter, end, quoting):
    names = [("request", name) for name in REQUEST] + [("contact", name) for name in CONTACT]
    names += [("device", name) for name in DEVICE]
    heading = {
        "request": lambda name: REQUEST[name] if on_paper else name,
        "contact": lambda name: CONTACT[name] if on_paper else "contact_" + name,
        "device": lambda name: DEVICE[name] if on_paper else name}
    # Python's writer quotes a bare CR only where its own line ends have one (RFC 4180: always).
    if "\\r" in json.dumps(written):
        end = "\r\n"
    page = io.StringIO(newline="")
    writer = csv.writer(page, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow([heading[part](name) for part, name in names])
    for request in written:
        for i, row in enumerate(request["devices"] or [dict.fromkeys(DEVICE, "")]):
            cells = {
                "request": lambda name: request[name], "contact": lambda name: request["contact"][name],
                "device": lambda name: row[name]}
            below = once and i > 0
            writer.writerow([
                "" if below and part != "device" else cells[part](name) or ""
                for part, name in names])
    said = check(tmp_path, (b"\xef\xbb\xbf" if mark else b"") + page.getvalue().encode())
    assert said["mistakes"] == [] and said["format"] == "csv"
    assert [plain(request) for request in said["requests"]] == written


@pytest.mark.parametrize("encoding, told", [
    ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
    ("latin-1", "not UTF-8"), ("cp1258", "not UTF-8")])
def test_other_encodings_are_told_and_refused(tmp_path, encoding, told):
    name = "Lê Văn Tám" if encoding.startswith("utf") else "Lê Tám"
    said = check(tmp_path, f"number,contact_name\n1,{name}\n".encode(encoding))
    assert not said["good"] and said["requests"] == []
    assert told in said["mistakes"][0]["wrong"] and "UTF-8" in said["mistakes"][0]["wrong"]


def test_utf8_that_was_read_as_windows_letters(tmp_path):
    twice = "Nguyễn Đình Phước".encode().decode("latin-1")
    said = check(tmp_path, f"number,contact_name\n1,{twice}\n".encode())
    assert [(m["line"], m["column"], m["path"]) for m in said["mistakes"]] == [(2, 3, "contact_name")]


def test_findings_and_the_alias_table(tmp_path):
    bodies = tmp_path / "bodies.json5"
    bodies.write_text("""{ "bodies": 1, "changes": [ // invented
        { "old": "phường Cầu Đá", "new": "phường Ven Sông", "from": "2020-07-01" }, ] }""")
    text = json.dumps([{
        "number": "1/UBND", "managing_body": "UBND phường Cầu Đá",
        "contact": {
            "name": "Trần Văn Bình", "personal_number": "031099000123", "issued_on": "01/07/2021",
            "issued_at": "Công an", "position": "Chuyên viên", "mobile": "0912345678",
            "workplace": "UBND phường Ven Sông"},
        "devices": [{
            "device_number": "23130045", "certificate_name": "Nguyễn Thị Hòa",
            "workplace": "UBND phường Ven Sông", "mail": "hoant@gmail.com"}]}])
    said = check(tmp_path, text.encode(), "--bodies", str(bodies))
    assert [
        (f["field"], f["label"], f["rule"], f["severity"]) for f in said["requests"][0]["findings"]
    ] == [
        ("managing_body", None, "body-renamed", "notice"),
        ("devices[0].mail", "2.4", "mail-private", "must-complete")]
    # Without --json nothing is shown of what the paper says of people.
    shown = subprocess.run(
        [TOKENCTL, "request", "check", str(tmp_path / "requests")], capture_output=True, text=True,
        timeout=30)
    assert shown.returncode == 1
    assert "devices[0].mail (2.4): mail-private (must-complete)" in shown.stdout
    for secret in ("031099000123", "Bình", "Hòa", "hoant", "0912345678"):
        assert secret not in shown.stdout


def test_mistakes_in_an_alias_table(tmp_path):
    bodies = tmp_path / "bodies.json5"
    bodies.write_text("""{ "bodies": 1, "changes": [
        { "old": "xã Một", "new": "xã Hai", "from": "2025-07-01" },
        { "old": "xã Hai", "new": "xã Một", "from": "2025-07-01" }, ] }""")
    run = subprocess.run(
        [TOKENCTL, "bodies", "check", str(bodies), "--json"], capture_output=True, timeout=30)
    said = json.loads(run.stdout)["files"][0]
    assert run.returncode == 1 and not said["good"]
    assert [mistake["line"] for mistake in said["mistakes"]] == [2, 3]
    shipped = subprocess.run(
        [TOKENCTL, "bodies", "check", str(ROOT / "config" / "bodies.json5")], capture_output=True,
        text=True, timeout=30)
    assert shipped.returncode == 0 and "right" in shipped.stdout
