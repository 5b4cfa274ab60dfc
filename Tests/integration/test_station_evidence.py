"""What a key check says, judged by tools that nobody here wrote: yubico-piv-tool reads the same
token through the same pcscd, openssl checks its certificates and makes the revocation lists."""

import datetime
import json
import pathlib
import re
import shutil
import subprocess

import pytest

from pcscd_lab import PcscLab
from station import Refusal, code, program

READER = PcscLab.reader(0)
PIN = "246813"

pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("yubico-piv-tool", "openssl")]


def openssl(*words, cwd=None, check=True, data=None):
    done = subprocess.run(
        ["openssl", *map(str, words)], cwd=cwd, capture_output=True, input=data)
    assert not check or done.returncode == 0, done.stderr.decode()
    return done.stdout.decode() if check else done.returncode


class Authority:
    """The authority that a token's --state folder keeps, for openssl to sign lists with."""

    def __init__(self, state, folder):
        self.folder = folder
        words = dict(
            line.split(" ") for line in (state / "authority").read_text().splitlines()[1:])
        (folder / "ca.der").write_bytes(bytes.fromhex(words["certificate"]))
        (folder / "key.der").write_bytes(bytes.fromhex(words["key"]))
        openssl("x509", "-inform", "DER", "-in", "ca.der", "-out", "ca.pem", cwd=folder)
        openssl("pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem", cwd=folder)
        (folder / "index").write_text("")
        (folder / "number").write_text("01\n")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n")

    def _ca(self, *words):
        openssl("ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "key.pem", *words,
                cwd=self.folder)

    def revoke(self, certificate):
        self._ca("-revoke", certificate, "-crl_reason", "keyCompromise")

    def publish(self, path, days_old):
        made = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(
            days=days_old, minutes=5)
        stamp = "%Y%m%d%H%M%SZ"
        self._ca("-gencrl", "-out", path, "-crl_lastupdate", made.strftime(stamp),
                 "-crl_nextupdate", (made + datetime.timedelta(days=7)).strftime(stamp))


class Bench:
    """A token that keeps its state, and a station that is told whom to trust."""

    def __init__(self, lab, make_station, folder, *arguments, slot="9c"):
        self.lab, self.folder, self.slot = lab, folder, slot
        self.state, self.lists, self.makers = (
            folder / "token", folder / "lists", folder / "makers")
        for path in (self.lists, self.makers, folder / "ca"):
            path.mkdir()
        self.token = lab.attach(
            "--state", self.state, "--pin", PIN, "--serial", "7654321",
            *(arguments or ("--key", f"{slot}=p256")))
        self.authority = Authority(self.state, folder / "ca")
        self.root = folder / "ca" / "ca.pem"
        self.make_station = make_station
        self.station = None

    def trusting(self, roots=(), makers=(), **more):
        for path in makers:
            shutil.copy(path, self.makers)
        self.station = self.make_station(pcsc=self.lab, settings={
            **more,
            "roots": [str(path) for path in roots], "attestation_roots": str(self.makers),
            "revocation_lists": str(self.lists)})
        self.station.wait_for_card(READER)
        return self

    def check(self, **more):
        reply = self.station.call("KeyCheck.Check", reader=READER, pin=PIN, **more)
        reply["items"] = {item["item"]: item for item in reply["verdict"]["evidence"]}
        return reply

    def piv(self, *words):
        return self.lab.run("yubico-piv-tool", "-r", READER, *words)

    def certificate(self, slot):
        path = self.folder / f"{slot}.pem"
        path.write_text(self.piv("-a", "read-certificate", "-s", slot))
        return path

    def sent(self, header):
        return [line for line in self.token.log() if line["command"].startswith(header)]


@pytest.fixture
def lab():
    with PcscLab() as lab:
        yield lab


@pytest.fixture
def bench(lab, make_station, tmp_path):
    def bench(*arguments, **more):
        return Bench(lab, make_station, tmp_path, *arguments, **more)

    return bench


@pytest.fixture
def stranger(tmp_path):
    """An authority that has nothing to do with the token."""
    path = tmp_path / "stranger.pem"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", tmp_path / "stranger.key", "-out", path, "-subj", "/CN=stranger",
            "-days", "30")
    return path


# Attestation.

@pytest.mark.parametrize("is_right", [True, False])
def test_the_station_and_openssl_agree_on_what_a_device_states(bench, stranger, is_right):
    bench = bench()
    maker = bench.root if is_right else stranger
    bench.trusting(roots=[bench.root], makers=[maker])
    reply = bench.check()
    # The same statement by other means.
    statement = bench.folder / "statement.pem"
    statement.write_text(bench.piv("-a", "attest", "-s", bench.slot))
    judged = openssl("verify", "-CAfile", maker, "-untrusted", bench.certificate("f9"), statement,
                     check=False)
    assert (judged == 0) == is_right
    keys = [openssl("x509", "-in", path, "-noout", "-pubkey")
            for path in (statement, bench.certificate(bench.slot))]
    assert keys[0] == keys[1]
    assert reply["verdict"]["grade"] == ("attested" if is_right else "device-says-generated")
    item = reply["items"]["attestation"]
    assert item["finding"] == ("shown" if is_right else "not_shown"), item
    if is_right:
        assert "serial number 7654321" in item["how"] and "firmware 5.4.3" in item["how"]
        pin = openssl("x509", "-in", maker, "-noout", "-fingerprint", "-sha256")
        assert pin.split("=")[1].strip().replace(":", "") in item["how"]


def test_a_restore_asks_what_the_device_states_too(bench):
    bench = bench("--key", "9a=p256", "--locked", slot="9a")
    bench.trusting(roots=[bench.root], makers=[bench.root])
    case = bench.station.open_case("7654321", holder="NGUYỄN THỊ  ÁNH")
    permit = bench.station.call("Restore.Begin", case=case, reader=READER)["permit"]
    result = bench.station.call(
        "Restore.Unblock", restore=permit["restore"], unblocking_code="12345678",
        new_pin="975312")["result"]
    assert result["outcome"] == "restored", result
    assert result["verdict"]["grade"] == "attested"
    items = {item["item"]: item["finding"] for item in result["verdict"]["evidence"]}
    assert items["holder"] == "shown" and items["path"] == "shown"
    assert items["same-token"] == "shown" and items["seen-before"] == "shown"
    # One challenge is enough to hand a token over.
    assert len(bench.sent("008711")) == 1


def test_an_imported_key_is_never_attested(bench):
    bench = bench("--key", "9c=p256,imported").trusting()
    shutil.copy(bench.root, bench.makers)
    bench.station.stop()
    bench.station.start()
    bench.station.wait_for_card(READER)
    reply = bench.check()
    assert reply["verdict"]["grade"] == "imported"
    assert reply["items"]["attestation"]["finding"] == "not_shown"
    assert "origin" in reply["next"]


def test_nothing_is_asked_of_the_device_without_a_makers_root(bench):
    bench = bench().trusting()
    reply = bench.check()
    assert reply["items"]["attestation"]["how"] == "no root of a maker is installed"
    assert not bench.sent("00F9")


KINDS = ["pull-before", "pull-during", "pull-after", "mute", "mute-after", "sw:6F00", "sw:6D00",
         "sw-after:6F00", "reset", "slow:120", "truncate:1"]


@pytest.fixture
def attesting(make_station, tmp_path):
    """A station that asks devices what they state, and tokens that answer."""
    tokens = tmp_path / "authority"
    maker = tmp_path / "makers" / "maker.pem"
    maker.parent.mkdir()

    def attesting(budget):
        names = ("connect", "read", "write", "sign", "reset", "hard_cap")
        station = make_station(settings={"budgets_ms": {name: budget for name in names}})
        station.locked("--ca", tokens, "--ca-out", maker).leave()
        station.stop()
        station.settings["attestation_roots"] = str(maker.parent)
        station.start()
        return station, lambda *more: station.token("--ca", tokens, "--key", "9a=p256", *more)

    return attesting


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_while_the_device_states_spends_nothing_and_spoils_no_proof(attesting, kind):
    station, make = attesting(1500 if kind.startswith("mute") else 9000)
    token = make("--locked")
    permit = station.begin(token)
    token.fault(f"ins=F9,kind={kind}")
    pin = code(6)
    result = station.unblock(permit, token.puk, pin)
    if result["state"] != "finished":
        with station.dial() as wire:
            wire.send("Restore.Attach", _more=True, restore=permit["restore"])
            while result["state"] != "finished":
                result = wire.result()["result"]
    assert result["outcome"] == "restored", result
    grade = "attested" if kind == "slow:120" else "device-says-generated"
    assert result["verdict"]["grade"] == grade
    assert token.spent() == (0, 0)
    token.renew()

    # A key check asks before any code goes out.
    token.fault(f"ins=F9,kind={kind}")
    before = len(token.log())
    try:
        reply = station.call("KeyCheck.Check", reader=token.reader, pin=pin)
        assert reply["verdict"]["proven"]
        assert kind not in ("pull-before", "pull-during", "pull-after", "mute", "mute-after")
    except Refusal as refusal:
        assert refusal.name in ("TokenRemoved", "TokenMute", "TokenFault", "TokenDisturbed",
                                "ReaderNotFound"), refusal
        assert kind not in ("slow:120", "sw:6F00", "sw:6D00", "sw-after:6F00")
        codes = [e for e in token.log()[before:] if e["command"] == "00200080"
                 and e["status"] == "9000"]
        assert not codes
    assert token.spent() == (0, 0)


# Revocation.

def test_a_list_that_openssl_made_decides(bench):
    bench = bench()
    bench.trusting(roots=[bench.root])
    leaf = bench.certificate(bench.slot)

    def found():
        reply = bench.check(challenges=1)
        item = reply["items"]["revocation"]
        return item["finding"], item["how"], reply

    # Whether a list is old, a station without a synchronised clock cannot say.
    synced = bench.station.call("Maintenance.Status")["clock"] == "synced"
    assert found()[:2] == ("not_shown", "there is no revocation list of its issuer")
    bench.authority.publish(bench.lists / "a.crl", days_old=2)
    finding, how, _ = found()
    age = "2 days old" if synced else "of an age that is unknown without a synchronised clock"
    assert finding == ("shown" if synced else "not_shown")
    assert re.fullmatch(r"not on the revocation list of \d{4}-\d\d-\d\d, " + age, how), how
    bench.authority.publish(bench.lists / "a.crl", days_old=9)
    finding, how, _ = found()
    assert finding == "not_shown"
    assert not synced or "9 days old; a newer one was due on" in how
    # In DER, beside the old one, and from now on without a restart.
    bench.authority.revoke(leaf)
    bench.authority.publish(bench.folder / "new.pem", days_old=0)
    openssl("crl", "-in", bench.folder / "new.pem", "-outform", "DER", "-out",
            bench.lists / "b.crl")
    assert openssl("verify", "-crl_check", "-CAfile", bench.root, "-CRLfile",
                   bench.folder / "new.pem", leaf, check=False) != 0
    finding, how, reply = found()
    assert finding == "contradicted" and "key compromised" in how, how
    # The key is in the device all the same, and what speaks against it is said.
    assert reply["verdict"]["proven"] and "revocation" in reply["next"]


# The record.

def test_a_key_in_two_devices_is_told(bench):
    bench = bench()
    bench.trusting()
    seen = bench.check()["items"]["seen-before"]
    assert seen["finding"] == "shown" and "not seen this key before" in seen["how"]
    seen = bench.check()["items"]["seen-before"]
    assert seen["finding"] == "shown" and "once" in seen["how"]
    # The same state under another serial number: a key that was copied out.
    other = bench.folder / "copy"
    shutil.copytree(bench.state, other)
    text = (other / "token").read_text()
    (other / "token").write_text(text.replace("serial 7654321", "serial 1111111"))
    bench.token.swap(other)
    bench.station.wait_for(
        lambda readers: any(r["name"] == READER and r["insertion"] >= 2
                            and r["state"] == "present" for r in readers), "the other token")
    seen = bench.check()["items"]["seen-before"]
    assert seen["finding"] == "contradicted" and "device 7654321" in seen["how"]
    # Over a start of the station too.
    bench.station.stop()
    bench.station.start()
    bench.station.wait_for_card(READER)
    assert bench.check()["items"]["seen-before"]["finding"] == "contradicted"
    bench.station.verify()


# Timing.

@pytest.mark.parametrize("slot,verifies", [("9a", 1), ("9c", None)])
@pytest.mark.parametrize("asked,made", [(None, 5), (1, 1), (3, 3), (50, 50)])
def test_so_many_challenges_are_signed_and_timed(bench, slot, verifies, asked, made):
    bench = bench(slot=slot).trusting()
    more = {} if asked is None else {"challenges": asked}
    reply = bench.check(**more)
    assert reply["verdict"]["proven"]
    timing = reply["timing"]
    times = timing["times_us"]
    assert timing["challenges"] == len(times) == made
    assert timing["min_us"] == min(times) and timing["max_us"] == max(times)
    assert timing["median_us"] == sorted(times)[(made + 1) // 2 - 1]
    steps = [abs(a - b) for a, b in zip(times, times[1:])]
    assert timing.get("jitter_us") == (sum(steps) // len(steps) if steps else None)
    assert timing["judgement"] == "unknown" and timing.get("time_extensions") is None
    assert len(bench.sent("008711")) == made
    # A key that wants its PIN each time gets it each time, and no try is lost.
    right = [line for line in bench.sent("00200080") if line["status"] == "9000"]
    assert len(right) == (verifies or made)
    assert bench.token.counters()["pinSpent"] == 0
    names = [step["name"] for step in reply["steps"]]
    assert names.count("sign") == names.count("verify") == 1
    line = bench.station.lines()[-1]
    assert line["kind"] == "keycheck.outcome" and len(json.dumps(line)) < 1500


@pytest.mark.parametrize("shortest,longest,judgement,finding", [
    (1, 60_000_000, "inside", "shown"),
    (50_000_000, 60_000_000, "suspicious", "contradicted"),
])
def test_a_profile_says_what_is_suspicious(bench, tmp_path, shortest, longest, judgement, finding):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "model.json5").write_text(json.dumps({
        "profile": 1, "name": "model", "title": "Model", "family": "piv",
        "match": {"model": "PIV with extensions *"},
        "signature": [{"key": "p-256", "min_us": shortest, "max_us": longest,
                       "spread_us": longest - shortest}],
        "standing": {"state": "published", "reason": "a test"}}))
    bench = bench().trusting(profiles=str(tmp_path / "profiles"))
    reply = bench.check()
    assert reply["timing"]["judgement"] == judgement
    item = reply["items"]["timing"]
    assert item["finding"] == finding
    assert ("suspicious: faster than the chip can be" in item["how"]) == (finding != "shown")
    # It informs, and lowers no grade.
    assert reply["verdict"]["proven"]
    assert reply["verdict"]["grade"] == "device-says-generated"


@pytest.mark.parametrize("asked", [0, 51, -1, "5", 1.5])
def test_other_numbers_of_challenges_are_refused(bench, asked):
    bench = bench().trusting()
    refusal = bench.station.refusal(
        "KeyCheck.Check", reader=READER, pin=PIN, challenges=asked)
    assert refusal.full == "org.varlink.service.InvalidParameter"
    assert not bench.sent("002000")


def test_a_token_pulled_between_two_signatures_costs_no_try(bench):
    bench = bench(slot="9a").trusting()
    bench.token.fault("ins=87,n=3,kind=pull-before")
    refusal = bench.station.refusal("KeyCheck.Check", reader=READER, pin=PIN)
    assert refusal.name == "TokenRemoved", refusal
    assert refusal.fields["account"]["pin_spent"] == {"least": 0, "most": 0}
    assert bench.token.counters()["pinSpent"] == 0


def test_timing_draws_what_it_measured(bench):
    bench = bench(slot="9a").trusting()
    environment = {"TOKEN_STATION_SOCKET": bench.station.socket, "LC_ALL": "C.UTF-8"}

    def tokenctl(*words):
        done = subprocess.run(
            [program("tokenctl"), *words], env=environment, input=PIN + "\n", text=True,
            capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert PIN not in done.stdout + done.stderr
        return done.stdout

    page = tokenctl("timing", READER, "--challenges", "30")
    assert "to the reader (status)" in page.lower() or "the reader (status)" in page
    bars = re.findall(r"^ +[\d.]+ ms \|(#*)(?: (\d+))?$", page, re.M)
    assert sum(int(count or 0) for _, count in bars) == 30
    assert all(bool(bar) == bool(count) for bar, count in bars)
    document = json.loads(tokenctl("timing", READER, "--json"))
    assert document["check"]["timing"]["challenges"] == 20
    assert document["reader"]["select"]["count"] == 20
    page = tokenctl("check-key", READER)
    assert "signatures" in page and "jitter" in page and "#" in page
