"""Working days judged from outside: terms over random calendars by python-dateutil's recurrence
sets and by Python's datetime, files that are wrong in one place, and the shipped years."""

import datetime
import json
import subprocess

import pytest
from dateutil import rrule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from station import ROOT, program

DAY = datetime.timedelta(days=1)
NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
VIETNAMESE = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]


def tokenctl(*arguments):
    return subprocess.run(
        [program("tokenctl"), "--json", "calendar", *map(str, arguments)], capture_output=True,
        text=True, timeout=60)


def due(path, days, received, option="--days"):
    done = tokenctl("due", *received, option, days, "--calendar", path)
    assert done.returncode == 0, done
    return json.loads(done.stdout)["terms"]


class Year:
    """A calendar file, and the same as a recurrence set."""

    def __init__(self, draw, first, last):
        self.first, self.last = first, last
        # Something is worked in every week.
        self.rest = draw(some.sets(some.integers(0, 6), max_size=5))
        days = [first + i * DAY for i in range((last - first).days + 1)]
        chosen = draw(some.lists(some.sampled_from(days), unique=True, max_size=40))
        resting = [d for d in chosen if d.weekday() in self.rest]
        working = [d for d in chosen if d.weekday() not in self.rest]
        pairs = min(len(resting), len(working), draw(some.integers(0, 6)))
        self.swaps = list(zip(working[:pairs], resting[:pairs]))
        self.holidays = working[pairs:]
        extra = draw(some.integers(0, len(resting) - pairs))
        self.worked = resting[pairs:pairs + extra]
        # Holidays on days of rest, too.
        self.holidays += resting[pairs + extra:]
        self.unsure = set(draw(some.lists(some.sampled_from(days), unique=True, max_size=8)))
        self.named = draw(some.booleans())

    def text(self, draw):
        def written(day):
            names = draw(some.sampled_from([None, NAMES, VIETNAMESE]))
            return (f"{names[day.weekday()]} " if names else "") + day.isoformat()

        def row(day, **more):
            return {"days": written(day), **more}

        document = {
            "calendar": 1, "title": "Lịch", "covers": f"{self.first}..{self.last}",
            "weekly_rest": [NAMES[i] for i in self.rest],
            "holidays": [row(d, name="Nghỉ") for d in self.holidays],
            "swaps": [{"off": written(a), "worked": written(b)} for a, b in self.swaps],
            "worked": [row(d) for d in self.worked],
            "not_confirmed": [row(d, remark="chưa rõ") for d in self.unsure],
        }
        return json.dumps(document, ensure_ascii=False)

    def add(self, days):
        worked = [i for i in range(7) if i not in self.rest]
        start, end = (datetime.datetime.combine(d, datetime.time()) for d in (self.first, self.last))
        days.rrule(rrule.rrule(rrule.DAILY, dtstart=start, until=end, byweekday=worked))
        for day in self.holidays + [off for off, _ in self.swaps]:
            days.exdate(datetime.datetime.combine(day, datetime.time()))
        for day in self.worked + [made for _, made in self.swaps]:
            days.rdate(datetime.datetime.combine(day, datetime.time()))


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(some.data())
def test_terms_are_those_of_a_recurrence_set(tmp_path_factory, data):
    first = data.draw(some.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)))
    middle = first + data.draw(some.integers(1, 120)) * DAY
    last = middle + data.draw(some.integers(1, 120)) * DAY
    years = [Year(data.draw, first, middle), Year(data.draw, middle + DAY, last)]
    folder = tmp_path_factory.mktemp("calendars")
    days = rrule.rruleset()
    for i, year in enumerate(years):
        (folder / f"{i}.json5").write_text(year.text(data.draw))
        year.add(days)
    working = [d.date() for d in days]
    unsure = years[0].unsure | years[1].unsure
    count = data.draw(some.integers(1, 12))
    expected, beyond = {}, []
    day = first - DAY
    while day <= last:
        following = [d for d in working if d > day]
        if len(following) < count:
            beyond.append(day)
        else:
            expected[day] = following[count - 1]
        day += DAY
    if expected:
        for term, (received, ends) in zip(due(folder, count, expected), expected.items()):
            assert term["received"] == str(received) and term["due"] == str(ends)
            assert term["weekday"] == NAMES[ends.weekday()]
            doubtful = sorted(str(d) for d in unsure if received < d <= ends)
            assert [d["date"] for d in term["not_confirmed"]] == doubtful
            assert term["confirmed"] == (not doubtful)
    for received in beyond[:1] + beyond[-1:]:
        done = tokenctl("due", received, "--days", count, "--calendar", folder)
        assert done.returncode == 1
        assert json.loads(done.stdout)["error"] == "tokenctl.NotCovered"
    # Days of the calendar: the first working day from their end on.
    ends = {d: next((w for w in working if w >= d + count * DAY), None) for d in expected}
    ends = {d: e for d, e in ends.items() if e}
    if ends:
        found = due(folder, count, ends, "--calendar-days")
        assert [t["due"] for t in found] == [str(e) for e in ends.values()]


def test_a_year_is_shown_as_it_is(tmp_path):
    shown = json.loads(tokenctl("show", 2026, "--calendar", ROOT / "config/calendars").stdout)
    worked = {d["date"] for d in shown["days"] if d["kind"] == "make-up"}
    off = {d["date"] for d in shown["days"] if d["kind"] in ("holiday", "swapped")}
    assert worked == {"2026-01-10", "2026-08-22"}
    day, count = datetime.date(2026, 1, 1), 0
    while day.year == 2026:
        is_usual = day.weekday() < 5 and str(day) not in off
        count += is_usual or str(day) in worked
        day += DAY
    assert shown["working_days"] == count
    plain = subprocess.run(
        [program("tokenctl"), "calendar", "show", "2026", "--calendar",
         str(ROOT / "config/calendars")], capture_output=True, text=True, timeout=60)
    assert " 24*?" in plain.stdout and " 22+ " in plain.stdout and " 31- " in plain.stdout
    missing = tokenctl("show", 2028, "--calendar", ROOT / "config/calendars")
    assert missing.returncode == 1


def test_the_shipped_calendars_are_right():
    checked = json.loads(tokenctl("check", ROOT / "config/calendars").stdout)
    assert checked["good"] and checked["covers"] == "2026-01-01..2027-12-31"


RIGHT = """{
  "calendar": 1,
  "title": "Lịch",
  "covers": "2026-01-01..2026-12-31",
  "holidays": [
    { "days": "Wed 2026-09-02", "name": "Quốc khánh" },
  ],
  "swaps": [{ "off": "Mon 2026-08-31", "worked": "Sat 2026-08-22" }],
}
"""


@pytest.mark.parametrize("change, line, column, path", [
    (("2026-01-01..2026-12-31", "2026-12-31..2026-01-01"), 4, 13, "covers"),
    (("Wed 2026-09-02", "Thu 2026-09-02"), 6, 15, "holidays[0].days"),
    (("Wed 2026-09-02", "2026-09-31"), 6, 15, "holidays[0].days"),
    (("Wed 2026-09-02", "2027-09-02"), 6, 15, "holidays[0].days"),
    (("Wed 2026-09-02", "Mon 2026-08-31"), 8, 22, "swaps[0].off"),
    (('"name"', '"nmae"'), 6, 33, "holidays[0].nmae"),
    (("Sat 2026-08-22", "Fri 2026-08-21"), 8, 50, "swaps[0].worked"),
    ((', "worked": "Sat 2026-08-22"', ""), 8, 13, "swaps[0].worked"),
    # Where the comma or bracket is missing, not where the reading then stumbles.
    (("},\n  ],", "}\n  "), 6, 55, "holidays[0]"),
])
def test_a_mistake_is_told_with_line_column_and_remedy(tmp_path, change, line, column, path):
    file = tmp_path / "2026.json5"
    file.write_text(RIGHT)
    assert tokenctl("check", file).returncode == 0
    assert change[0] in RIGHT
    file.write_text(RIGHT.replace(*change))
    done = tokenctl("check", file)
    assert done.returncode == 1
    mistakes = json.loads(done.stdout)["files"][0]["mistakes"]
    assert any(
        (m["line"], m["column"], m["path"]) == (line, column, path) and m["wrong"]
        for m in mistakes), mistakes
    plain = subprocess.run(
        [program("tokenctl"), "calendar", "check", str(file)], capture_output=True, text=True,
        timeout=60)
    assert f"line {line}, column {column}: {path}" in plain.stdout
    refused = tokenctl("due", "2026-01-02", "--days", 1, "--calendar", file)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"] == "tokenctl.CalendarWrong"


def test_files_that_do_not_meet_are_told(tmp_path):
    (tmp_path / "2026.json5").write_text(RIGHT)
    (tmp_path / "2028.json5").write_text('{"calendar": 1, "title": "L", "covers": "2028-01-01..2028-12-31"}')
    done = tokenctl("check", tmp_path)
    assert done.returncode == 1 and "no file covers 2027-01-01..2027-12-31" in done.stdout
    (tmp_path / "2028.json5").write_text('{"calendar": 1, "title": "L", "covers": "2026-12-01..2028-12-31"}')
    done = tokenctl("check", tmp_path)
    assert done.returncode == 1 and "covers 2026-12-01..2026-12-31 too" in done.stdout


def test_what_is_no_file_or_too_large_is_said(tmp_path):
    assert tokenctl("check", tmp_path / "none").returncode == 1
    assert tokenctl("check", tmp_path).returncode == 1
    large = tmp_path / "a.json5"
    large.write_text(RIGHT + " " * 70_000)
    done = tokenctl("check", tmp_path)
    assert done.returncode == 1 and "longer than 65536 bytes" in done.stdout
    large.write_text("[" * 5000)
    done = tokenctl("check", tmp_path)
    assert done.returncode == 1 and "mistakes" in done.stdout
