"""A model is tried on a token that may be lost: blocked, unblocked, proven; the profile that comes of
it is witnessed by the journal, and the counter takes the model on with it."""

import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest

from openpgp_lab import OpenPGPLab, keys
from pcscd_lab import PcscLab
from pkcs15_lab import PKCS15Lab
from station import ROOT, Refusal, code, program
from test_station_evidence import Authority
from test_station_openpgp import AID
from test_station_secrets import wipe_out

READER = PcscLab.reader(0)

PROVISIONAL = """{
  "profile": 1, "name": "odd", "title": "Odd Token", "family": "%s",
  "standing": {
    "state": "provisional", "reason": "Nobody tried it.", "by": "Lan", "on": "2026-11-21",
  },
}"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(folder):
    """A technician with the right, and the right to no provisional model."""
    return {"profiles": str(folder), "rights": {"commission": {"users": [os.getuid()]}}}


def tokenctl(station, *arguments, codes=()):
    return subprocess.run(
        [program("tokenctl"), "--socket", station.socket, *map(str, arguments)],
        input="".join(f"{c}\n" for c in codes), capture_output=True, text=True, timeout=120)


def commission(station, token, *arguments, codes, out, json_output=False):
    """As a technician does it who decided everything before."""
    return tokenctl(
        station, *(["--json"] if json_output else []), "commission", token.reader, "--technician",
        "Trần Thị Lan", "--serial", token.number, "--yes", "--out", out, *arguments, codes=codes)


def ask(token, puk=None, pin=None, **more):
    """The method's parameters."""
    return {
        "reader": token.reader, "serial": token.number, "technician": "Lan", "name": "odd",
        "wrong_pins": 3, "challenges": 2,
        "ways": [{"form": "puk", "unblocking_code": puk or token.puk, "pin": pin or code(6)}],
        **more}


def events(station, *kinds):
    return [line for line in station.lines() if line["kind"] in kinds]


def steps(station):
    """Each outcome with what it was about to cost."""
    return [
        (e["what"]["step"], e["what"]["outcome"], e["what"]["triesSpent"])
        for e in events(station, "commission.outcome")]


def check(station, *files):
    done = tokenctl(station, "--json", "profile", "check", *files)
    return done.returncode, json.loads(done.stdout)["files"]


def restart(station):
    station.stop()
    station.start()


def test_a_provisional_model_is_commissioned_and_then_taken_on(
        make_station, folder, settings, tmp_path):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--model", "piv", "--key", "9a=p256")
    case = station.open_case(token.number)
    refused = station.refusal("Restore.Begin", case=case, reader=token.reader, pin_forgotten=True)
    assert refused.fields["reasons"] == ["model-provisional"]
    station.call("Cases.Close", case=case, reason="to be lost")

    pin, out = code(8), tmp_path / "odd.json5"
    done = commission(
        station, token, "--challenges", 5, codes=[token.puk, pin], out=out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "block" in done.stdout and token.puk not in done.stdout and pin not in done.stdout

    # What it cost is what it said, and what was decided.
    assert token.spent() == (3, 0)
    assert steps(station) == [("block", "done", 3), ("unblock", "done", 0), ("prove", "done", 0)]
    intents = events(station, "commission.intent")
    assert [(e["what"]["code"], e["what"]["most"]) for e in intents] == [
        ("pin", 3), ("puk", 1), ("pin", 1)]
    assert intents[0]["what"]["counters"] == {"pin": 3, "unblocking": "unknown"}
    station.verify()

    # The seal, by sha256sum's arithmetic alone.
    text = out.read_bytes()
    body, seal = text[:text.rindex(b"// sealed:")], text[text.rindex(b"// sealed:"):].decode()
    sha256, sequence, head = re.fullmatch(
        r"// sealed: sha256 (\w{64}), journal line (\d+), (\w{64})\n", seal).groups()
    assert hashlib.sha256(body).hexdigest() == sha256
    line = station.journal.read_bytes().splitlines()[int(sequence) - 1]
    assert hashlib.sha256(line).hexdigest() == head
    what = json.loads(line)["what"]
    assert (what["sha256"], what["serial"], what["name"], what["technician"]) == (
        sha256, token.number, "odd", "Trần Thị Lan")

    status, (found,) = check(station, out)
    assert status == 0 and found["good"] and found["seal"] == "here"
    shown = tokenctl(station, "profile", "check", out).stdout
    assert "commissioned here" in shown and "Trần Thị Lan" in shown and token.number in shown
    assert '"status_query": "safe"' in body.decode() and '"pin_tries": 3' in body.decode()
    assert '"key": "p-256"' in body.decode()

    shutil.copy(out, folder / "odd.json5")
    restart(station)
    listed = station.call("Maintenance.ListProfiles")["profiles"]
    assert [(p["state"], p["seal"]) for p in listed] == [("commissioned", "here")]
    token.renew()
    case = station.open_case(token.number)
    permit = station.call(
        "Restore.Begin", case=case, reader=token.reader, pin_forgotten=True)["permit"]
    assert station.unblock(permit, token.puk, code(8))["outcome"] == "restored"


# Judged by programs that are not ours.

class Behind:
    """A token in the lab's first slot, as Station's helpers want one."""

    reader = READER

    def __init__(self, station, lab, *arguments):
        self.token = lab.attach(*arguments)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)


def so_pin():
    return "3A" + code(14)


def padded(pin):
    return pin.encode().ljust(16, b"\xff").hex()


def vgca(lab, pin):
    answers = lab.apdu(
        "00A404000AE828BD080F014E58503000", f"0020008310{padded(pin)}")
    return answers[-1][1] == "9000"


def gnupg(lab, pin):
    before = lab.tries()[0]
    lab.scd(f"CHECKPIN {AID}", type=[pin], check=False)
    after = lab.tries()[0]
    lab.leave_card()
    return after == 3 or after > before


FOREIGN = {
    # Lab, family, ways, code of each, arguments, who judges a PIN.
    "piv": (
        PcscLab, "piv", ["puk"], [code], ["--model", "piv", "--key", "9c=p256"],
        lambda lab, pin: "Success" in lab.run(
            "yubico-piv-tool", "-r", READER, "-a", "verify-pin", "-P", pin, check=False)),
    "smartcard-hsm": (
        PKCS15Lab, "smartcard-hsm", ["so-pin"], [so_pin], ["--model", "smartcard-hsm"],
        lambda lab, pin: lab.verify(pin)),
    "openpgp": (
        OpenPGPLab, "openpgp", ["resetting-code", "admin-pin"], [code, code],
        ["--model", "openpgp", *keys("p256")],
        gnupg),
    "isoapplet": (
        PKCS15Lab, "pkcs15", ["puk"], [lambda: code(16)],
        ["--model", "isoapplet", "--key", "1=rsa2048"], lambda lab, pin: lab.verify(pin)),
    "vgca": (
        PKCS15Lab, "pkcs15", ["puk"], [code], ["--model", "vgca", "--key", "1=rsa2048"], vgca),
}
OPTION = {"puk": "--puk", "resetting-code": "--puk", "admin-pin": "--admin", "so-pin": "--so-pin"}


@pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("yubico-piv-tool", "pkcs15-tool", "gpg")),
    reason="yubico-piv-tool, pkcs15-tool or gpg is not installed")
@pytest.mark.parametrize("model", FOREIGN)
def test_families_are_commissioned_and_accepted_by_foreign_tools(
        make_station, folder, settings, tmp_path, model):
    kind, family, ways, make, arguments, accepts = FOREIGN[model]
    name = "odd"
    if model == "vgca":
        # The shipped profile that nobody had a token for.
        name = "vgca-token"
        shutil.copy(ROOT / "config/profiles/vgca-token.json5", folder)
    else:
        (folder / "odd.json5").write_text(PROVISIONAL % family)
    codes = [code() for code in make]
    words = [w for way, c in zip(ways, codes) for w in (OPTION[way], c)]
    with kind() as lab:
        station = make_station(settings=settings, pcsc=lab)
        token = Behind(station, lab, "--pin", code(6), *words, *arguments)
        assert station.inspect(READER)["profile"]["state"] == "provisional"
        pins, out = [code(8) for _ in ways], tmp_path / "made.json5"
        done = commission(
            station, token, *(w for way in ways for w in ("--way", way)), "--challenges", 3,
            codes=[c for pair in zip(codes, pins) for c in pair], out=out)
        assert done.returncode == 0, done.stdout + done.stderr
        assert steps(station) == [
            ("block", "done", 3), ("unblock", "done", 0), ("prove", "done", 0)] * len(ways)
        counters = token.counters()
        assert counters["pinSpent"] == 3 * len(ways)
        assert sum(n for k, n in counters.items() if k.endswith("Spent")) == 3 * len(ways)

        assert accepts(lab, pins[-1])
        assert not accepts(lab, code(8))
        assert accepts(lab, pins[-1])

        shutil.copy(out, folder / f"{name}.json5")
        status, (found,) = check(station, folder / f"{name}.json5")
        assert status == 0 and found["seal"] == "here" and found["name"] == name
        restart(station)
        station.wait_for_card(READER)
        seen = station.inspect(READER)
        assert seen["profile"]["state"] == "commissioned" and seen["profile"]["seal"] == "here"
        permit = station.begin(token, form=ways[0], pin_forgotten=True)
        pin = code(8)
        assert station.unblock(permit, codes[0], pin)["outcome"] == "restored"
        assert accepts(lab, pin)


def test_a_card_that_nobody_described_gets_its_first_profile(
        make_station, folder, settings, tmp_path):
    station = make_station(settings=settings)
    token = station.token("--model", "pkcs15", "--key", "1=p256")
    # Without GET DATA it is of no model that is known.
    for n in range(1, 65):
        token.fault(f"ins=CA,n={n},kind=sw:6D00")
    seen = station.inspect(token.reader)
    assert "profile" not in seen and "left" not in seen["pin"]
    assert "model-provisional" in seen["reasons"]
    out = tmp_path / "made.json5"
    undecided = commission(station, token, codes=[], out=out)
    assert undecided.returncode == 2 and "--wrong-pins" in undecided.stderr
    done = commission(
        station, token, "--name", "first", "--title", "The first", "--wrong-pins", 3,
        codes=[token.puk, code(8)], out=out)
    assert done.returncode == 0, done.stdout + done.stderr
    # That asking spends nothing was found out by asking, within what was decided.
    assert token.spent() == (3, 0)
    assert events(station, "commission.intent")[0]["what"]["most"] == 5
    text = out.read_text()
    assert '"status_query": "safe"' in text and '"reference"' in text and '"The first"' in text
    shutil.copy(out, folder)
    restart(station)
    token.reader = token.arrived({})
    seen = station.inspect(token.reader)
    assert seen["profile"]["name"] == "first" and seen["pin"]["left"] == 3
    result = station.unblock(
        station.begin(token, pin_forgotten=True), token.puk, code(8))
    assert result["outcome"] == "restored"


# What is refused costs nothing and leaves no trace in the journal.

REFUSED = {
    # Parameters that differ, and the reason where it is another word.
    "wrong-serial": ({"serial": "7"}, "wrong-serial"),
    "too-few-wrong-pins": ({"wrong_pins": 2}, "too-few-wrong-pins"),
    "name": ({"name": "Odd One"}, "name-unfit"),
    "technician": ({"technician": ""}, "name-unfit"),
    "profile-conflict": ({"name": "other"}, "profile-conflict"),
    "no-ways": ({"ways": []}, "way-not-there"),
    "another-way": (
        {"ways": [{"form": "so-pin", "unblocking_code": "1", "pin": "1"}]}, "way-not-there"),
}


@pytest.mark.parametrize("reason", [
    *REFUSED, "code-unfit", "new-pin-unfit", "case-open", "no-right", "live-certificate"])
def test_what_is_refused_costs_nothing(make_station, folder, settings, reason, tmp_path):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    (folder / "other.json5").write_text((PROVISIONAL % "gids").replace('"odd"', '"other"'))
    if reason == "no-right":
        settings["rights"] = {}
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256", "--state", tmp_path / "token")
    more, named = REFUSED.get(reason, ({}, reason))
    asked = {**ask(
        token, puk="12" if reason == "code-unfit" else None,
        pin="123456" if reason == "new-pin-unfit" else None), **more}
    if reason == "case-open":
        station.open_case(token.number)
    if reason == "live-certificate":
        (tmp_path / "ca").mkdir()
        Authority(tmp_path / "token", tmp_path / "ca")
        station.settings["roots"] = [str(tmp_path / "ca/ca.pem")]
        restart(station)
        asked["reader"] = token.arrived({})
    refusal = station.refusal("Maintenance.Commission", **asked)
    assert refusal.name == "CommissionRefused", refusal
    assert refusal.fields["reasons"] == [named]
    assert token.spent() == (0, 0)
    assert not [k for k in station.kinds() if k.startswith("commission.")]


# Faults: what is on record is what the token counted.

def ended(station, **asked):
    """The result, also where it comes inside an error."""
    try:
        return station.call("Maintenance.Commission", **asked)["result"]
    except Refusal as refusal:
        if "commission" not in refusal.fields:
            raise
        return refusal.fields["commission"]


def told(station):
    """Tries that the journal's outcomes account for: of the PIN, of the PUK; least and most."""
    sums = {"pin": [0, 0], "puk": [0, 0]}
    outcomes = events(station, "commission.outcome")
    intents = events(station, "commission.intent")
    assert len(outcomes) == len(intents)
    for intent, outcome in zip(intents, outcomes):
        spent = str(outcome["what"]["triesSpent"]).split("..")
        sums[intent["what"]["code"]][0] += int(spent[0])
        sums[intent["what"]["code"]][1] += int(spent[-1])
    return sums


def assert_accounted(station, token):
    sums, (pin, puk) = told(station), token.spent()
    assert sums["pin"][0] <= pin <= sums["pin"][1], (sums, pin)
    assert sums["puk"][0] <= puk <= sums["puk"][1], (sums, puk)
    station.verify()


@pytest.mark.parametrize("fault,outcome,reason", [
    ("ins=20,n=2,kind=pull-before", "unknown", "token-removed"),
    ("ins=20,n=2,kind=pull-during", "unknown", "token-removed"),
    # Its answer came, and nothing after it.
    ("ins=20,n=2,kind=pull-after", "failed", "token-removed"),
    ("ins=20,n=1,kind=sw:9000", "failed", "wrong-pin-accepted"),
    ("ins=20,n=1,kind=sw:6A80", "failed", "refused-by-token"),
    ("ins=2C,n=1,kind=pull-before", "unknown", "token-removed"),
    ("ins=2C,n=1,kind=pull-during", "unknown", "token-removed"),
    ("ins=2C,n=1,kind=sw:6F00", "failed", "refused-by-token"),
    ("ins=20,n=4,kind=pull-during", "unknown", "token-removed"),
    ("ins=87,n=1,kind=pull-during", "failed", "token-removed"),
    ("ins=87,n=2,kind=pull-before", "failed", "token-removed"),
])
def test_whatever_goes_wrong_is_accounted_for(
        make_station, folder, settings, fault, outcome, reason):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    asked = ask(token)
    token.fault(fault)
    result = ended(station, **asked)
    assert (result["outcome"], result["reason"]) == (outcome, reason), result
    assert "profile" not in result
    assert_accounted(station, token)
    last = events(station, "commission.outcome")[-1]["what"]
    assert (last["outcome"], last["reasons"]) == (outcome, [reason])
    assert not events(station, "profile.sealed")
    spent = [sum(step["spent"][side] for step in result["steps"]) for side in ("least", "most")]
    assert [sum(x) for x in zip(*told(station).values())] == spent


def test_a_wrong_unblocking_code_costs_one_try(make_station, folder, settings, tmp_path):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    out = tmp_path / "made.json5"
    done = commission(station, token, codes=[code(8), code(8)], out=out)
    assert done.returncode == 1 and "refused the unblocking code" in done.stderr
    assert "block" in done.stdout and not out.exists()
    assert token.spent() == (3, 1)
    assert steps(station) == [("block", "done", 3), ("unblock", "failed", 1)]
    # Once more, with the token locked as it is.
    done = commission(station, token, codes=[token.puk, code(8)], out=out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert token.spent() == (3, 1)


@pytest.mark.parametrize("ins,n,inside", [("20", 2, "block"), ("2C", 1, "unblock"),
                                          ("20", 4, "prove")])
def test_killed_in_the_middle_the_next_start_says_what_is_not_known(
        make_station, folder, settings, ins, n, inside):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    token.fault(f"ins={ins},n={n},kind=slow:5000")
    with station.dial() as wire:
        wire.send("Maintenance.Commission", _more=True, **ask(token))
        while wire.result()["result"]["step"] != inside:
            pass
        station.kill()
    station.start()
    station.verify()
    last = events(station, "commission.outcome")[-1]["what"]
    most = 3 if inside == "block" else 1
    assert (last["step"], last["outcome"], last["triesSpent"], last["reasons"]) == (
        inside, "unknown", f"0..{most}", ["interrupted"])
    assert_accounted(station, token)


@pytest.mark.parametrize("how", ["asked", "hung-up"])
def test_it_stops_before_its_next_code(make_station, folder, settings, how):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    token.fault("ins=20,n=1,kind=slow:1500")
    wire = station.wire()
    wire.send("Maintenance.Commission", _more=True, **ask(token))
    running = wire.result()["result"]
    assert running["step"] == "block"
    if how == "asked":
        assert station.call(
            "Maintenance.CancelCommission", commission=running["commission"])["running"]
        while True:
            try:
                wire.result()
            except Refusal as refusal:
                result = refusal.fields["commission"]
                break
        assert result["outcome"] == "cancelled"
        assert result["steps"][0]["sent"] == token.spent()[0]
    else:
        wire.close()
    station.wait_for(lambda rs: not any(r.get("detail") for r in rs), "the reader back")
    # It came before the first wrong PIN, or after it.
    spent = token.spent()[0]
    assert spent in (0, 1)
    assert steps(station) == [("block", "cancelled", spent)]
    assert not station.call(
        "Maintenance.CancelCommission", commission=running["commission"])["running"]


def test_no_code_stays(make_station, folder, settings):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    for puk, pin in [(code(8), code(8)), (token.puk, code(8))]:
        ended(station, **ask(token, puk=puk, pin=pin))
        wipe_out(station, [puk, pin])


@pytest.mark.parametrize("oddity,wrong,status,written", [
    ("empty-verify-spends", 3, 0, "unsafe"), ("never-says-blocked", 3, 0, "safe"),
    ("wrong-is-6985", 3, 1, None), ("hides-count", 3, 1, None), ("hides-count", 4, 0, "unsafe")])
def test_odd_tokens_are_described_as_they_are_or_not_at_all(
        make_station, folder, settings, tmp_path, oddity, wrong, status, written):
    station = make_station(settings=settings)
    token = station.token("--model", "piv", "--key", "9a=p256", "--oddity", oddity)
    out = tmp_path / "made.json5"
    done = commission(
        station, token, "--name", "odd", "--wrong-pins", wrong, codes=[token.puk, code(8)],
        out=out)
    assert done.returncode == status, done.stdout + done.stderr
    found = re.search(r'"status_query": "(\w+)"', out.read_text()) if status == 0 else None
    assert (found and found[1]) == written
    if oddity != "empty-verify-spends":
        assert_accounted(station, token)


# What a seal is worth.

def test_a_seal_is_worth_what_its_journal_says(make_station, folder, settings, tmp_path):
    (folder / "odd.json5").write_text(PROVISIONAL % "piv")
    station = make_station(settings=settings)
    token = station.token("--key", "9a=p256")
    out = tmp_path / "odd.json5"
    done = commission(station, token, codes=[token.puk, code(8)], out=out, json_output=True)
    result = json.loads(done.stdout)["result"]
    assert result["profile"]["text"] == out.read_text()
    assert done.returncode == 0 and result["outcome"] == "commissioned"
    again = commission(station, token, codes=[token.puk, code(8)], out=out)
    assert again.returncode == 1 and "there already" in again.stderr

    text = out.read_text()
    seal = text[text.rindex("// sealed:"):]
    changed = {
        "title": text.replace("Odd Token", "Even Token"),
        "comment": text.replace("{\n", "{ // no harm\n", 1), "behind": text + "\n",
        "unsealed": text[:-len(seal)],
        "another": text.replace(seal[-65:-1], "0" * 64),
    }
    expected = {"another": "elsewhere"}
    for name, content in changed.items():
        path = tmp_path / f"{name}.json5"
        path.write_text(content)
        status, (found,) = check(station, path)
        assert (status, found["seal"]) == (0, expected.get(name, "changed")), name

    other = make_station(settings=settings)
    assert check(other, out)[1][0]["seal"] == "elsewhere"
    alone = subprocess.run(
        [program("tokenctl"), "--socket", "/nowhere", "--json", "profile", "check", out],
        capture_output=True, text=True)
    assert json.loads(alone.stdout)["files"][0]["seal"] == "unwitnessed"

    # Changed, it is a provisional one; of another station, it is served and said to be.
    (folder / "odd.json5").write_text(changed["comment"])
    restart(station)
    (listed,) = station.call("Maintenance.ListProfiles")["profiles"]
    assert (listed["state"], listed["seal"]) == ("provisional", "changed")
    findings = station.call("Maintenance.Diagnose")["findings"]
    assert [f["state"] for f in findings if f["check"] == "profile odd"] == ["warning"]
    reader = token.arrived({})
    refused = station.refusal(
        "Restore.Begin", case=station.open_case(token.number), reader=reader, pin_forgotten=True)
    assert refused.fields["reasons"] == ["model-provisional"]
    assert "changed since" in refused.fields["message"]
    shutil.copy(out, folder / "odd.json5")
    restart(other)
    (listed,) = other.call("Maintenance.ListProfiles")["profiles"]
    assert (listed["state"], listed["seal"]) == ("commissioned", "elsewhere")
