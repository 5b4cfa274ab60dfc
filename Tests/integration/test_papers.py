"""The counter's papers as programs we did not write see them: html5lib parses each strictly,
WeasyPrint makes a PDF of it, and poppler says what stands there and in which fonts."""

import json
import re
import shutil
import subprocess
import unicodedata

import html5lib
import pytest

from pcscd_lab import tool
from station import ROOT, program

KINDS = [
    "restore-notice", "refusal", "completion-request", "routing-letter", "hand-over-record",
    "form-07", "form-08", "form-09", "misuse-record", "receipt", "reception-slip"]
TEMPLATES = ROOT / "config" / "templates"
OFFICE = ROOT / "config" / "office.json5"
# What stands in each paper, besides Quốc hiệu and Tiêu ngữ.
SAYS = {
    "restore-notice": "Kết quả khôi phục thiết bị lưu khóa bí mật",
    "refusal": "Không chấp nhận đề nghị khôi phục thiết bị lưu khóa bí mật",
    "completion-request": "Cần bổ sung, hoàn thiện",
    "routing-letter": "Cục Chứng thực số và Bảo mật thông tin, Ban Cơ yếu Chính phủ",
    "hand-over-record": "Điều 32 Nghị định số 30/2020/NĐ-CP",
    "form-07": "MẪU TẠM",
    "form-08": "MẪU TẠM",
    "form-09": "MẪU TẠM",
    "misuse-record": "bị sử dụng sai mục đích, bị mất, bị đánh cắp",
    "receipt": "Đầu nhật ký khi in: dòng 1287, mã 9f3c 71d0 52ab 08e4",
    "reception-slip": "Khi đến, xin mang theo giấy này",
}


def tokenctl(*arguments):
    return subprocess.run(
        [program("tokenctl"), *map(str, arguments)], capture_output=True, timeout=60)


def preview(kind, *more, templates=TEMPLATES, office=OFFICE):
    done = tokenctl("template", "preview", kind, "--templates", templates, "--office", office, *more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "strict")


def parsed(paper):
    """The document; any error of the HTML is an error here."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(paper)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


class PDF:
    """A paper printed by WeasyPrint, which may fetch nothing: it has no network here."""

    def __init__(self, paper, folder):
        self.path = str(folder / "paper.pdf")
        alone = ["unshare", "--net", "--map-root-user"] if shutil.which("unshare") else []
        done = subprocess.run(
            [*alone, tool("weasyprint"), "-", self.path], input=paper.encode(),
            capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        self.said = done.stderr.decode()

    def _poppler(self, *arguments):
        return subprocess.run(
            [tool(arguments[0]), *arguments[1:]], check=True, capture_output=True, timeout=60
        ).stdout

    def text(self):
        return " ".join(self._poppler("pdftotext", "-layout", self.path, "-").decode().split())

    def fonts(self):
        lines = self._poppler("pdffonts", self.path).decode().splitlines()[2:]
        # Name, with the letters of a subset before it; the columns emb, sub and uni.
        return {
            re.sub(r"^[A-Z]{6}\+", "", line.split()[0]): line.split()[-5] for line in lines}

    def info(self):
        lines = self._poppler("pdfinfo", self.path).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def margins(self):
        """Left, top, right and bottom of what is printed on the first page, in mm."""
        grey = self._poppler("pdftoppm", "-r", "50", "-gray", "-singlefile", self.path)
        _, size, _, pixels = grey.split(b"\n", 3)
        width, height = map(int, size.split())
        rows = [pixels[y * width:(y + 1) * width] for y in range(height)]
        dark = [(y, [x for x, value in enumerate(row) if value < 160])
                for y, row in enumerate(rows)]
        dark = [(y, xs) for y, xs in dark if xs]
        millimetres = 25.4 / 50
        return [value * millimetres for value in (
            min(xs[0] for _, xs in dark), dark[0][0],
            width - 1 - max(xs[-1] for _, xs in dark), height - 1 - dark[-1][0])]


@pytest.fixture
def qr(tmp_path):
    def make(text):
        path = tmp_path / "qr.svg"
        subprocess.run([tool("qrencode"), "-t", "SVG", "-o", path, text], check=True, timeout=30)
        return path
    return make


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_strict_html_and_a_page_of_a4(kind, tmp_path, qr):
    paper = preview(kind, "--qr", qr("2026-000123 9f3c71d052ab08e4"))
    assert unicodedata.is_normalized("NFC", paper)
    document = parsed(paper)
    assert document.get("lang") == "vi" or document.find(".").get("lang") == "vi"
    assert not document.findall(".//script") and not document.findall(".//link")
    assert SAYS[kind] in text_of(document)
    pdf = PDF(paper, tmp_path)
    assert "WARNING" not in pdf.said and "ERROR" not in pdf.said, pdf.said
    info = pdf.info()
    assert info["Pages"].strip() == "1" and "(A4)" in info["Page size"]
    fonts = pdf.fonts()
    assert all(embedded == "yes" for embedded in fonts.values()), fonts
    # No letter was taken from a font of another design.
    assert all(re.match("Tinos|Times|Liberation|Cousine|Courier", name) for name in fonts), fonts
    text = pdf.text()
    assert unicodedata.is_normalized("NFC", text)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Minh Tân"):
        assert words in text, text
    left, top, right, bottom = pdf.margins()
    # Nghị định 30/2020/NĐ-CP: 20 to 25 above and below, 30 to 35 left, 15 to 20 right.
    assert 29 <= left <= 36 and top >= 19 and right >= 14 and bottom >= 19


def test_a_paper_of_training_says_so_on_every_page(tmp_path):
    template = (TEMPLATES / "refusal.html").read_text()
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    hidden = template.replace("{{> _paper.css}}", "{{> _paper.css}} div { display: none }")
    (folder / "refusal.html").write_text(
        hidden.replace("<h1>", '<p style="margin-top: 400mm">-</p><h1>'))
    pdf = PDF(preview("refusal", "--training", templates=folder), tmp_path)
    assert int(pdf.info()["Pages"]) >= 2
    assert pdf.text().count("TẬP DƯỢT – không có giá trị sử dụng") == int(pdf.info()["Pages"])
    assert "TẬP DƯỢT" not in preview("refusal")


def test_the_qr_code_is_read_as_it_was_written(tmp_path, qr):
    document = parsed(preview("receipt", "--qr", qr("2026-000123 9f3c71d052ab08e4")))
    code = next(e for e in document.iter() if str(e.tag).endswith("svg"))
    assert len([e for e in code.iter()]) == 3
    (tmp_path / "bad.svg").write_text('<svg viewBox="0 0 21 21"><script/></svg>')
    done = tokenctl(
        "template", "preview", "receipt", "--templates", TEMPLATES, "--office", OFFICE,
        "--qr", tmp_path / "bad.svg")
    assert done.returncode == 1 and b"is no QR code" in done.stderr


HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a'b\"c&amp;d</title></p>",
    "{{case.number}} {{#if", "שלום עולם", "Ủy ban nhân dân thị trấn " * 7, "& < > ]]> --> <!--",
    unicodedata.normalize("NFD", "Sở Khoa học và Công nghệ"), "\u0301\u0323a\u0338>", "𝕊ở 👍🏽",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_stay_text(value, tmp_path):
    office = tmp_path / "office.json5"
    office.write_text(json.dumps({
        "office": 1, "name": value, "superior": value, "symbol": "X", "place": "Sông Vân",
        "provider": {"name": value}, "signer": {"position": value, "name": value},
        "bases": [{"text": value, "state": "in-force"}], "copies": [value]}))
    plain = text_of(parsed(preview("restore-notice")))
    for kind in ("routing-letter", "form-09", "receipt"):
        document = parsed(preview(kind, office=office))
        tags = {str(e.tag) for e in document.iter()}
        assert not tags & {"script", "img"}
        assert not [e for e in document.iter() for name in e.keys() if name.startswith("on")]
    paper = preview("restore-notice", office=office)
    shown = text_of(parsed(paper))
    assert " ".join(unicodedata.normalize("NFC", value).split()) in shown
    assert "Nghị định số 68" in plain and "Nghị định số 68" not in shown
    pdf = PDF(paper, tmp_path)
    assert "(A4)" in pdf.info()["Page size"]
    left, _, right, _ = pdf.margins()
    assert left >= 28 and right >= 13, "something is cut off or stands in the margin"


def test_many_rows_run_over_pages_whole(tmp_path):
    """A request of many devices: the head of the table stands again on the next page."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    notice = (TEMPLATES / "restore-notice.html").read_text()
    rows = re.search(r"{{#each devices}}.*?{{/each}}", notice, re.S)[0]
    (folder / "restore-notice.html").write_text(notice.replace(rows, rows * 20))
    pdf = PDF(preview("restore-notice", templates=folder), tmp_path)
    assert int(pdf.info()["Pages"]) >= 3
    text = pdf.text()
    assert text.count("00000001") == text.count("00000002") == 20 and text.count("STT") >= 2


def test_what_ships_is_right_and_a_mistake_is_told_with_its_place(tmp_path):
    assert tokenctl("template", "check", TEMPLATES).returncode == 0
    assert tokenctl("office", "check", OFFICE).returncode == 0
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    notice = folder / "refusal.html"
    lines = notice.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if "<h1>" in line)
    lines[at] = "<h1>{{document.nmber}}</h1>"
    notice.write_text("\n".join(lines))
    (folder / "_signer.html").write_text('<td><img src="http://example.org/a.png"></td>\n')
    done = tokenctl("template", "check", folder)
    told = done.stdout.decode()
    assert done.returncode == 1
    assert f"line {at + 1}, column 5: there is no placeholder \"document.nmber\"" in told
    assert "Did you mean document.number." in told
    assert f"{folder}/_signer.html: 1 mistake\n  line 1, column 15: the picture lies else" in told
    alone = tokenctl("--json", "template", "check", notice, folder / "_signer.html")
    files = json.loads(alone.stdout)["files"]
    assert [f["good"] for f in files] == [False, False]
    assert files[0]["mistakes"][0]["line"] == at + 1
    shown = tokenctl("template", "preview", "refusal", "--templates", folder, "--office", OFFICE)
    assert shown.returncode == 1 and shown.stdout == b"" and b"document.nmber" in shown.stderr
    (folder / "receipt.html").unlink()
    gone = tokenctl("template", "check", folder)
    assert b"this template is missing" in gone.stdout
    unknown = tokenctl("template", "preview", "letter")
    assert unknown.returncode == 2 and b"only restore-notice, refusal" in unknown.stderr


@pytest.mark.parametrize("kib", [300, 600])
def test_a_template_that_is_too_long_is_told_its_one_limit(tmp_path, kib):
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    long = folder / "refusal.html"
    long.write_text(long.read_text() + " " * kib * 1024)
    for path in (folder, long):
        done = tokenctl("template", "check", path)
        told = (done.stdout + done.stderr).decode()
        assert done.returncode == 1 and "256 KiB" in told and "512" not in told, told


def test_the_citys_draft_is_told_and_not_cited():
    done = tokenctl("office", "check", OFFICE)
    assert re.search(r"not cited +Quy định về chữ ký số.*\(a draft\)", done.stdout.decode())
    for kind in KINDS:
        assert "Quy định về chữ ký số chuyên dùng công vụ trên địa bàn" not in preview(kind)
