"""The ledger of a day at the counter: what was done with each device and when, and what follows
from that by the law's own rules. None of it is asked of the station."""

import collections
import datetime
import hashlib
import json

DAY = datetime.timedelta(days=1)
ZONE = datetime.timezone(datetime.timedelta(hours=7))
DONE = ("restored", "refused", "routed", "sent", "closed")

# Around Quốc khánh 2026: Monday 31/08 is swapped with Saturday 22/08, Tuesday and Wednesday are
# holidays.
RESTING = {datetime.date(2026, 8, 31), datetime.date(2026, 9, 1), datetime.date(2026, 9, 2)}
WORKED = {datetime.date(2026, 8, 22)}


def is_worked(day):
    return day in WORKED or (day.weekday() < 5 and day not in RESTING)


def after(day, count):
    """The last day of a term of so many working days."""
    while count:
        day += DAY
        count -= is_worked(day)
    return day


def between(first, last):
    """Working days behind the first day, up to the last."""
    return sum(is_worked(first + i * DAY) for i in range(1, (last - first).days + 1))


class Device:
    """One device of one request."""

    def __init__(self, paper, number, token=False):
        self.paper = paper
        self.number = number
        self.token = token
        self.case = None
        self.reasons = []
        # (day, state), in order.
        self.states = []
        self.proven = False

    def come(self, day, state, reasons=()):
        self.states.append((day, state))
        self.reasons = list(reasons)

    def at(self, last=None):
        """The state at the end of a day."""
        found = [state for day, state in self.states if not last or day <= last]
        return found[-1] if found else None

    def counted(self, last=None):
        """What it came to; closing behind that changes nothing."""
        found = [state for day, state in self.states if not last or day <= last]
        if found and found[-1] == "closed":
            before = [s for s in found[:-1] if s != "closed"]
            if before and before[-1] in DONE:
                return before[-1]
        return found[-1] if found else None

    def done(self, last=None):
        """The day it was done, as it stands at the end of a day."""
        since = None
        for day, state in self.states:
            if last and day > last:
                break
            if state not in DONE:
                since = None
            elif since is None:
                since = day
        return since

    def term(self, last=None):
        """The last day of its term, or a word where there is none."""
        kind = self.paper.kind
        state = self.at(last)
        if kind == "hand-over":
            recorded = [day for day, s in self.states
                        if s == "recorded" and (not last or day <= last)]
            return recorded[-1] if recorded else None
        valid = self.paper.valid_by(last)
        if valid is None or state == "incomplete":
            return None
        if kind == "restore":
            return after(valid, 1)
        if kind == "return":
            if self.paper.more["return_reason"] == "expired":
                return "unconfirmed"
            return after(self.paper.noticed, 5)
        return self.paper.label_by(last)

    def standing(self, asked, last=None):
        """In time, late or without a term: on the day it was done, else on the day asked."""
        term = self.term(last)
        if self.counted(last) == "closed" or self.counted(last) in DONE:
            if self.paper.kind == "hand-over" and self.counted(last) != "sent":
                term = None
        if term is None or term == "unconfirmed":
            return "no-term"
        return "late" if (self.done(last) or asked) > term else "in-time"

    def days(self, last=None):
        valid = self.paper.valid_by(last)
        if valid is None:
            return "unknown"
        taken = between(valid, self.done(last))
        for bucket, most in [("0", 0), ("1", 1), ("2", 2), ("3-5", 5), ("6-10", 10)]:
            if taken <= most:
                return bucket
        return "11+"


class Paper:
    """A request."""

    def __init__(self, kind, body, number, label, **more):
        self.kind, self.body, self.number, self.label = kind, body, number, label
        self.noticed = more.pop("noticed_on", None)
        self.more = more
        self.devices = []
        self.request = None
        self.recorded = None
        # (day it was recorded, day of its label, whether it was valid).
        self.handed_in = []

    def hand_in(self, day, label, is_valid):
        self.handed_in.append((day, label, is_valid))
        self.recorded = self.recorded or day

    def valid_by(self, last=None):
        found = [(label, ok) for day, label, ok in self.handed_in if not last or day <= last]
        return found[-1][0] if found and found[-1][1] else None

    def label_by(self, last=None):
        return [label for day, label, _ in self.handed_in if not last or day <= last][-1]


class Ledger:
    def __init__(self, papers):
        self.papers = papers

    @property
    def devices(self):
        return [device for paper in self.papers for device in paper.devices]

    def tally(self, devices, asked, first=None, last=None):
        """What a report counts of devices in a period."""
        tally = {key: collections.Counter() for key in ("origins", "states", "done", "open", "days")}
        for device in devices:
            paper = device.paper
            if paper.recorded is None or (last and paper.recorded > last):
                continue
            done = device.done(last)
            within = not first or paper.recorded >= first
            reopened = first and not within and self.was_reopened(device, first, last)
            if done and first and done < first and not within and not reopened:
                continue
            origin = "received" if within else "reopened" if reopened else "carried-over"
            tally["origins"][origin] += 1
            tally["states"][device.counted(last)] += 1
            tally["done" if done else "open"][device.standing(asked, last)] += 1
            if done:
                tally["days"][device.days(last)] += 1
        return tally

    @staticmethod
    def was_reopened(device, first, last):
        before = device.done(first - DAY)
        return before is not None and any(
            first <= day and (not last or day <= last) and state not in DONE
            for day, state in device.states)

    def expect(self, report, asked, first=None, last=None):
        """Everything that a report counts is what stands here."""
        def same(shown, devices, name):
            tally = self.tally(devices, asked, first, last)
            for key, counts in tally.items():
                found = {k: n for k, n in shown[key].items() if n and k != "total"}
                assert found == dict(counts), (name, key, found, dict(counts))
                assert sum(counts.values()) == shown[key]["total"]
            assert shown["cases"] == sum(tally["origins"].values())

        papers = [p for p in self.papers if p.recorded and (not last or p.recorded <= last)]
        assert report["requests"] == sum(not first or p.recorded >= first for p in papers)
        same(report["total"], self.devices, "total")
        for kind, shown in report["kinds"].items():
            same(shown, [d for d in self.devices if d.paper.kind == kind], kind)
        shown = {body["name"]: body["counts"] for body in report["bodies"]}
        for body in {p.body for p in papers}:
            devices = [d for d in self.devices if d.paper.body == body]
            if sum(self.tally(devices, asked, first, last)["origins"].values()):
                same(shown.pop(body), devices, body)
        assert not shown
        if last is None:
            refused = [d for d in self.devices if d.counted() == "refused" and (
                not first or d.done() >= first or d.paper.recorded >= first)]
            reasons = collections.Counter(r for d in refused for r in d.reasons)
            assert {r["reason"]: r["cases"] for r in report["refusals"]} == dict(reasons)


def chain(path):
    """Checks a journal's chain with hashlib; its lines."""
    before, lines = "0" * 64, []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        value = json.loads(line)
        assert value["seq"] == number and value["prev"] == before, number
        before = hashlib.sha256(line).hexdigest()
        lines.append(value)
    return lines


def lines_about(case, lines):
    """Number and kind of each line of a journal that names a case, in a row of its request too."""
    return [
        (line["seq"], line["kind"]) for line in lines
        if line.get("case") == case
        or any(row.get("case") == case for row in line["what"].get("rows", []))]
