#!/usr/bin/env python3
"""The measurements of ./bench --usb: the raw path beside pcscd with libccid, in one guest, on one
reader with one card, in turns.

The reader is QEMU's and the card libcacard's: neither was made here. pcscd runs only in its turns,
since it takes every reader there is.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "Tests" / "usb"), str(ROOT / "Tests" / "integration")]

import bench  # noqa: E402
from guest import Guest  # noqa: E402
from guest_station import CardReader, GuestPcscd  # noqa: E402
from kernel import tool  # noqa: E402
from agent import quantile  # noqa: E402

TURNS, COUNT = 8, 500
# The card's own application, and a short answer from it.
SELECT = "00A4040007A0000000790100"
VERIFY = "00200000"
RULE = ('SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="08e6", '
        'ENV{TOKEN_STATION_RAW}="1"\n')


def certificates(folder):
    noise = folder / "noise"
    noise.write_bytes(os.urandom(256))
    for words in (["-N", "--empty-password"],
                  *(["-S", "-n", f"cert{n}", "-s", f"CN=cert{n}", "-x", "-t", "TC,TC,TC", "-z",
                     str(noise)] for n in (1, 2, 3))):
        subprocess.run([tool("certutil"), *words, "-d", f"sql:{folder}"], check=True,
                       capture_output=True)
    return folder


def numbers(guest, command):
    got = guest.run(command, timeout=120, check=True)
    return [int(line) for line in got.out.split()]


def measure(guest, commands):
    """Times in nanoseconds, by path, one list a turn."""
    raw, bare = [], []
    for _ in range(TURNS):
        pcscd = GuestPcscd(guest)
        reader = guest.wait_for(
            lambda: next((line.strip() for line in guest.run(
                [bench.TOOLS / "readers"]).out.splitlines() if "CCID" in line), None),
            "a reader of pcscd's")
        bare.append(numbers(guest, [bench.TOOLS / "transmit", reader, COUNT, *commands]))
        pcscd.stop()
        raw.append(numbers(
            guest, [bench.RELEASE / "StationBench", "raw", "QEMU USB CCID [1-1]", COUNT,
                    *commands]))
    return raw, bare


def compare(name, raw, bare):
    for label, part in (("p50", 0.5), ("p99", 0.99)):
        one, other = (quantile([t for turn in turns for t in turn], part) for turns in (raw, bare))
        bench.row(f"{name} on the raw path, {label}", bench.micro(one),
                  f"{bench.micro(other)} SCardTransmit, pcscd, libccid", bench.ratio(one, other))


def main():
    print("bench: On " + bench.machine(), file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, Guest(name="bench", bound=600) as guest:
        guest.run("mkdir -p /etc/udev/rules.d && cat >/etc/udev/rules.d/71-bench.rules && "
                  "udevadm control --reload", input=RULE, check=True)
        CardReader(guest).emulated(certificates(pathlib.Path(folder)))
        for name, commands in (("SELECT", [SELECT]), ("an empty command", [VERIFY])):
            raw, bare = measure(guest, [SELECT, *commands] if commands != [SELECT] else commands)
            step = 1 if commands == [SELECT] else 2
            compare(name, [turn[step - 1::step] for turn in raw],
                    [turn[step - 1::step] for turn in bare])
    print("On " + bench.machine() + "\n")
    bench.table()


if __name__ == "__main__":
    main()
