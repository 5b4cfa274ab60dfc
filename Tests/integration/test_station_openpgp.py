"""OpenPGP cards restored over the socket, blocked before and accepted after by GnuPG and OpenSC."""

import hashlib
import re
import shutil

import pytest

from openpgp_lab import OpenPGPLab, READER, keys
from station import code
from test_station_secrets import wipe_out

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("gpg", "gpg-connect-agent", "openpgp-tool", "opensc-tool", "openssl")]

AID = "D276000124010304FFFE123456780000"
KDF = ["none", "one-salt", "three-salts"]
MESSAGE = b"what was signed"


class Card:
    """A card in the lab's first slot, as Station's helpers want one."""

    reader = READER

    def __init__(self, station, lab, *arguments):
        self.station = station
        self.pin, self.puk, self.admin = code(6), code(8), code(9)
        words = ["--model", "openpgp", "--pin", self.pin, "--admin", self.admin]
        if "--puk" not in arguments:
            words += ["--puk", self.puk]
        if "--key" not in arguments:
            words += keys("p256")
        self.token = lab.attach(*words, *arguments)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)

    def spent(self):
        counters = self.token.counters()
        return tuple(counters[name + "Spent"] for name in ("pin", "puk", "admin"))

    def commands(self):
        """Those that carry codes, since the log began."""
        return [e["command"] for e in self.token.log() if e["command"][2:4] in ("20", "2C")]


@pytest.fixture
def lab():
    with OpenPGPLab() as lab:
        yield lab


@pytest.fixture
def behind(lab, make_station):
    def behind(*arguments, **more):
        station = make_station(pcsc=lab, **more)
        return station, Card(station, lab, *arguments)

    return behind


def block(lab, card):
    """By GnuPG, with wrong PINs."""
    for left in (2, 1, 0):
        lab.scd(f"CHECKPIN {AID}", type=[code(6)], check=False)
        assert lab.tries()[0] == left
        lab.leave_card()
    assert card.spent()[0] == 3


def restore(station, card, form, unblocking, pin, **more):
    permit = station.begin(card, form=form, **more)
    assert permit["form"] == form
    return station.unblock(permit, unblocking, pin)


def accepted(lab, card, pin):
    """GnuPG takes the new PIN and signs by it; the old one is a wrong one."""
    spent = card.spent()
    lab.scd(f"CHECKPIN {AID}", type=[pin])
    lab.leave_card()
    made = lab.sign_by_gnupg(("PKSIGN --hash=sha256", "OPENPGP.1"), pin, MESSAGE)
    lab.assert_signed(lab.certificate("01"), MESSAGE, made)
    lab.leave_card()
    assert card.spent() == spent
    assert "ERR" in lab.scd(f"CHECKPIN {AID}", type=[card.pin], check=False)
    assert card.spent()[0] == spent[0] + 1
    lab.leave_card()


@pytest.mark.parametrize("form", ["resetting-code", "admin-pin"])
@pytest.mark.parametrize("kdf", KDF)
def test_blocked_by_gnupg_restored_and_accepted_by_it(lab, behind, form, kdf):
    station, card = behind("--kdf", kdf)
    block(lab, card)
    seen = station.inspect(READER)
    assert seen["family"] == "openpgp" and seen["locked"] is True
    assert [way["form"] for way in seen["ways"]] == ["resetting-code", "admin-pin"]
    assert [way["counter"]["left"] for way in seen["ways"]] == [3, 3]
    before, pin = card.spent(), code(6)
    result = restore(
        station, card, form, card.puk if form == "resetting-code" else card.admin, pin)
    assert result["outcome"] == "restored", result
    assert result["unblocking_spent"] == {"least": 0, "most": 0}
    assert card.spent() == before
    accepted(lab, card, pin)


@pytest.mark.parametrize("kind", ["rsa2048", "rsa3072", "p256"])
@pytest.mark.parametrize("more", [[], ["--no-extended"], ["--oddity", "wraps-objects"]])
def test_accepted_by_opensc(lab, behind, kind, more):
    station, card = behind(*keys(kind), "--locked", *more)
    pin = code(6)
    result = restore(station, card, "resetting-code", card.puk, pin)
    assert result["outcome"] == "restored", result
    assert result["verdict"]["slot"] == "sig"
    assert "Tries left     : 3" in lab.opensc("pkcs15-tool", "--dump")
    lab.opensc("openpgp-tool", "--verify", "CHV1", "--pin", pin)
    assert card.spent() == (0, 0, 0)


@pytest.mark.parametrize("kdf", KDF)
@pytest.mark.parametrize("oddity", [[], ["--oddity", "wrong-is-6982"]])
@pytest.mark.parametrize("form,place", [("resetting-code", 1), ("admin-pin", 2)])
def test_a_wrong_code_costs_the_try_that_is_stated(lab, behind, kdf, oddity, form, place):
    station, card = behind("--locked", "--kdf", kdf, *oddity)
    result = restore(station, card, form, code(8), code(6))
    assert result["error"] == "WrongUnblockingCode"
    assert result["unblocking_spent"] == {"least": 1, "most": 1}
    assert result["unblocking_left"] == 2
    wanted = [0, 0, 0]
    wanted[place] = 1
    assert card.spent() == tuple(wanted)
    assert lab.tries()[place] == 2


def test_after_a_wrong_administrators_pin_the_new_pin_stays_here(lab, behind):
    station, card = behind("--locked")
    restore(station, card, "admin-pin", code(8), code(6))
    assert [c[:8] for c in card.commands()] == ["00200083"]


def test_without_a_resetting_code_the_administrators_pin_is_the_way(lab, behind):
    station, card = behind("--locked", "--puk", "none")
    seen = station.inspect(READER)
    assert [way.get("obstacle") for way in seen["ways"]] == ["not-set-or-blocked", None]
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(card.number), reader=READER,
        form="resetting-code")
    assert refusal.name == "Refused"
    assert refusal.fields["reasons"] == ["unblocking-not-set-or-blocked"]
    pin = code(6)
    # Nobody says which way: the one that may lead somewhere.
    permit = station.begin(card)
    assert permit["form"] == "admin-pin"
    assert station.unblock(permit, card.admin, pin)["outcome"] == "restored"
    assert card.spent() == (0, 0, 0)


def test_with_nothing_left_nobody_is_asked(lab, behind):
    station, card = behind("--locked", "--puk", "none", "--admin-tries", "1")
    lab.opensc("openpgp-tool", "--verify", "CHV3", "--pin", "99999999", check=False)
    spent = card.spent()
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(card.number), reader=READER, form="admin-pin")
    assert refusal.name == "Refused"
    assert "unblocking-code-blocked" in refusal.fields["reasons"]
    assert card.spent() == spent == (0, 0, 1)


def test_the_last_try_of_the_administrators_pin_needs_the_right(lab, behind):
    station, card = behind("--locked", "--admin-tries", "1")
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(card.number), reader=READER, form="admin-pin")
    assert refusal.name == "Refused" and refusal.fields["reasons"] == ["last-try"]
    assert card.spent() == (0, 0, 0)


@pytest.mark.parametrize("printed", ["12345678", "FFFE 12345678", "ffFE:12345678"])
def test_a_request_names_the_card_as_it_is_printed(lab, behind, printed):
    station, card = behind("--locked")
    assert card.number == "FFFE:12345678"
    permit = station.begin(card, case=station.open_case(printed))
    assert station.unblock(permit, card.puk, code(6))["outcome"] == "restored"


def test_a_card_without_certificates_is_unblocked_and_not_proven(lab, behind):
    """As most such cards are. The PIN works, and no key is shown to be anybody's."""
    station, card = behind("--locked")
    select = "00A4040006D27600012401"
    verify = "0020008309" + card.admin.encode().hex()
    remove = [f"00A5{n:02X}0406" + "60045C027F21" for n in range(3)]
    words = [select, verify]
    for command in remove:
        words += [command, "00DA7F21"]
    said = lab.opensc("opensc-tool", *[w for word in words for w in (
        "-s", ":".join(re.findall("..", word)))])
    assert said.count("SW1=0x90, SW2=0x00") == len(words), said
    card.pull()
    card.insert()
    station.wait_for_card(READER)
    seen = station.inspect(READER)
    assert seen["certificates"] == [] and seen["serial"] == "FFFE:12345678"
    assert "no-proving-key" in seen["reasons"] and seen["help"] == "possible"
    pin = code(6)
    # Nothing on it says whose it is: a person does.
    result = restore(
        station, card, "resetting-code", card.puk, pin, compared=["certificate_name"])
    assert result["outcome"] == "unblocked-unproven", result
    lab.scd(f"CHECKPIN {AID}", type=[pin])
    assert card.spent() == (0, 0, 0)


@pytest.mark.parametrize("kdf", ["none", "three-salts"])
def test_the_authentication_key_proves_where_it_has_the_certificate(lab, behind, kdf):
    station, card = behind("--key", "auth=p256", "--locked", "--kdf", kdf)
    pin = code(6)
    result = restore(station, card, "resetting-code", card.puk, pin)
    assert result["outcome"] == "restored", result
    assert result["verdict"]["slot"] == "aut"
    # One PW1, and the security status that key wants.
    assert [c[:8] for c in card.commands()] == ["002C0081", "00200082"]
    checked = station.call("KeyCheck.Check", reader=READER, pin=pin)
    assert checked["verdict"]["proven"] is True
    refusal = station.refusal("KeyCheck.Check", reader=READER, pin=code(6))
    assert refusal.name == "WrongPIN" and card.spent() == (1, 0, 0)


@pytest.mark.parametrize("origin,grade", [
    ("", "device-says-generated"), (",imported", "imported")])
def test_the_grade_is_what_the_card_says_of_its_key(lab, behind, origin, grade):
    station, card = behind("--key", "sign=p256" + origin)
    checked = station.call("KeyCheck.Check", reader=READER, pin=card.pin)
    assert checked["verdict"]["proven"] is True and checked["verdict"]["grade"] == grade


@pytest.mark.parametrize("pin", ["12345", "mật-khẩu", "123456", "12345678"])
def test_a_new_pin_that_cannot_be_is_refused_before_the_card_hears_of_it(lab, behind, pin):
    station, card = behind("--locked")
    permit = station.begin(card)
    refusal = station.refusal(
        "Restore.Unblock", restore=permit["restore"], unblocking_code=card.puk, new_pin=pin)
    assert refusal.name == "CodeUnfit"
    assert card.commands() == []


def hashes(state, codes):
    """What the card is sent for each code, in hexadecimal: with any of its salts."""
    kdf = bytes.fromhex(re.search(r"^kdf (\S+)$", (state / "token").read_text(), re.M)[1])
    objects = {}
    while kdf:
        objects[kdf[0]], kdf = kdf[2:2 + kdf[1]], kdf[2 + kdf[1]:]
    if objects[0x81] == b"\0":
        return []
    assert objects[0x82] == b"\x08"
    count = int.from_bytes(objects[0x83], "big")
    units = [objects[tag] + text.encode() for tag in (0x84, 0x85, 0x86) if tag in objects
             for text in codes]
    return [hashlib.sha256((unit * (count // len(unit) + 1))[:count]).hexdigest()
            for unit in units]


@pytest.mark.parametrize("kdf", KDF)
@pytest.mark.parametrize("form", ["resetting-code", "admin-pin"])
def test_no_code_is_left_in_the_agent(station, kdf, form):
    """Nor what a code is hashed to, which opens the card as well."""
    state = station.folder / "card"
    admin, wrong, pin = code(9), code(8), code(8)
    token = station.token(
        "--model", "openpgp", "--locked", *keys("rsa2048"), "--kdf", kdf, "--admin", admin,
        "--state", state)
    codes = [wrong, admin, token.puk, pin]
    codes += hashes(state, codes)
    for unblocking in (wrong, token.puk if form == "resetting-code" else admin):
        permit = station.begin(token, form=form)
        result = station.unblock(permit, unblocking, pin)
        wipe_out(station, codes)
    assert result["outcome"] == "restored", result
    assert station.call("KeyCheck.Check", reader=token.reader, pin=pin)["verdict"]["proven"]
    wipe_out(station, codes)
    if kdf != "none":
        # The card kept one of those hashes: they are what it is sent.
        assert any(digest in (state / "token").read_text() for digest in codes[4:])
