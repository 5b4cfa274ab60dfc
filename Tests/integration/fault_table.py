"""What the fault table is made of: families, their procedures, faults, and one cell of it.

A row is a token and the codes it takes; it is made once, and each cell begins with a copy of it
that has a number of its own, since the station remembers what it learnt of a token.
"""

import dataclasses
import itertools
import os
import pathlib
import re
import shutil
import tempfile
import time

from gids_lab import OTHER, answer
from pcscd_lab import Token, virtual_token
from station import Refusal, Station

PIN, NEW_PIN, WRONG_PIN = "427913", "580264", "160375"
# The number every row's first token has: in digits, in ASCII and as an integer.
SERIAL = 10000001

# Silence is ended by the step's budget: short ones there. Else long enough for a busy machine.
SILENT = ["mute", "mute-after"]
SHORT = {"connect": 500, "read": 400, "write": 400, "sign": 400, "reset": 400, "hard_cap": 500}
LONG = {name: 20000 for name in SHORT}
KINDS = ["pull-before", "pull-during", "pull-after", "reset", "sw:6F00", "sw-after:6F00",
         "sw:6982", "sw:63C1", "sw:6983", "truncate:1", "garble", *SILENT]
# What a command gets that is like one before it, while the same codes are out; with
# FAULT_TABLE=whole in the environment it gets everything.
FEW = ["pull-during", "sw:6F00", "mute-after"]
# How long an answer may take beyond its budgets on a machine that is busy with others.
BUSY = 20


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to unblock: its code, one that is wrong, and the counter that a wrong one costs."""

    form: str
    right: str
    wrong: str
    counter: str = "puk"
    # The command its code goes out in: header and length of data.
    sent_by: str = r"..2C...."


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    words: tuple
    ways: tuple
    # What is done with it besides; nothing where another row of the family has the same.
    besides: tuple = ("inspect", "check")
    # Asking for its PIN's count may cost a try, beside the one that a PIN may have cost.
    may_charge: bool = False


def piv(name, *words, **more):
    return Row(name, ("--key", "9a=p256", "--puk", "83920174", *words),
               (Way("puk", "83920174", "83920175"),), **more)


def pkcs15(name, *words, puk="83920174"):
    return Row(name, ("--puk", puk, *words), (Way("puk", puk, puk[:-1] + "5"),))


def hsm(name, form, *words, **more):
    so, wrong = "35A7363231C83830", "35A7363231C83831"
    return Row(name, ("--model", "smartcard-hsm", "--key", "1=p256", "--so-pin", so, *words),
               (Way(form, so, wrong, "so"),), **more)


ADMIN_KEY = "1A2B3C4D5E6F7081" * 3

ROWS = [
    piv("piv", "--model", "piv"),
    piv("piv-yubico", "--model", "piv-yubico"),
    piv("piv that hides counts", "--model", "piv", "--oddity", "hides-count", may_charge=True),
    piv("piv whose question spends", "--model", "piv", "--oddity", "empty-verify-spends",
        may_charge=True),
    Row("openpgp",
        ("--model", "openpgp", "--key", "sign=p256", "--puk", "83920174", "--admin", "91827364",
         "--kdf", "one-salt"),
        (Way("resetting-code", "83920174", "83920175"),
         Way("admin-pin", "91827364", "91827365", "admin", sent_by="..200083"))),
    hsm("smartcard-hsm", "so-pin"),
    hsm("smartcard-hsm, no new PIN", "so-pin-counter", "--rrc", "counter-only", besides=()),
    # What goes out is the response, or what proves the key to both sides.
    Row("gids",
        ("--model", "gids", "--key", "ksc=p256", "--admin", ADMIN_KEY, "--oddity",
         "counts-administrator"),
        tuple(Way(form, ADMIN_KEY, OTHER, "admin", sent_by="..870000 " + length)
              for form, length in [("admin-key", "44"), ("admin-key-response", "12")])),
    pkcs15("isoapplet", "--model", "isoapplet", "--key", "1=p256", "--interface", "1.0",
           puk="8392017465748392"),
    pkcs15("myeid", "--model", "pkcs15", "--key", "1=p256"),
    pkcs15("vgca", "--model", "vgca", "--key", "1=rsa2048"),
    # What goes out is the proof that the code is known.
    Row("epass2003",
        ("--model", "epass2003", "--key", "1=p256", "--so-pin", "83920174"),
        (Way("so-pin", "83920174", "83920175", "so", sent_by="0C820182 29"),)),
]


@dataclasses.dataclass(frozen=True)
class Procedure:
    """What is done with a token: Inspect, a key check, or a restore by a way."""

    row: Row
    what: object
    is_right: bool = True

    @property
    def way(self):
        return self.what if isinstance(self.what, Way) else None

    @property
    def name(self):
        what = self.way.form if self.way else self.what
        return what if self.is_right else f"{what}, wrong code"


PROCEDURES = [
    Procedure(row, what, is_right)
    for row in ROWS for what in (*row.besides, *row.ways) for is_right in (True, False)
    if is_right or what != "inspect"]


class Place:
    """A station, and the one token in it: cells are run in it one after the other."""

    def __init__(self, budgets):
        # On a file system without a disk, where there is one: each cell writes a record.
        shared = pathlib.Path("/dev/shm")
        self.state = tempfile.mkdtemp(prefix="faults-", dir=shared if shared.is_dir() else None)
        # Within which an answer must come, whatever the token does: one step may be too long.
        self.bound = (max(budgets.values()) + budgets["hard_cap"]) / 1000 + BUSY
        rights = ("last_try", "provisional")
        self.station = Station(state=self.state, settings={
            "budgets_ms": budgets,
            "rights": {right: {"users": [os.getuid()]} for right in rights}}).start()
        self.token = self.row = None
        self.folders = itertools.cycle(
            pathlib.Path(tempfile.mkdtemp(dir=self.state)) for _ in range(2))

    def close(self):
        self.leave()
        self.station.__exit__()
        shutil.rmtree(self.state, ignore_errors=True)

    def start(self, row, *words):
        """A token of this row, as it comes from its maker."""
        self.leave()
        self.folder = next(self.folders)
        (self.folder / "token").unlink(missing_ok=True)
        self.token = Token(
            [virtual_token(), "--attach", self.station.virtual, "--stay", *row.words,
             "--state", str(self.folder), "--pin", PIN, *words], self.folder, None, self.station)
        self.row = row
        self.arrived()

    def put(self, row, text):
        """Another token in its place."""
        if self.row is not row:
            self.start(row)
        self.folder = next(self.folders)
        (self.folder / "token").write_text(text)
        self.token.clear_faults()
        # A token that lost its connection is back by itself: it has to be seen going.
        self.token.control("pull")
        self.gone()
        self.token.control(f"swap {self.folder}")
        self.arrived()

    def leave(self):
        if self.token:
            self.token.close()
            self.token = self.row = None
            self.gone()

    def gone(self):
        self.station.wait_for(lambda readers: not readers, "the pull")

    def arrived(self):
        [reader] = self.station.wait_for(
            lambda readers: len(readers) == 1 and readers[0].get("atr"), "the token's reader")
        self.reader = reader["name"]

    def text(self):
        return (self.folder / "token").read_text()


class Kept:
    """A row's token, open and locked, and copies of it with numbers of their own."""

    serials = itertools.count(SERIAL + 1)

    def __init__(self, row, place):
        place.start(row, "--serial", str(SERIAL))
        self.open = place.text()
        self.number = place.station.inspect(place.reader)["device_numbers"][0]
        place.token.lock()
        self.locked = place.text()

    def copy(self, is_locked):
        """The text of another such token, and its number."""
        text, number, n = self.locked if is_locked else self.open, self.number, next(self.serials)
        for was, now in [
                (str(SERIAL), str(n)), (f"{SERIAL:08x}", f"{n:08x}"),
                (str(SERIAL).encode().hex(), str(n).encode().hex())]:
            text, number = text.replace(was, now), number.replace(was, now)
        if number == self.number:
            # A PIV token without extensions goes by its GUID, in which there is no serial number.
            number = f"{n:08x}" + self.number[8:]
            text = text.replace(self.number, number)
        return text, number


@dataclasses.dataclass
class Cell:
    """What was stated, what the token counted, and what it was sent."""

    where: str
    outcome: str
    # At least and at most: of the PIN, of the unblocking code.
    stated: tuple
    counted: tuple
    # Places of the commands that took a PIN out, and an unblocking code.
    sent: tuple
    seconds: float
    bound: float
    may_charge: bool
    # Tries the token has left for its PIN, and the commands it got.
    left: int
    log: list

    def problems(self):
        for what, (least, most), counted in zip(CODES, self.stated, self.counted):
            if not least <= counted <= most:
                yield f"{what}: {least} to {most} tries stated, {counted} counted"
            if most - least > 1 + self.may_charge:
                yield f"{what}: {least} to {most} tries stated"
        for what, sent in zip(CODES, self.sent):
            # A new PIN goes out in two different commands: to be set, and to be proven.
            if len({header for _, header in sent}) < len(sent):
                yield f"{what}: sent in {sent}"
        # After a pull nobody knows whether what was handed to the reader got there.
        if self.stated[1][1] > 0 and not self.sent[1] and "pull-after" not in self.where:
            yield f"no unblocking code sent, and up to {self.stated[1][1]} tries stated"
        if self.outcome in ("restored", "unblocked-unproven") and self.left == 0:
            yield "the token is locked"
        if self.seconds > self.bound:
            yield f"the answer took {self.seconds:.1f} s"


CODES = ("PIN", "unblocking code")
# Of an ePass2003: the proof that the PIN is known, and a new PIN.
EPASS2003_PIN = ("0C820181 29", "8CE50401")


@dataclasses.dataclass
class Sums:
    """Of the cells of one procedure, or of the whole table."""

    cells: int
    # Of each code: stated at least, counted, stated at most; where stated exactly, and counted.
    codes: list

    @classmethod
    def of(cls, cells):
        codes = []
        for i in range(len(CODES)):
            both = [(*cell.stated[i], cell.counted[i]) for cell in cells if i < len(cell.counted)]
            exact = [(least, counted) for least, most, counted in both if least == most]
            codes.append([sum(one[0] for one in both), sum(one[2] for one in both),
                          sum(one[1] for one in both), *map(sum, zip(*exact or [(0, 0)]))])
        return cls(len(cells), codes)

    @property
    def row(self):
        return [self.cells, *(number for code in self.codes for number in code[:3])]


# Under this name each test hands its row to the page that is printed at the end.
TABLE = "fault table"


def page(rows):
    """The sums of the rows, and of all: tries stated at least and at most, and counted."""
    heads = ("family", "procedure", "commands", "cells", "PIN: at least", "counted", "at most",
             "unblocking: at least", "counted", "at most")
    numbers = [row[3:] for row in rows]
    whole = ["all", "", "", *map(sum, zip(*numbers))]
    lines = [[str(word) for word in line] for line in [heads, *sorted(rows), whole]]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        yield "  ".join(word.ljust(width) if i < 2 else word.rjust(width)
                        for i, (word, width) in enumerate(zip(line, widths)))


def run(place, kept, procedure, fault=None):
    """One cell: a fresh token, the fault, the procedure, and the token's own account."""
    text, number = kept.copy(is_locked=procedure.way is not None)
    place.put(procedure.row, text)
    permit = permitted(place, number, procedure.way) if procedure.way else None
    place.token.control("clear-log")
    before = place.token.counters()
    if fault:
        place.token.fault(fault)
    began = time.monotonic()
    if permit:
        outcome, stated = restore(place, permit, procedure)
    else:
        outcome, stated = (check if procedure.what == "check" else inspect)(place, procedure)
    seconds = time.monotonic() - began
    after, log = place.token.counters(), place.token.log()
    wanted = [procedure.way.counter + "Spent"] if procedure.way else []
    counted = [after.get(name, 0) - before.get(name, 0) for name in ["pinSpent", *wanted]]
    return Cell(
        f"{procedure.row.name}, {procedure.name}, {fault}", outcome, stated,
        tuple(counted), sends(log, procedure.way), seconds, place.bound,
        procedure.row.may_charge, after["pin"], log)


def permitted(place, number, way):
    case = place.station.open_case(number)
    wanted = {"case": case, "reader": place.reader, "form": way.form, "provisional": True}
    while True:
        try:
            return place.station.call("Restore.Begin", **wanted)["permit"]
        except Refusal as refusal:
            # Short budgets on a busy machine: nothing was wrong with the token.
            if refusal.name not in ("TokenMute", "StillWorking"):
                raise


def sends(log, way):
    """The commands that took a PIN out, and an unblocking code: each its place and header."""
    pin, unblocking = [], []
    for place, entry in enumerate(log, 1):
        header, length = entry["command"], entry["data"]
        if way and re.match(way.sent_by, f"{header} {length}"):
            unblocking.append((place, header))
        elif length and (
                header[2:4] in ("20", "24", "2C")
                or f"{header} {length}".startswith(EPASS2003_PIN)):
            pin.append((place, header))
    return pin, unblocking


def faults(clean, procedure):
    """Which faults to plan, by what the procedure sends where nothing is wrong."""
    # Up to where it goes out, a wrong code is like any other.
    first = 1 if procedure.is_right else min(place for codes in clean.sent for place, _ in codes)
    out = [place for codes in clean.sent for place, _ in codes]
    seen = set()
    for n, command in enumerate(clean.log, 1):
        kind = (command["command"], command["data"], sum(place <= n for place in out))
        kinds = FEW if kind in seen and os.environ.get("FAULT_TABLE") != "whole" else KINDS
        seen.add(kind)
        # What a question cost whose answer is lost nobody can tell; it is taken to be free.
        if n >= first and not (procedure.row.may_charge and is_question(command)):
            yield from ((n, each) for each in kinds)


def is_question(command):
    """The empty VERIFY, which asks for the PIN's count."""
    return command["command"][2:4] == "20" and not command["data"]


def interval(spent):
    return spent["least"], spent["most"]


NONE, PERHAPS = (0, 0), (0, 1)


def of_error(refusal, row):
    """What an error says was spent; one without an account says that no code was sent."""
    account = refusal.fields.get("account")
    if account:
        return interval(account["pin_spent"]), interval(account["unblocking_spent"])
    if "pin_spent" in refusal.fields:
        return interval(refusal.fields["pin_spent"]), NONE
    return PERHAPS if row.may_charge else NONE, NONE


def inspect(place, procedure):
    try:
        seen = place.station.inspect(place.reader)
    except Refusal as refusal:
        return refusal.name, of_error(refusal, procedure.row)
    # The question for the count was answered oddly: it may have cost one.
    return "seen", (PERHAPS if "status-query-unsafe" in seen["reasons"] else NONE, NONE)


def check(place, procedure):
    try:
        checked = place.station.call(
            "KeyCheck.Check", reader=place.reader, challenges=1,
            pin=PIN if procedure.is_right else WRONG_PIN)
    except Refusal as refusal:
        return refusal.name, of_error(refusal, procedure.row)
    return "checked", (interval(checked["pin_spent"]), NONE)


def restore(place, permit, procedure):
    way, named = procedure.way, {"restore": permit["restore"]}
    code = way.right if procedure.is_right else way.wrong
    with place.station.dial(timeout=place.bound) as wire:
        try:
            if way.form.endswith("response"):
                challenge = wire.call("Restore.AskChallenge", last_try=True, **named)["challenge"]
                result = wire.call(
                    "Restore.Respond", new_pin=NEW_PIN, **named,
                    response=answer(challenge["challenge"], code))["result"]
            else:
                setting = {} if way.form.endswith("counter") else {"new_pin": NEW_PIN}
                result = wire.call(
                    "Restore.Unblock", unblocking_code=code, last_try=True, **setting,
                    **named)["result"]
        except Refusal as refusal:
            result = refusal.fields.get("result") or {"state": "running"}
        if result["state"] != "finished":
            result = ended(wire, named)
    return result["outcome"], (
        interval(result["pin_spent"]), interval(result["unblocking_spent"]))


def ended(wire, named):
    """The answer came before the end: the end."""
    wire.send("Restore.Attach", _more=True, **named)
    while True:
        reply = wire.reply()
        result = reply["parameters"]["result"]
        if result["state"] == "finished":
            return result
