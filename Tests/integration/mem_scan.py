"""Looks for codes in every readable mapping of a process and in files.

    mem_scan.py PID [FILE ...] < codes, one a line      prints what it found, one a line

Each with the bytes around it. Encodings: as typed, UTF-16 both ways, hexadecimal upper and lower, Base64 (at each of the three
offsets), digits as values, and the bytes that hexadecimal digits are.
"""

import base64
import pathlib
import sys


def encodings(code):
    raw = code.encode()
    yield "raw", raw
    yield "UTF-16LE", code.encode("utf-16-le")
    yield "UTF-16BE", code.encode("utf-16-be")
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    for offset in range(3):
        # Those characters that the code alone decides.
        text = base64.b64encode(b"\0" * offset + raw)
        start = (offset * 8 + 5) // 6
        end = (offset + len(raw)) * 8 // 6
        yield f"Base64 at {offset}", text[start:end]
    if code.isdigit():
        yield "values", bytes(int(c) for c in code)
        if len(code) % 2 == 0:
            yield "BCD", bytes.fromhex(code)
    elif len(code) % 2 == 0 and set(code) <= set("0123456789abcdefABCDEF"):
        yield "bytes", bytes.fromhex(code)
    yield "reversed", raw[::-1]


def is_in_a_hash(data, at, length):
    """Whether digits stand in a longer row of hexadecimal ones: among thousands of hashes of 64 some
    have any eight digits in them."""
    digits = b"0123456789abcdef"
    start, end = at, at + length
    while start > 0 and at - start < 64 and data[start - 1] in digits:
        start -= 1
    while end < len(data) and end - at < 64 and data[end] in digits:
        end += 1
    return end - start >= 40


def is_in_a_time(data, at):
    """Whether digits stand in a record's monotonic time: among tens of thousands of nanoseconds
    since the start some have any eight digits in them, and nothing but a number is written there."""
    start = at
    while start > 0 and at - start < 20 and data[start - 1] in b"0123456789":
        start -= 1
    return data[max(start - 8, 0):start].endswith(b'"mono":')


def is_chance(data, at, length):
    return is_in_a_hash(data, at, length) or is_in_a_time(data, at)


def search(data, patterns, where):
    """What was found, each with the bytes around it."""
    found = []
    for index, name, pattern in patterns:
        at = data.find(pattern)
        while at >= 0 and name in ("raw", "reversed") and is_chance(data, at, len(pattern)):
            at = data.find(pattern, at + 1)
        if at >= 0:
            around = data[max(at - 24, 0):at + len(pattern) + 24]
            found.append(f"{name} of code {index} in {where}: amid {around!r}")
    return found


def main():
    codes = sys.stdin.read().split()
    # Three bytes of BCD are found in anything.
    patterns = [(i, name, p) for i, c in enumerate(codes) for name, p in encodings(c)
                if len(p) >= 6]
    found = []
    pid = sys.argv[1]
    if pid != "-":
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in open(f"/proc/{pid}/maps"):
                span, rights, *_rest = line.split(maxsplit=5)
                if "r" not in rights or "[v" in line:
                    continue
                low, high = (int(x, 16) for x in span.split("-"))
                try:
                    memory.seek(low)
                    data = b""
                    while len(data) < high - low:
                        part = memory.read(high - low - len(data))
                        if not part:
                            break
                        data += part
                except OSError:
                    continue
                found += search(data, patterns, f"{line.strip()}")
    for name in sys.argv[2:]:
        path = pathlib.Path(name)
        for file in ([path] if path.is_file() else path.rglob("*")):
            if file.is_file():
                found += search(file.read_bytes(), patterns, str(file))
    print("\n".join(found))


if __name__ == "__main__":
    main()
