"""What a campaign counts, and how it knows: tokens count their own tries, the journal is read as a
file and chained with hashlib, time is this machine's. What the agent says is what is judged."""

import collections
import hashlib
import json
import pathlib
import re

from mem_scan import encodings, search

COUNTED = ("events lost", "tries unaccounted", "wrong answers", "hangs", "secrets found")
ZEROS = re.compile(rb"\0{17,}")


class Sheet:
    """One row of the table: a fault, how often it struck, and what was found."""

    def __init__(self, fault):
        self.fault = fault
        self.faults = self.restores = self.deaths = 0
        self.found = {column: [] for column in COUNTED}
        # How many restores came to what.
        self.ends = collections.Counter()
        # What is being done to the station just now.
        self.where = ""
        # Lines to print below the table.
        self.figures = []

    def note(self, column, text):
        self.found[column].append(f"{self.where}: {text}" if self.where else text)

    @property
    def is_clean(self):
        return not any(self.found.values())

    def cells(self):
        return [self.fault, self.faults, self.restores, self.deaths,
                *(len(self.found[column]) for column in COUNTED)]


class Record:
    """The journal's file, read on from where it was read last."""

    def __init__(self, path):
        self.path = path
        self.end = self.count = 0
        self.before = "0" * 64

    def read(self):
        """The lines since then.

        Raises ValueError where one does not chain."""
        with open(self.path, "rb") as file:
            file.seek(self.end)
            data = file.read()
        data = data[:data.rfind(b"\n") + 1]
        lines = []
        for text in data.splitlines():
            line = json.loads(text)
            if line["seq"] != self.count + 1 or line["prev"] != self.before:
                raise ValueError(f"line {self.count + 1} of the journal does not chain")
            self.count += 1
            self.before = hashlib.sha256(text).hexdigest()
            lines.append(line)
        self.end += len(data)
        return lines


def interval(spent):
    """Tries as the journal has them (1, "0..1") or a result ({"least": 0, "most": 1})."""
    if isinstance(spent, dict):
        return spent["least"], spent["most"]
    if isinstance(spent, str):
        least, most = spent.split("..")
        return int(least), int(most)
    return spent, spent


class Story:
    """What the journal's new lines say of restores."""

    def __init__(self, lines):
        self.cases = {row["case"] for line in lines if line["kind"] == "request.received"
                      for row in line["what"]["rows"]}
        self.begun, self.intended, self.ends = set(), set(), {}
        for line in lines:
            restore = line["what"].get("restore")
            if line["kind"] == "restore.begun":
                self.begun.add(restore)
            elif line["kind"] == "restore.intent":
                self.intended.add(restore)
            elif line["kind"] in ("restore.outcome", "restore.resolved"):
                self.ends.setdefault(restore, []).append(line["what"])

    def last(self, restore):
        return self.ends[restore][-1] if restore in self.ends else None

    def stated(self, field):
        """Tries spent by all restores together: at least, at most."""
        spent = [interval(ends[-1].get(field, 0)) for ends in self.ends.values()]
        return sum(low for low, _ in spent), sum(high for _, high in spent)


def patterns(codes):
    # Three bytes of BCD are found in anything.
    return [(n, name, pattern) for n, code in enumerate(codes)
            for name, pattern in encodings(code) if len(pattern) >= 6]


def in_memory(pid, codes):
    """Where a process has one of the codes: in every mapping that can have been written to."""
    wanted, found = patterns(codes), []
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in open(f"/proc/{pid}/maps"):
                span, rights, *_ = line.split(maxsplit=5)
                if not rights.startswith("rw"):
                    continue
                low, high = (int(x, 16) for x in span.split("-"))
                # Long runs of zeros are what searching takes its time over.
                data = ZEROS.sub(bytes(16), whole(memory, low, high - low))
                found += search(data, wanted, line.strip())
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def whole(memory, start, length):
    data = b""
    try:
        memory.seek(start)
        while len(data) < length and (part := memory.read(length - len(data))):
            data += part
    except OSError:
        pass  # a mapping that has gone meanwhile
    return data


def in_files(folder, codes):
    wanted = patterns(codes)
    files = [folder] if folder.is_file() else folder.rglob("*")
    return [text for path in map(pathlib.Path, files) if path.is_file()
            for text in search(path.read_bytes(), wanted, str(path))]
