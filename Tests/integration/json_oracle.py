#!/usr/bin/env python3
"""Judges the project's JSON reader and writer by Python's json, both ways.

usage: json_oracle.py PATH-TO-JSONProbe

Each document, well formed or not, is read by both. They must accept and refuse the same,
and what the project writes must read back in Python as the same value. Python is made as
strict as RFC 8259 for it: UTF-8, no byte order mark, no NaN and no infinities, no duplicate
keys, no lone surrogates.
"""
import json
import math
import subprocess
import sys

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

INT64 = range(-(2**63), 2**63)


class Refused(Exception):
    pass


def strict(document):
    """The value of the document (bytes), or Refused."""

    def refuse(_):
        raise Refused("constant")

    def number(text):
        value = float(text)
        if math.isinf(value):
            raise Refused("too large")
        return value

    def integer(text):
        value = int(text)
        return value if value in INT64 else number(text)

    def members(pairs):
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise Refused("duplicate key")
        return dict(pairs)

    def surrogates(value):
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, list):
            for element in value:
                surrogates(element)
        elif isinstance(value, dict):
            for key, element in value.items():
                surrogates(key)
                surrogates(element)

    try:
        text = document.decode("utf-8")
        if text.startswith("\ufeff"):
            raise Refused("byte order mark")
        value = json.loads(
            text, parse_constant=refuse, parse_float=number, parse_int=integer,
            object_pairs_hook=members)
        surrogates(value)
        return value
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None


def same(a, b):
    """Equal, with the kinds kept apart (1, 1.0 and True are three values in Python's ==)."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


class Probe:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, document):
        self.process.stdin.write(document + b"\0")
        self.process.stdin.flush()
        answer = bytearray()
        while True:
            byte = self.process.stdout.read1(65536)
            if not byte:
                raise SystemExit("the probe has died")
            answer += byte
            if answer.endswith(b"\0"):
                return bytes(answer[:-1])


judged = {"taken": 0, "refused": 0}


def judge(document):
    if b"\0" in document:
        return
    answer = probe.ask(document)
    try:
        expected = strict(document)
    except Refused as why:
        judged["refused"] += 1
        assert answer.startswith(b"!"), f"{document!r}: accepted, Python refuses: {why}"
        return
    judged["taken"] += 1
    assert not answer.startswith(b"!"), f"{document!r}: {answer.decode()}, Python accepts"
    found = strict(answer)
    assert same(expected, found), f"{document!r}: {expected!r} came back as {found!r}"
    # Our own text, read by us, is written the same again.
    assert probe.ask(answer) == answer, f"{answer!r} is not written the same twice"


# Documents that Python writes.
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=12)

# Texts that look like JSON: its tokens in any order, and well-formed texts with a part of them
# replaced, doubled or left out.
tokens = st.sampled_from([
    "{", "}", "[", "]", ",", ":", " ", "\t", "\n", "\r", "null", "true", "false", "nul", "NaN",
    "Infinity", "-Infinity", "0", "-0", "00", "-", "+1", "1", "12", "1.", ".5", "1.5", "1e5",
    "1E-3", "1e+", "e", "1e400", "-1e400", "1e-400", "0x1", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", '""', '"a"', '"a":',
    '"b":', '"\\u0061":', '"\\n"', '"\\x"', '"\\u12"', '"\\ud83d\\ude00"', '"\\ud83d"',
    '"\\ude00"', '"\\ud83d\\u0041"', '"\\uD800\\uDBFF"', '"\\u0000"', '"\x01"', '"\x7f"', '"é"',
    "'a'", "//", "/* */", "\ufeff", "\u00a0", "\x0b", "\\", '"', "a"])
token_texts = st.lists(tokens, max_size=12).map("".join)


@st.composite
def altered(draw):
    text = json.dumps(
        draw(values), ensure_ascii=draw(st.booleans()),
        indent=draw(st.sampled_from([None, 0, 2])))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 3)))
        text = text[:at] + draw(tokens | st.just("")) + text[end:]
    return text


numbers = st.from_regex(r"\A-?[0-9]{0,20}(\.[0-9]{0,20})?([eE][-+]?[0-9]{0,3})?\Z")
bytes_in_string = st.binary(max_size=6).map(lambda raw: b'"' + raw + b'"')

CHECKS = {
    "values Python writes": values.map(lambda value: json.dumps(value).encode()),
    "values Python writes unescaped": values.map(
        lambda value: json.dumps(value, ensure_ascii=False).encode()),
    "tokens in any order": token_texts.map(str.encode),
    "well-formed texts, altered": altered().map(lambda text: text.encode("utf-8", "surrogatepass")),
    "numbers and nearly numbers": numbers.map(str.encode),
    "any bytes within a string": bytes_in_string,
    "any bytes": st.binary(max_size=16),
}


def main():
    passed = failed = 0
    for name, documents in CHECKS.items():

        @settings(
            max_examples=400, deadline=None, database=None, derandomize=False,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))
        @given(documents)
        def check(document):
            judge(document)

        try:
            check()
            passed += 1
            print(f"ok      {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAILED  {name}: {error}", flush=True)
    print("documents: {taken} taken by both, {refused} refused by both".format(**judged))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    probe = Probe(sys.argv[1])
    sys.exit(main())
