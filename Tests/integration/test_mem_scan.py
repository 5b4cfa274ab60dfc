"""What the search for codes takes for a find, and what for chance."""

import pytest

import mem_scan

CODE = "73914628"
HASH = b"3f" * 20 + CODE.encode() + b"ab" * 8

ROWS = {
    "as typed": (CODE.encode(), True),
    "within text": (b'{"what":"PIN 73914628."}', True),
    "the other way round": (b'"82641937"', True),
    "as hexadecimal": (b"3733393134363238", True),
    "in UTF-16": (CODE.encode("utf-16-le"), True),
    "in Base64": (b"NzM5MTQ2Mjg=", True),
    "as BCD": (bytes.fromhex(CODE), False),
    "within a hash": (b'"prev":"' + HASH + b'"', False),
    "within a hash, and once more alone": (HASH + b" " + CODE.encode(), True),
    "within a row of digits that is no hash": (b'"number":"0173914628"', True),
    "within a monotonic time": (b'"mono":16739146281941,"kind":"case.closed"', False),
    "within another time": (b'"time":16739146281941', True),
    "behind a monotonic time": (b'"mono":16777888181941,"kind":"73914628"', True),
    "a part of it": (b"7391462", False),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_code_is_found_where_somebody_wrote_it(row):
    data, is_found = ROWS[row]
    patterns = [(0, name, pattern) for name, pattern in mem_scan.encodings(CODE)
                if len(pattern) >= 6]
    assert bool(mem_scan.search(data, patterns, "data")) == is_found
