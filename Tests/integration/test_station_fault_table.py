"""No try is spent beyond what the result says, whatever fails when: each family, each of its
procedures, each fault at each command. The tokens count."""

import concurrent.futures
import queue

import pytest

from fault_table import (
    LONG, PROCEDURES, SHORT, SILENT, TABLE, Kept, Place, Sums, faults, run)

# Stations at a time: those whose tokens fall silent wait most of their time.
BUSY_PLACES, SILENT_PLACES = 2, 8


class Places:
    """Stations that are there already, and threads that have one each."""

    def __init__(self, budgets, count):
        self.free = queue.SimpleQueue()
        self.all = [Place(budgets) for _ in range(count)]
        for place in self.all:
            self.free.put(place)
        self.threads = concurrent.futures.ThreadPoolExecutor(count)

    def submit(self, *arguments):
        return self.threads.submit(self.run, *arguments)

    def run(self, *arguments):
        place = self.free.get()
        try:
            return run(place, *arguments)
        finally:
            self.free.put(place)

    def close(self):
        self.threads.shutdown()
        for place in self.all:
            place.close()


@pytest.fixture(scope="session")
def places():
    busy = Places(LONG, BUSY_PLACES)
    silent = Places(SHORT, SILENT_PLACES)
    yield busy, silent
    for each in busy, silent:
        each.close()


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: f"{p.row.name}, {p.name}")
def test_what_is_stated_is_what_the_token_counted(places, procedure, record_property):
    busy, silent = places
    kept = Kept(procedure.row, busy.all[0])
    clean = busy.run(kept, procedure)
    begun = [
        (silent if kind in SILENT else busy).submit(kept, procedure, f"apdu={n},kind={kind}")
        for n, kind in faults(clean, procedure)]
    try:
        cells = [clean, *(cell.result() for cell in begun)]
    finally:
        for cell in begun:
            cell.cancel()
    problems = [f"{cell.where}: {cell.outcome}, {problem}"
                for cell in cells for problem in cell.problems()]
    assert not problems, "\n".join(problems)
    sums = Sums.of(cells)
    for least, counted, most, stated, exact in sums.codes:
        assert least <= counted <= most and stated == exact
    record_property(TABLE, (procedure.row.name, procedure.name, len(clean.log), *sums.row))
