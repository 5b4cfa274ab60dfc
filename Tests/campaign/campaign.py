"""The fault campaign: ./campaign --help."""

import argparse
import concurrent.futures
import multiprocessing
import os
import pathlib
import random
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "integration")]

import calls
import clients
import kills
import machine
import screen
import week
from ledger import COUNTED, Sheet

# What is done to the station; how often, short and long. The longest come first.
ROWS = [
    ("a week of counter days", week.week, 200, 10000),
    ("each system call failing once", calls.each, 60, 10**6),
    ("agent killed", kills.agent, 30, 300),
    ("pcscd killed", kills.pcscd, 8, 60),
    ("counter's screen killed", screen.shell, 8, 60),
    ("hostile clients", clients.hostile, 100, 1000),
    ("disk slow", machine.slow, 3, 20),
    ("disk full", machine.full, 15, 100),
    ("disk read-only", machine.read_only, 4, 20),
    ("clock and zone jump", machine.clock, 8, 60),
    ("out of descriptors", machine.descriptors, 15, 100),
    ("out of memory", machine.memory, 15, 200),
]
HEADS = ("fault", "struck", "restores", "agent's ends", *COUNTED)


def run(number, rounds, seed):
    """One row, with chances of its own: the others change nothing in it."""
    name, row, *_ = ROWS[number]
    sheet = Sheet(name)
    began = time.monotonic()
    try:
        row(sheet, random.Random(f"{seed} {name}"), rounds)
    except Exception:
        sheet.note("wrong answers", "the campaign itself failed: " + traceback.format_exc())
    sheet.seconds = time.monotonic() - began
    return sheet


def table(sheets):
    """In Markdown, with a last row for all."""
    rows = [sheet.cells() for sheet in sheets]
    rows.append(["all", *(sum(row[n] for row in rows) for n in range(1, len(HEADS)))])
    lines = [[str(cell) for cell in row] for row in [HEADS, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) if n == 0 else cell.rjust(width)
                          for n, (cell, width) in enumerate(zip(line, widths))) + " |"
        for line in lines)


def main():
    parser = argparse.ArgumentParser(prog="campaign", add_help=False)
    parser.add_argument("--long", action="store_true")
    chance = random.SystemRandom().randrange(1 << 32)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", chance)))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--share", type=float, default=1)
    options = parser.parse_args()
    chosen = [n for n, (name, *_) in enumerate(ROWS)
              if not options.only or any(word in name for word in options.only)]
    if not chosen:
        parser.error(f"no row of that name; there are: {', '.join(name for name, *_ in ROWS)}")
    print(f"campaign: SEED={options.seed}, {os.cpu_count()} processors, load "
          f"{os.getloadavg()[0]:.1f} at the start", flush=True)
    began = time.monotonic()
    # Threads and pseudo-terminals: each row is a process that began clean.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
            options.jobs, mp_context=context, max_tasks_per_child=1) as pool:
        begun = [pool.submit(run, n, max(1, round(ROWS[n][3 if options.long else 2]
                                                  * options.share)), options.seed)
                 for n in chosen]
        sheets = []
        for one in begun:
            sheet = one.result()
            sheets.append(sheet)
            ends = ", ".join(f"{count} {what}" for what, count in sheet.ends.most_common())
            print(f"campaign: {sheet.fault}: {sheet.seconds:.0f} s: {ends}", flush=True)
            for column, found in sheet.found.items():
                for text in found:
                    print(f"campaign: {column}: {text}")
    print()
    print(table(sheets))
    print()
    for sheet in sheets:
        for figure in sheet.figures:
            print(figure)
    clean = sum(sheet.is_clean for sheet in sheets)
    print(f"{clean} of {len(sheets)} rows without a find, {time.monotonic() - began:.0f} s")
    return 0 if clean == len(sheets) else 1


if __name__ == "__main__":
    sys.exit(main())
