"""What the kiosk writes and what is typed into it, judged from outside: columns by PyPI's wcwidth,
Telex and VNI by UniKey's own engine (Debian's scim-unikey)."""

import ctypes
import pathlib
import random
import shutil
import subprocess
import unicodedata

import pytest
from wcwidth import wcwidth

from station import ROOT

TERMINAL = ROOT / "Sources" / "KioskShell" / "Terminal"
FILES = ["CharacterWidth", "InputMethod", "Syllable", "Composition", "TextField", "KeyDecoder",
         "Pointer", "CellGrid", "Style"]
UNIKEY = pathlib.Path("/usr/lib")


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """The kiosk's files about text, in a program of their own."""
    if shutil.which("swiftc") is None:
        pytest.skip("swiftc is not installed")
    made = tmp_path_factory.mktemp("probe") / "text-probe"
    subprocess.run(
        ["swiftc", "-O", "-parse-as-library", "-module-name", "TextProbe", "-o", made,
         *[TERMINAL / f"{name}.swift" for name in FILES],
         pathlib.Path(__file__).with_name("text_probe.swift")], check=True, timeout=170)
    return made


# Columns.

# Ours, and why it may differ: (first, last, columns; None is never written).
OTHERWISE = [
    # Controls, line separators, directions, annotations, tags: not written at all.
    (0x00, 0x1F, None), (0x7F, 0x9F, None), (0x61C, 0x61C, None), (0x200E, 0x200F, None),
    (0x2028, 0x202E, None), (0x2066, 0x206F, None), (0xFFF9, 0xFFFB, None), (0xE0000, 0xE0FFF, None),
    # Not shown inside of a line.
    (0xAD, 0xAD, 0),
    # Wide since Unicode 16; terminals of before draw them narrow.
    (0x2630, 0x2637, 1), (0x268A, 0x268F, 1), (0x4DC0, 0x4DFF, 1), (0x1D300, 0x1D376, 1),
    # Halves of flags, and skin colours: their width hangs on the character before.
    (0x1F1E6, 0x1F1FF, 1), (0x1F3FB, 0x1F3FF, 0),
]


def test_columns_are_those_of_wcwidth(probe):
    done = subprocess.run([probe, "width"], capture_output=True, text=True, check=True)
    ours = {}
    for line in done.stdout.splitlines():
        first, last, columns = line.split()
        for value in range(int(first), int(last) + 1):
            ours[value] = None if columns == "-" else int(columns)
    assert len(ours) == 0x110000
    allowed = {value: columns for first, last, columns in OTHERWISE
               for value in range(first, last + 1)}
    wrong = []
    for value in range(0x110000):
        kind = unicodedata.category(chr(value))
        # Not assigned, surrogates; and marks with a width of their own, which some terminals
        # lay over the letter and some do not.
        if kind in ("Cn", "Cs", "Mc", "Co"):
            continue
        if ours[value] != allowed.get(value, wcwidth(chr(value))):
            wrong.append(f"U+{value:04X} {kind}: {ours[value]}, not {wcwidth(chr(value))}")
    assert wrong == []


# Telex and VNI.

class Options(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in (
        "free_marking", "modern_style", "macros", "clipboard", "always_macro", "strict_spelling",
        "ime", "spelling", "restore")]


class Unikey:
    """The engine inside of scim-unikey, as it is set when nobody changes anything."""

    def __init__(self):
        found = sorted(UNIKEY.glob("*/scim-1.0/*/IMEngine/unikey.so"))
        if not found:
            pytest.skip("scim-unikey is not installed")
        self.library = ctypes.CDLL(str(found[0]), mode=1)  # RTLD_LAZY: SCIM itself is not needed
        self.library.UnikeySetup()
        self.library.UnikeySetOutputCharset(12)  # UTF-8
        options = Options()
        self.library.CreateDefaultUnikeyOptions(ctypes.byref(options))
        assert options.free_marking and options.spelling and not options.modern_style
        self.library.UnikeySetOptions(ctypes.byref(options))
        self.buffer = (ctypes.c_ubyte * 1024).in_dll(self.library, "UnikeyBuf")
        self.count = ctypes.c_int.in_dll(self.library, "UnikeyBufChars")
        self.backspaces = ctypes.c_int.in_dll(self.library, "UnikeyBackspaces")

    def word(self, method, keys):
        self.library.UnikeySetInputMethod(["telex", "vni"].index(method))
        self.library.UnikeyResetBuf()
        text = ""
        for key in keys:
            self.library.UnikeyFilter(ord(key))
            back, count = self.backspaces.value, self.count.value
            if back == 0 and count == 0:
                text += key
            else:
                text = text[:len(text) - back] + bytes(self.buffer[:count]).decode()
        return text


@pytest.fixture(scope="module")
def unikey():
    return Unikey()


def ours(probe, rows):
    done = subprocess.run(
        [probe], input="".join(f"{method} {keys}\n" for method, keys in rows),
        capture_output=True, text=True, check=True)
    words = done.stdout.splitlines()
    assert len(words) == len(rows)
    return words


INITIALS = ["", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "kh", "l", "m", "n", "ng", "ngh",
            "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"]
# Vowels and the finals they go with; k before a, o, u stands in names of the Highlands and is
# left out here: UniKey sets no mark there, and neither on oao.
VOWELS = {
    "a": " c ch m n ng nh p t", "ă": "c m n ng p t", "â": "c m n ng p t", "e": " c m n ng p t",
    "ê": " ch m n nh p t", "i": " ch m n nh p t", "o": " c m n ng p t", "ô": " c m n ng p t",
    "ơ": " m n p t", "u": " c m n ng p t", "ư": " c m n ng t", "y": " ",
    "oa": " c ch n ng nh t", "oă": "c m n ng t", "oe": " n t", "iê": "c m n ng p t",
    "yê": "m n t", "uâ": "n ng t", "uê": " ch n nh", "uô": "c m n ng t", "ươ": "c m n ng p t",
    "uy": " ch n nh t", "uyê": "n t", "uya": " ", "uyu": " ",
    **dict.fromkeys(
        "ai ao au ay âu ây eo êu ia iêu iu oai oay oeo oi ôi ơi ua uây ui uôi ưa ưi ươi ươu ưu yêu"
        .split(), " ")}
KEYS = {
    "telex": {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j",
              "\u0306": "w", "\u031b": "w", "đ": "d"},
    "vni": {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5",
            "\u0302": "6", "\u0306": "8", "\u031b": "7", "đ": "9"}}


def spelled(method, word, tone, order):
    """The keys of a syllable: its shapes at once or at the end, its tone then."""
    keys, late = "", ""
    for letter in word:
        parts = ["d", "đ"] if letter == "đ" else list(unicodedata.normalize("NFD", letter))
        keys += parts[0]
        for mark in parts[1:]:
            key = KEYS[method].get(mark, parts[0])
            if order == "at once":
                keys += key
            elif key not in late:
                late += key
    last = KEYS[method].get(tone, "")
    return keys + (last + late if order == "tone first" else late + last)


def test_syllables_are_those_of_unikey(probe, unikey):
    rows = [
        (method, spelled(method, initial + vowels + final, tone, order))
        for initial in INITIALS for vowels, finals in VOWELS.items()
        if not (initial in ("gi", "qu") and vowels[0] in "iyuoôư")
        and not (initial == "g" and vowels == "i")
        for final in finals.split(" ")
        for tone in ["", *"\u0301\u0300\u0309\u0303\u0323"]
        if final not in ("c", "ch", "p", "t") or tone in ("\u0301", "\u0323")
        for method in ("telex", "vni") for order in ("at once", "at end", "tone first")]
    assert len(rows) > 80_000
    wrong = [(row, word, unikey.word(*row)) for row, word in zip(rows, ours(probe, rows))
             if word != unikey.word(*row)]
    assert wrong == []


def test_what_is_no_syllable_is_mostly_that_of_unikey(probe, unikey):
    """Random keys: differences are few, and none loses a letter without need."""
    chance = random.Random(5)
    rows = []
    for _ in range(20_000):
        method = chance.choice(["telex", "vni"])
        letters = "aeiouyaeiouybcdghlmnprstvx" + ("sfrxjwdz" if method == "telex" else "0123456789")
        rows.append((method, "".join(
            chance.choice(letters) for _ in range(chance.randint(1, 7)))))
    words = ours(probe, rows)
    wrong = [(row, word) for row, word in zip(rows, words) if word != unikey.word(*row)]
    assert len(wrong) < len(rows) // 100, wrong[:50]
    for word in words:
        assert word == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("method, keys, made", [
    ("telex", "aaa", "aa"), ("telex", "ass", "as"), ("telex", "ww", "w"), ("telex", "thuow", "thuơ"),
    ("telex", "hoaf", "hòa"), ("telex", "tesst", "test"), ("telex", "qdd", "qđ"),
    ("telex", "token", "token"), ("vni", "d9u7o7ng2", "đường"), ("vni", "a11", "a1"),
    ("vni", "2026", "2026"), ("vni", "15a1", "15a1")])
def test_words_that_both_make_alike(probe, unikey, method, keys, made):
    assert ours(probe, [(method, keys)]) == [made] == [unikey.word(method, keys)]
