"""The station restores a GIDS token with the administrator's key, here and elsewhere: blocked by
OpenSC, and accepted by it afterwards."""

import pathlib
import shutil
import tempfile

import pytest

from gids_lab import GIDSLab, KEY, OTHER, READER, answer, block
from pcscd_lab import Token, virtual_token
from station import Refusal, StationToken, code
from test_station_secrets import wipe_out

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("gids-tool", "pkcs11-tool", "openssl")]
BUDGETS = {name: 9000 for name in ("connect", "read", "write", "sign", "reset", "hard_cap")}
NONE, PERHAPS = {"least": 0, "most": 0}, {"least": 0, "most": 1}


@pytest.fixture
def lab():
    with GIDSLab() as lab:
        yield lab


class GIDS:
    """What is done with a token, wherever it is."""

    def spent(self):
        counters = self.counters()
        return counters["pinSpent"], counters["adminSpent"]

    def by_key(self, permit, pin, key=KEY, **more):
        return self.station.unblock(permit, key, pin, **more)

    def by_response(self, permit, pin, key=KEY):
        challenge = self.challenge(permit)
        return self.respond(permit, challenge, pin, key)

    def challenge(self, permit, **more):
        return self.station.call(
            "Restore.AskChallenge", restore=permit["restore"], **more)["challenge"]

    def respond(self, permit, challenge, pin, key=KEY):
        try:
            return self.station.call(
                "Restore.Respond", restore=permit["restore"], new_pin=pin,
                response=answer(challenge["challenge"], key))["result"]
        except Refusal as refusal:
            if "result" not in refusal.fields:
                raise
            return {**refusal.fields["result"], "error": refusal.name}


class Behind(GIDS):
    """In the first slot of a lab with pcscd."""

    reader = READER

    def __init__(self, station, lab, *words):
        self.station = station
        self.token = lab.attach("--model", "gids", *words)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)


class Attached(GIDS, StationToken):
    """On the station's own socket, without pcscd."""

    def __init__(self, station, *words):
        self.station, self._number = station, None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="token-", dir=station.folder))
        before = station.insertions()
        Token.__init__(
            self, [virtual_token(), "--attach", station.virtual, "--stay", "--model", "gids",
                   *words], self.folder, None, station)
        station.tokens.append(self)
        self.reader = self.arrived(before)


@pytest.fixture
def behind(lab, make_station):
    def behind(*words, settings=None):
        station = make_station(pcsc=lab, settings=settings)
        return station, Behind(station, lab, *words)

    return behind


def accepted(lab, pin):
    """OpenSC signs with the new PIN."""
    message, signature = lab.folder / "data", lab.folder / "signature"
    message.write_bytes(b"what was signed")
    lab.pkcs11("--sign", "--id", "00", "-m", "SHA256-RSA-PKCS", "-i", message, "-o", signature,
               pin=pin)
    leaf, key = lab.folder / "leaf", lab.folder / "key"
    leaf.write_text(lab.opensc("pkcs15-tool", "--read-certificate", "0"))
    lab.run("openssl", "x509", "-in", leaf, "-noout", "-pubkey", "-out", key)
    return "Verified OK" in lab.run(
        "openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, message)


# What is shown.

def test_identity_counters_and_ways(behind):
    station, token = behind("--key", "kxc=rsa2048", "--key", "ksc=p256", "--pin-tries", "5")
    shown = station.inspect(READER)
    assert shown["family"] == "gids" and shown["model"] == "GIDS 2"
    assert token.number == "00000000000040008000000012345678"
    assert shown["pin"] == {"left": 5, "limit": 5} and shown["locked"] is False
    assert [c["slot"] for c in shown["certificates"]] == ["kxc00", "ksc01"]
    ways = {way["form"]: way for way in shown["ways"]}
    assert list(ways) == ["admin-key-response", "admin-key"]
    assert ways["admin-key-response"]["takes"] == "response"
    assert ways["admin-key"]["rule"] == {"minimum": 48, "maximum": 48, "characters": "hex"}
    assert not [e for e in token.log() if e["command"].startswith("0020")]


# Restores.

@pytest.mark.parametrize("way", ["admin-key", "admin-key-response", None])
@pytest.mark.parametrize("more", [[], ["--no-extended"]])
def test_blocked_by_opensc_restored_and_accepted_by_it(lab, behind, way, more):
    station, token = behind("--key", "kxc=rsa2048", *more)
    block(lab, token)
    assert station.inspect(READER)["locked"] is True
    before, pin = token.spent(), code(6)
    permit = station.begin(token, **({"form": way} if way else {}))
    assert permit["form"] == (way or "admin-key-response")
    restore = token.by_key if way == "admin-key" else token.by_response
    result = restore(permit, pin)
    assert result["outcome"] == "restored", result
    assert result["unblocking_spent"] == result["pin_spent"] == NONE
    assert result["verdict"]["proven"] is True
    assert token.spent() == before
    assert accepted(lab, pin)
    # The administrator's right went with the session.
    assert "failed" in lab.unblock(OTHER, "654321")
    station.verify()


def test_a_card_without_external_authentication_takes_the_key_here_alone(behind):
    station, token = behind("--locked", "--oddity", "mutual-only", "--key", "ksc=p256")
    ways = {way["form"]: way for way in station.inspect(READER)["ways"]}
    assert ways["admin-key-response"]["obstacle"] == "switched-off"
    permit = station.begin(token)
    assert permit["form"] == "admin-key"
    assert token.by_key(permit, code(6))["outcome"] == "restored"


@pytest.mark.parametrize("way", ["admin-key", "admin-key-response"])
def test_a_wrong_key_is_said_costs_its_try_and_is_not_tried_again_by_itself(behind, way):
    station, token = behind(
        "--locked", "--key", "ksc=p256", "--oddity", "counts-administrator", )
    permit = station.begin(token, form=way)
    result = (token.by_key if way == "admin-key" else token.by_response)(permit, code(6), OTHER)
    assert result["error"] == "WrongUnblockingCode"
    # No count is shown, and many such cards keep none.
    assert result["unblocking_spent"] == PERHAPS and result.get("unblocking_left") is None
    assert token.spent() == (0, 1) and token.counters()["pin"] == 0
    # The card may count, and nobody knows: the next try wants somebody's word.
    case = station.open_case(token.number)
    fields = {"case": case, "reader": READER, "form": way}
    assert "last-try" in station.refusal("Restore.Begin", **fields).fields["reasons"]
    station.verify()


def test_what_cannot_be_a_key_or_response_is_not_sent(behind):
    station, token = behind("--locked", "--key", "ksc=p256")
    permit = station.begin(token, form="admin-key")
    sent = len(token.log())
    for wrong in (KEY[:-1], KEY + "0", "g" * 48):
        refusal = station.refusal(
            "Restore.Unblock", restore=permit["restore"], unblocking_code=wrong, new_pin=code(6))
        assert refusal.name == "CodeUnfit" and refusal.fields["field"] == "unblocking_code"
    assert len(token.log()) == sent
    assert token.by_key(permit, code(6))["outcome"] == "restored"


# The challenge.

def test_a_challenge_is_an_object_and_is_answered_once(behind):
    station, token = behind("--locked", "--key", "ksc=p256")
    permit = station.begin(token)
    challenge = token.challenge(permit)
    assert len(challenge["challenge"]) == 16 and len(challenge["session"]) == 16
    assert challenge["device_number"] == token.number and challenge["family"] == "gids"
    assert challenge["issued"] < challenge["expires"]
    # What cannot be the response leaves the challenge open.
    for wrong in ("00", "g" * 16):
        refusal = station.refusal(
            "Restore.Respond", restore=permit["restore"], response=wrong, new_pin=code(6))
        assert refusal.name == "CodeUnfit"
    assert token.respond(permit, challenge, code(6))["outcome"] == "restored"
    assert len([e for e in token.log() if e["command"] == "002C0280"]) == 1
    with pytest.raises(Refusal) as refused:
        token.respond(permit, challenge, code(6))
    assert (refused.value.name, refused.value.fields["reason"]) == ("PermitInvalid", "used")
    assert len([e for e in token.log() if e["command"] == "002C0280"]) == 1


@pytest.mark.parametrize("end,reason", [
    ("pull", "token-removed"), ("expire", "challenge-expired"), ("cancel", "cancelled")])
def test_what_ends_a_challenge_is_said_and_costs_nothing(behind, end, reason):
    budgets = {**BUDGETS, **({"response": 300} if end == "expire" else {})}
    station, token = behind("--locked", "--key", "ksc=p256", settings={"budgets_ms": budgets})
    permit = station.begin(token)
    challenge = token.challenge(permit)
    wire = station.wire()
    wire.send("Restore.Attach", _more=True, restore=permit["restore"])
    if end == "pull":
        token.token.pull()
    elif end == "cancel":
        station.call("Restore.Cancel", restore=permit["restore"])
    result = {"state": "running"}
    while result["state"] != "finished":
        reply = wire.reply()
        result = reply["parameters"]["result"]
    assert result["reason"] == reason, result
    assert result["unblocking_spent"] == result["pin_spent"] == NONE
    if end == "pull":
        token.token.insert()
    late = token.respond(permit, challenge, code(6))
    assert late["reason"] == reason
    assert token.spent() == (0, 0) and token.counters()["pin"] == 0
    assert token.by_response(station.begin(token), code(6))["outcome"] == "restored"
    station.verify()


def test_a_response_right_behind_a_pull_is_known_not_to_have_been_sent(make_station):
    token = Attached(
        make_station(settings={"budgets_ms": BUDGETS}), "--locked", "--key", "ksc=p256")
    permit = token.station.begin(token)
    challenge = token.challenge(permit)
    # And not waited until the station knows.
    token.control("pull")
    result = token.respond(permit, challenge, code(6))
    assert (result["outcome"], result["reason"]) == ("failed", "token-removed"), result
    assert result["unblocking_spent"] == result["pin_spent"] == NONE
    token.insert()
    assert token.spent() == (0, 0)
    token.station.verify()


def test_a_technician_does_not_ask_by_a_question_that_counts(make_station):
    token = Attached(make_station(), "--oddity", "empty-verify-counts", "--key", "kxc=p256")
    for _ in range(3):
        refusal = token.station.refusal(
            "Maintenance.Exchange", reader=token.reader, command="00200080")
        assert refusal.name == "CommandRefused", refusal.fields
    assert token.spent() == (0, 0)


# What is left in memory.

@pytest.mark.parametrize("kind", [None, "pull-during", "sw:6982"])
@pytest.mark.parametrize("way", ["admin-key", "admin-key-response"])
def test_no_key_response_or_pin_is_left_in_the_agent(make_station, way, kind):
    station = make_station(settings={"budgets_ms": BUDGETS})
    # Digits and letters, so that neither its writing nor its bytes are found by chance.
    key, pin = (code(20) + "abcd") * 2, code(8)
    token = Attached(station, "--locked", "--key", "ksc=p256", "--admin", key)
    permit = station.begin(token, form=way)
    if kind:
        token.fault(f"ins=87,n=2,kind={kind}")
    if way == "admin-key":
        sent = key
        result = token.by_key(permit, pin, key)
    else:
        challenge = token.challenge(permit)
        sent = answer(challenge["challenge"], key)
        result = token.respond(permit, challenge, pin, key)
    assert result["outcome"] == {None: "restored", "pull-during": "unknown"}.get(kind, "failed")
    wipe_out(station, [key, sent, pin])
