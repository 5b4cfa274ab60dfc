"""The station and the ePass2003: blocked by OpenSC, restored over the socket with the security
officer's PIN, accepted by OpenSC, whose own unblocking leaves the token locked."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from epass2003_lab import EPass2003Lab
from pcscd_lab import Token, virtual_token
from pkcs15_lab import READER
from station import Refusal, StationToken, code, program
from test_station_faults import final
from test_station_secrets import wipe_out

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("pkcs15-tool", "pkcs11-tool", "openssl")]
MESSAGE = b"what was signed"
BUDGETS = {name: 9000 for name in ("connect", "read", "write", "sign", "reset", "hard_cap")}
# The model is provisional: it wants the right, and the word at each restore.
SETTINGS = {"budgets_ms": BUDGETS, "rights": {"provisional": {"users": [os.getuid()]}}}
NONE, ONE = {"least": 0, "most": 0}, {"least": 1, "most": 1}
# Which of them, counted from the permit: the question what it is, the session's opening, files,
# challenges and proofs before, the officer's proof (the fourth 82: one opens the session, two ask
# for tries), the new PIN, its proof, the key, the signature, and what is read after the reset.
INSTRUCTIONS = [("CA", 1), ("50", 1), ("82", 1), ("A4", 1), ("B0", 1), ("CA", 2), ("84", 1),
                ("82", 2), ("82", 3), ("84", 3), ("82", 4), ("E5", 1), ("84", 4), ("82", 5),
                ("22", 1), ("2A", 1), ("CA", 3), ("50", 2), ("82", 6), ("82", 7)]


class EPass2003:
    """What is done with a token, wherever it is."""

    def spent(self):
        counters = self.counters()
        return counters["pinSpent"], counters["soSpent"]

    def begin(self, **more):
        return self.station.begin(self, provisional=True, **more)

    def restore(self, so=None, pin=None):
        return self.station.unblock(self.begin(), so or self.so, pin or code(6))

    def was_asked(self, command):
        return [e["status"] for e in self.log() if e["command"] == command]


class Behind(EPass2003):
    """In the first slot of a lab with pcscd."""

    reader = READER

    def __init__(self, station, lab, *words):
        self.station, self.pin, self.so = station, code(6), code(8)
        self.token = lab.attach(
            "--model", "epass2003", "--pin", self.pin, "--so-pin", self.so, *words)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)


class Attached(EPass2003, StationToken):
    """On the station's own socket, without pcscd."""

    def __init__(self, station, *words):
        self.station, self._number, self.pin, self.so = station, None, code(6), code(8)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="token-", dir=station.folder))
        before = station.insertions()
        Token.__init__(
            self, [virtual_token(), "--attach", station.virtual, "--stay", "--model", "epass2003",
                   "--pin", self.pin, "--so-pin", self.so, *words], self.folder, None, station)
        station.tokens.append(self)
        self.reader = self.arrived(before)


@pytest.fixture
def lab():
    with EPass2003Lab() as lab:
        yield lab


@pytest.fixture
def behind(lab, make_station):
    def behind(*words):
        station = make_station(pcsc=lab, settings=SETTINGS)
        return station, Behind(station, lab, *words)

    return behind


def block(lab, token):
    while token.counters()["pin"]:
        assert not lab.verify(code(7))


# What is shown.

@pytest.mark.parametrize("protection", ["3des", "aes", "none"])
def test_identity_counters_and_the_way(behind, protection):
    station, token = behind(
        "--protection", protection, "--serial", "7654321", "--pin-tries", "5", "--so-tries", "9",
        "--key", "1=rsa2048", "--key", "2=p256")
    shown = station.inspect(READER)
    assert (shown["family"], shown["model"]) == ("epass2003", "ePass2003")
    assert token.number == "200300000074cbb1"
    assert shown["pin"] == {"left": 5, "limit": 5} and shown["locked"] is False
    assert [c["slot"] for c in shown["certificates"]] == ["45", "46"]
    [way] = shown["ways"]
    assert (way["form"], way["sets_new_pin"]) == ("so-pin", True)
    assert way["counter"] == {"left": 9, "limit": 9} and way.get("obstacle") is None
    assert shown["profile"]["name"] == "epass2003" and shown["profile"]["state"] == "provisional"
    assert token.spent() == (0, 0)


def test_the_model_is_provisional_and_wants_that_said(behind):
    station, token = behind("--locked", "--key", "1=p256")
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=READER)
    assert refusal.fields["reasons"] == ["model-provisional"]
    assert token.spent() == (0, 0)


def test_a_token_with_keys_of_its_own_is_refused_and_not_tried(lab, make_station):
    station = make_station(pcsc=lab)
    token = lab.attach("--model", "epass2003", "--own-keys", "--key", "none")
    station.wait_for_card(READER)
    assert station.refusal("Devices.Inspect", reader=READER).name == "TokenUnsupported"
    assert not any(e["command"] == "84820300" for e in token.log())


def test_a_token_that_does_not_tell_its_tries_goes_back_to_the_provider(behind):
    station, token = behind("--locked", "--no-tries-file", "--key", "1=p256")
    assert station.inspect(READER)["ways"][0]["obstacle"] == "provider-only"
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=READER, provisional=True)
    assert "provider-only" in refusal.fields["reasons"]
    assert token.spent() == (0, 0)


# Restores.

@pytest.mark.parametrize("protection,kind,mechanism", [
    ("3des", "rsa2048", "SHA256-RSA-PKCS"), ("3des", "p256", "ECDSA-SHA256"),
    ("aes", "rsa2048", "SHA256-RSA-PKCS"), ("none", "rsa1024", "SHA256-RSA-PKCS")])
def test_blocked_by_opensc_restored_and_accepted_by_it(lab, behind, protection, kind, mechanism):
    station, token = behind("--protection", protection, "--key", f"1={kind}", "--pin-tries", "3")
    block(lab, token)
    # Debian's client cannot do it: it proves the officer's PIN, writes nothing, and says nothing.
    lab.opensc("pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--puk", token.so, "--new-pin",
               code(6))
    assert token.counters()["pin"] == 0
    assert station.inspect(READER)["locked"] is True
    before, pin = token.spent(), code(6)
    result = token.restore(pin=pin)
    assert result["outcome"] == "restored", result
    assert result["unblocking_spent"] == result["pin_spent"] == NONE
    assert result["verdict"]["proven"] is True
    assert result["verdict"]["grade"] == "personaliser-says"
    assert token.spent() == before
    assert (token.counters()["pin"], token.counters()["so"]) == (3, 6)
    assert lab.verify(pin)
    signature = lab.sign(pin, "45", mechanism, MESSAGE)
    lab.assert_signed(lab.certificate("45"), MESSAGE, signature)
    assert not lab.verify(token.pin)
    station.verify()


def test_tokenctl_restores_by_the_officers_pin(lab, behind):
    station, token = behind("--key", "1=p256", "--pin-tries", "1")
    block(lab, token)
    pin = code(6)
    done = subprocess.run(
        [program("tokenctl"), "--socket", station.socket, "restore", "--case",
         station.open_case(token.number), "--by", "so-pin", "--provisional"],
        input=f"{token.so}\n{pin}\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert token.so not in done.stdout + done.stderr and pin not in done.stdout + done.stderr
    assert lab.verify(pin)


def test_a_wrong_officers_pin_costs_the_one_try_that_is_stated(behind):
    station, token = behind("--locked", "--so-tries", "3", "--key", "1=p256")
    for left in (2, 1):
        result = token.restore(so=code(9))
        assert result["error"] == "WrongUnblockingCode"
        assert result["unblocking_spent"] == ONE and result["unblocking_left"] == left
        assert token.counters()["so"] == left
    assert token.spent() == (0, 2) and token.was_asked("8CE50401") == []
    refusal = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=READER, provisional=True)
    assert refusal.fields["reasons"] == ["last-try"]


@pytest.mark.parametrize("typed,reason", [("123", "too_short"), ("1" * 17, "too_long")])
def test_what_is_no_officers_pin_is_not_sent(behind, typed, reason):
    station, token = behind("--locked", "--key", "1=p256")
    permit = token.begin()
    asked = len(token.log())
    with pytest.raises(Refusal) as refused:
        station.unblock(permit, typed, code(6))
    assert (refused.value.name, refused.value.fields["reason"]) == ("CodeUnfit", reason)
    assert len(token.log()) == asked


# Faults, and what is left in memory.

@pytest.mark.parametrize("kind", [None, "pull-during", "sw:6982"])
def test_no_code_is_left_in_the_agent(make_station, kind):
    station = make_station(settings=SETTINGS)
    token = Attached(station, "--locked", "--key", "1=p256")
    permit, pin = token.begin(), code(8)
    if kind:
        token.fault(f"ins=E5,kind={kind}")
    result = station.unblock(permit, token.so, pin)
    # A status word without a MAC is nobody's answer.
    assert result["outcome"] == ("unknown" if kind else "restored")
    # A PIN's hash is the key that opens what the PIN does.
    codes = [token.so, pin]
    wipe_out(station, codes + [hashlib.sha1(code.encode()).hexdigest() for code in codes])


@pytest.mark.parametrize("kind", [
    "pull-before", "pull-during", "pull-after", "mute", "sw:6F00", "sw-after:6F00", "sw:63C1",
    "reset", "truncate:1", "slow:120"])
def test_a_fault_at_each_instruction(make_station, kind):
    """What the result says was spent is what the token counted, and no code goes out twice."""
    short = dict(connect=1500, read=1500, write=1500, sign=1500, reset=1500, hard_cap=1800)
    station = make_station(
        settings={**SETTINGS, "budgets_ms": short if kind == "mute" else BUDGETS})
    for serial, (ins, nth) in enumerate(INSTRUCTIONS):
        token = Attached(station, "--locked", "--key", "1=p256", "--serial", str(serial + 1))
        where = f"{kind} at {ins}, {nth}"
        permit = token.begin()
        begun = len(token.log())
        token.fault(f"ins={ins},n={nth},kind={kind}")
        new = code(6)
        result = final(station, permit, station.unblock(permit, token.so, new))
        pin, so = token.spent()
        assert result["outcome"] in (
            "restored", "failed", "unblocked-unproven", "unknown", "refused"), where
        assert result["unblocking_spent"]["least"] <= so, where
        assert result["unblocking_spent"]["most"] >= so, where
        assert result["pin_spent"]["least"] <= pin <= result["pin_spent"]["most"], where
        sent = [(e["command"], e["status"]) for e in token.log()[begun:]]
        assert len([command for command, _ in sent if command == "8CE50401"]) <= 1, where
        assert sent.count(("0C820182", "9000")) <= 1, where
        unlocked = token.counters()["pin"] > 0
        if result["outcome"] in ("restored", "unblocked-unproven"):
            assert unlocked, where
        if result["outcome"] in ("failed", "refused"):
            assert not unlocked or kind.startswith(("sw", "truncate", "pull-after")), where
        if kind == "slow:120":
            assert result["outcome"] == "restored", where
        # The token seen again resolves what was unknown.
        token.renew()
        station.inspect(token.reader)
        assert station.call("Maintenance.Status")["unresolved_restores"] == 0, where
        if not unlocked:
            assert token.restore()["outcome"] == "restored", where
        token.leave()
    station.verify()
