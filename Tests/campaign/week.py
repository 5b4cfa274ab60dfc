"""A week at the counter at speed: five days, several tokens in their readers, a wrong code now and
then. Memory and descriptors are flat."""

import itertools
import os
import pathlib
import re
import time

from counter import DEADLINE, SERIAL, Counter

DAYS, READERS = 5, 4
# What the agent may keep of a case in memory, and what may come and go, in bytes.
CASE, SLACK = 4096, 1 << 20


def used(pid):
    """Memory that is its own, in bytes, and descriptors."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return (1024 * int(re.search(r"^Pss_Anon:\s+(\d+)", text, re.M)[1]),
            len(os.listdir(f"/proc/{pid}/fd")))


def at_rest(pid, files):
    """The same once the connections of a moment ago are let go of."""
    end = time.monotonic() + DEADLINE
    while (now := used(pid))[1] > files and time.monotonic() < end:
        time.sleep(0.02)
    return now


class WeekCounter(Counter):
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.tokens = []

    def at_rest(self):
        return self.station.wait_for(
            lambda readers: len(readers) == len(self.tokens) and all(
                r.get("atr") and r["state"] == "present" for r in readers),
            "every token at rest in its reader", timeout=DEADLINE)

    def seat(self):
        """Who sits in which reader, after a night."""
        places = {self.station.inspect(r["name"])["device_numbers"][0]: r["name"]
                  for r in self.at_rest()}
        for token in self.tokens:
            token.reader = places[token.number]


def week(sheet, chance, rounds):
    with WeekCounter(sheet, chance) as counter:
        for n in range(READERS):
            counter.tokens.append(counter.token("--serial", SERIAL + n))
        for token in counter.tokens:
            counter.undisturbed(token)
        counter.scans = 20
        grown = []
        for day in range(DAYS):
            if day:
                counter.station.stop()
                counter.station.start()
            counter.seat()
            begun, quiet = None, used(counter.station.pid)[1]
            for n, token in zip(range(rounds // DAYS), itertools.cycle(counter.tokens)):
                counter.expect_undisturbed(counter.visit(token))
                # The first ones fill what is kept ready.
                if n == min(100, rounds // DAYS // 4):
                    begun = n, at_rest(counter.station.pid, quiet)
            first, (memory, files) = begun
            memory_now, files_now = at_rest(counter.station.pid, files)
            cases = rounds // DAYS - first
            grown.append((memory_now - memory) / max(cases, 1))
            if files_now > files:
                sheet.note("wrong answers", f"{files} descriptors became {files_now}")
            if memory_now - memory > SLACK + CASE * cases:
                sheet.note("wrong answers",
                           f"memory grew by {memory_now - memory} bytes in {cases} restores")
            sheet.faults += 1
        sheet.figures.append(
            f"a week: {memory_now / 1048576:.1f} MiB of its own and {files_now} descriptors at "
            f"the end; a restore added {min(grown):.0f} to {max(grown):.0f} bytes")
