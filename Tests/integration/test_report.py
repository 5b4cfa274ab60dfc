"""Statistics judged by a foreign reader: the totals that Python's json makes of the exported lines
by itself must be those of the table, and html5lib must find nothing wrong in the page."""

import collections
import csv
import datetime
import hashlib
import io
import json
import random
import subprocess

import html5lib
import pytest

from pcscd_lab import ROOT
from station import code, program

ZONE = datetime.timezone(datetime.timedelta(hours=7))
CALENDARS = str(ROOT / "config/calendars")


def tokenctl(*arguments, socket=None, text=True):
    where = ["--socket", socket] if socket else []
    return subprocess.run(
        [program("tokenctl"), *where, *map(str, arguments)], capture_output=True, text=text,
        timeout=60)


def report(*arguments, **more):
    done = tokenctl("--json", "report", "--calendar", CALENDARS, *arguments, **more)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


class Fold:
    """The cases of a journal, by what docs/report.md says and with no code of the station."""

    def __init__(self, lines, first=None, last=None):
        self.cases, self.requests = {}, {}
        self.refusals = collections.Counter()
        self.families = collections.defaultdict(collections.Counter)
        self.restores = {}
        self.first = first
        self.received = 0
        for line in lines:
            day = self.day(line["time"])
            if last and day > last:
                continue
            self.take(line, day, line["what"])

    @staticmethod
    def day(time):
        moment = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ")
        return moment.replace(tzinfo=datetime.timezone.utc).astimezone(ZONE).date()

    def within(self, day):
        return not self.first or day >= self.first

    def take(self, line, day, what):
        case = self.cases.get(line.get("case"))
        kind = line["kind"]
        if kind == "request.received":
            self.received += self.within(day)
            self.requests[what["request"]] = [row["case"] for row in what["rows"]]
            for row in what["rows"]:
                self.cases[row["case"]] = {
                    "kind": what["name"], "body": what["managingBody"], "since": day, "done": None,
                    "state": "incomplete" if what.get("missing") else "open", "reopened": False}
        elif kind == "request.completed":
            for number in self.requests[what["request"]]:
                if self.cases[number]["state"] == "incomplete" and not what.get("missing"):
                    self.cases[number]["state"] = "open"
        elif kind == "case.refused":
            self.come(case, "refused", day, what["reasons"])
        elif kind == "case.routed":
            self.come(case, "routed", day)
        elif kind == "case.recorded":
            case["state"] = "recorded"
        elif kind == "case.notice-sent" and case["state"] == "recorded":
            self.come(case, "sent", day)
        elif kind == "case.closed":
            case["closed"] = True
            if case["done"] is None:
                self.come(case, "closed", day)
        elif kind == "restore.begun":
            if case["done"] is not None:
                case["reopened"] |= not self.within(case["done"]) and self.within(day)
            case.update(done=None, state="in-progress", serial=what["token"]["serial"])
            self.restores[what["restore"]] = [what["token"]["family"], "running", self.within(day)]
        elif kind in ("restore.outcome", "restore.resolved"):
            self.restores[what["restore"]][1] = what["outcome"]
            if not case.get("closed"):
                self.come(case, what["outcome"], day, what.get("reasons", []))
        elif kind == "keycheck.outcome" and case and what["outcome"] == "proven":
            if case["state"] == "unblocked-unproven" and case["serial"] == what["serial"]:
                self.come(case, "restored", day)

    def come(self, case, state, day, reasons=()):
        if state in ("restored", "refused", "routed", "sent", "closed"):
            case["done"] = case["done"] or day
        case.update(state=state, reasons=list(reasons))

    def counted(self):
        return [c for c in self.cases.values()
                if c["done"] is None or self.within(c["done"]) or c["reopened"]]

    def origin(self, case):
        if self.within(case["since"]):
            return "received"
        return "reopened" if case["reopened"] else "carried-over"


def expect_same(found, fold):
    cases = fold.counted()
    assert found["requests"] == fold.received
    for by, name, tally in groups(found):
        own = [c for c in cases if by == "total" or c[by] == name]
        assert tally["cases"] == len(own) == tally["origins"]["total"], (by, name)
        for key, count in [("origins", fold.origin), ("states", lambda c: c["state"])]:
            counts = collections.Counter(map(count, own))
            shown = {k: n for k, n in tally[key].items() if n and k != "total"}
            assert shown == dict(counts), (by, name, key)
        assert tally["done"]["total"] == sum(c["done"] is not None for c in own)
        assert tally["open"]["total"] == sum(c["done"] is None for c in own)
        for key in ("origins", "done", "open", "states", "days"):
            parts = [n for k, n in tally[key].items() if k != "total"]
            assert sum(parts) == tally[key]["total"], (by, name, key)
    reasons = collections.Counter(
        r for c in cases if c["state"] == "refused" for r in c["reasons"])
    assert {r["reason"]: r["cases"] for r in found["refusals"]} == dict(reasons)
    families = collections.Counter((f, o) for f, o, w in fold.restores.values() if w)
    shown = {(r["family"], fate): n for r in found["restores"]
             for fate, n in r["counts"].items() if n and fate != "total"}
    assert shown == dict(families)


def groups(found):
    yield "total", "", found["total"]
    for kind, tally in found["kinds"].items():
        yield "kind", kind, tally
    for body in found["bodies"]:
        yield "body", body["name"], body["counts"]


def form(kind, body, number, devices, **more):
    """A whole request. All of it is invented."""
    return {
        "kind": kind, "request_number": number, "managing_body": body,
        "contact": {
            "name": "Trần Thị Mẫu", "personal_number": "031000000123",
            "issued_on": "01/02/2022", "issued_at": "Cục Cảnh sát", "position": "Chuyên viên",
            "workplace": body, "mobile": "0900000001"},
        "devices": [
            {"device_number": device, "certificate_name": "Nguyễn Thị Ánh", "workplace": body,
             "mail": "anhnt@haiphong.gov.vn"} for device in devices],
        "report": "Mất trên đường đi công tác", "permission": "7/QĐ-UBND",
        "return_reason": "expired", **more}


def busy(station):
    """Some cases of each kind, in each state that is reached without a token and in some more."""
    chance = random.Random(6)
    numbers = iter(range(40_000_000, 50_000_000))
    kinds = ["restore"] * 4 + ["lost", "misuse", "return", "hand-over"]
    bodies = ["UBND phường Gia Viên", "=1+1, \"sở\" <b>lạ</b>", "Sở Y tế"]
    open_cases = []
    for n in range(24):
        paper = form(kinds[n % len(kinds)], bodies[n % 3], f"{n}/UBND",
                     [str(next(numbers)) for _ in range(1 + n % 3)])
        if n % 5 == 4:
            paper["contact"]["personal_number"] = "1"
        taken = station.call("Cases.Receive", form=paper)
        open_cases += taken["cases"]
    for number in open_cases:
        case = station.call("Cases.Get", case=number)["case"]
        act = chance.choice([*case["acts"], None])
        if act == "refuse":
            reasons = chance.sample(["mail-private", "not-locked: a, \"b\"", "Bà Mẫu ốm"], 2)
            station.call("Cases.Refuse", case=number, reasons=reasons)
        elif act == "route":
            station.call("Cases.Route", case=number, carrier="sim-pki")
        elif act == "close":
            station.call("Cases.Close", case=number, reason="rút đề nghị")
        elif act == "record" and case["kind"] != "hand-over":
            station.call("Cases.Record", case=number)
            if chance.random() < 0.5:
                station.call("Cases.SendNotice", case=number, to="provider", reference="1/SKHCN")
    for outcome in ("restored", "refused-and-again", "failed"):
        token = station.locked("--body", bodies[0], "--email", "anhnt@haiphong.gov.vn")
        taken = station.call(
            "Cases.Receive", form=form("restore", bodies[0], outcome, [token.number]))
        number = taken["cases"][0]
        if outcome == "refused-and-again":
            station.call("Cases.Refuse", case=number, reasons=["Hồ sơ không hợp lệ"])
        permit = station.begin(token, number)
        wrong = outcome == "failed"
        station.unblock(permit, code(8) if wrong else token.puk, code(6))
        if outcome == "restored":
            station.call("Cases.SendNotice", case=number, to="managing-body", reference="2")
            station.call("Cases.Close", case=number, reason="xong")
        token.leave()


@pytest.fixture
def worked(station):
    busy(station)
    return station


def test_a_foreign_fold_of_the_exported_lines_comes_to_the_same_totals(worked):
    exported = tokenctl("journal", "export", socket=worked.socket).stdout
    lines = [json.loads(line) for line in exported.splitlines()]
    found = report(socket=worked.socket)
    assert found["lines"] == len(lines) and found["passed_over"] == 0
    assert found["mode"] == "training"
    expect_same(found, Fold(lines))
    # The file says what the station says, without any station.
    worked.stop()
    own = report(worked.journal)
    assert own["lines"] == found["lines"] + 1
    for key in ("total", "kinds", "bodies", "refusals", "restores"):
        assert own[key] == found[key], key
    # Nothing of the people on the forms.
    for words in ("Ánh", "031000000123", "Trần", "anhnt", "Mẫu ốm"):
        assert words not in json.dumps(own, ensure_ascii=False)


def test_each_period_is_counted_as_the_foreign_fold_counts_it(worked, tmp_path):
    """The same lines with other days: a chain of ones made by Python, in months."""
    worked.stop()
    out, before = [], "0" * 64
    lines = worked.journal.read_text().splitlines()
    start = datetime.datetime(2026, 1, 5, 2, 0)
    for n, line in enumerate(lines):
        value = json.loads(line)
        moment = start + datetime.timedelta(hours=10 * n)
        line = line.replace(value["time"], moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"), 1)
        line = line.replace(value["prev"], before)
        before = hashlib.sha256(line.encode()).hexdigest()
        out.append(line)
    file = tmp_path / "journal.ndjson"
    file.write_text("\n".join(out) + "\n")
    values = [json.loads(line) for line in out]
    first = datetime.date(2026, 1, 1)
    open_before = 0
    while first < Fold.day(values[-1]["time"]):
        last = (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        found = report(file, "--from", first, "--to", last)
        expect_same(found, Fold(values, first, last))
        assert found["total"]["origins"]["carried-over"] == open_before
        open_before = found["total"]["open"]["total"]
        first = last + datetime.timedelta(days=1)
    assert first > datetime.date(2026, 2, 1)


def test_python_reads_the_same_counts_from_the_csv(worked):
    found = report(socket=worked.socket)
    done = tokenctl("report", "--csv", "--calendar", CALENDARS, socket=worked.socket, text=False)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"), newline="")))
    counts = {(r["table"], r["name"], r["measure"]): int(r["count"]) for r in rows}
    assert len(counts) == len(rows)
    # What a spreadsheet would calculate stands behind an apostrophe.
    assert not any(r["name"].startswith(("=", "+", "-", "@")) for r in rows)

    def shown(name):
        return "'" + name if name.startswith(("=", "+", "-", "@")) else name

    for by, name, tally in groups(found):
        assert counts[by, shown(name), "cases"] == tally["cases"]
        for key, measure in [("done", "done."), ("open", "open."), ("states", "state."),
                             ("days", "days."), ("origins", "")]:
            for part, count in tally[key].items():
                if part != "total":
                    assert counts[by, shown(name), measure + part] == count
    for row in found["refusals"]:
        assert counts["refusal", shown(row["reason"]), "cases"] == row["cases"]


def test_the_page_is_sound_says_it_all_in_numbers_and_needs_nothing_else(worked):
    found = report(socket=worked.socket)
    done = tokenctl("report", "--html", "--calendar", CALENDARS, socket=worked.socket)
    parser = html5lib.HTMLParser(strict=True)
    page = parser.parse(done.stdout)
    html = "{http://www.w3.org/1999/xhtml}"
    svg = "{http://www.w3.org/2000/svg}"
    assert page.get("lang") == "vi" and page.find(f".//{html}title").text
    assert "TẬP DƯỢT" in done.stdout
    # Text that people wrote stays text.
    assert page.find(f".//{html}b") is None and "<b>lạ</b>" in "".join(page.itertext())
    # Nothing is fetched, nothing runs.
    for element in page.iter():
        assert element.tag not in (f"{html}script", f"{html}link", f"{html}img", f"{html}iframe")
        for name, value in element.attrib.items():
            assert "://" not in value and not name.startswith("on"), (name, value)
    charts = page.findall(f".//{svg}svg")
    assert len(charts) >= 4
    identities = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(identities) == len(set(identities))
    for chart in charts:
        assert chart.get("role") == "img"
        for name in chart.get("aria-labelledby").split():
            [named] = [e for e in chart.iter() if e.get("id") == name]
            assert named.text.strip()
        # Each part has a pattern of its own, and each bar its number.
        for box in chart.findall(f"{svg}rect"):
            assert box.get("fill")[5:-1] in identities
    # Every table: a caption, headings with their scope, and sums of what stands above.
    for table in page.findall(f".//{html}table"):
        assert table.find(f"{html}caption").text
        assert all(th.get("scope") for th in table.iter(f"{html}th"))
        foot = table.find(f"{html}tfoot")
        if foot is None:
            continue
        rows = [[int(td.text) for td in tr.findall(f"{html}td")]
                for tr in table.find(f"{html}tbody").findall(f"{html}tr")]
        sums = [int(td.text) for td in foot.iter(f"{html}td")]
        assert sums == ([sum(column) for column in zip(*rows)] or [0])
    kinds = page.find(f".//{html}table")
    assert int(kinds.find(f"{html}tfoot").find(f".//{html}td").text) == found["total"]["cases"]


def test_a_record_that_does_not_hold_is_not_counted(worked, tmp_path):
    worked.stop()
    bad = bytearray(worked.journal.read_bytes())
    bad[bad.index(b"\n") + 70] ^= 1
    file = tmp_path / "journal.ndjson"
    file.write_bytes(bad)
    done = tokenctl("report", file, "--calendar", CALENDARS)
    assert done.returncode == 6 and "line 2" in done.stderr and done.stdout == ""
