"""The station behind a real pcscd, with tokens that Debian's own tools judge."""

import shutil
import signal
import subprocess

import pytest

from pcscd_lab import PcscLab
from station import code

pytestmark = pytest.mark.skipif(
    shutil.which("yubico-piv-tool") is None, reason="yubico-piv-tool is not installed")
READER = PcscLab.reader(0)
ALGORITHM = {"rsa2048": "RSA2048", "p256": "ECCP256"}


class Behind:
    """A token in the lab's first slot, as Station's helpers want one."""

    reader = READER

    def __init__(self, station, lab, *arguments):
        self.station, self.puk, self.pin = station, code(8), code(6)
        self.token = lab.attach("--pin", self.pin, "--puk", self.puk, *arguments)
        station.wait_for_card(READER)
        self.number = station.inspect(READER)["device_numbers"][0]

    def __getattr__(self, name):
        return getattr(self.token, name)

    def spent(self):
        counters = self.token.counters()
        return counters["pinSpent"], counters["pukSpent"]


@pytest.fixture
def lab():
    with PcscLab() as lab:
        yield lab


@pytest.fixture
def behind(lab, make_station):
    def behind(*arguments, **more):
        station = make_station(pcsc=lab, **more)
        return station, Behind(station, lab, *(arguments or ("--key", "9a=p256")))

    return behind


def piv(lab, *words, check=True):
    return lab.run("yubico-piv-tool", "-r", READER, *words, check=check)


def block(lab):
    for _ in range(4):
        words = piv(lab, "-a", "verify-pin", "-P", code(6), check=False)
    assert "blocked" in words


@pytest.mark.parametrize("model", ["piv-yubico", "piv"])
@pytest.mark.parametrize("key", ["9a=rsa2048", "9c=p256"])
def test_blocked_by_a_foreign_tool_restored_and_accepted_by_it(lab, behind, model, key):
    station, token = behind("--model", model, "--key", key)
    block(lab)
    assert station.inspect(READER)["locked"] is True
    pin = code(6)
    before = token.spent()
    result = station.restore(token, pin=pin)
    assert result["outcome"] == "restored", result
    assert token.spent() == before
    slot, kind = key.split("=")
    assert "Success" in piv(lab, "-a", "verify-pin", "-P", pin)
    certificate = lab.folder / "certificate.pem"
    certificate.write_text(piv(lab, "-a", "read-certificate", "-s", slot))
    assert "Successful" in piv(
        lab, "-a", "verify-pin", "-P", pin, "-a", "test-signature", "-s", slot,
        "-A", ALGORITHM[kind], "-i", certificate)
    assert "fail" in piv(lab, "-a", "verify-pin", "-P", token.pin, check=False).lower()


def test_the_token_is_powered_down_and_free_for_others_afterwards(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    pin = code(6)
    permit = station.begin(token)
    # Nobody holds the reader while people type.
    assert "Yubico" in piv(lab, "-a", "status") or "CHUID" in piv(lab, "-a", "status")
    assert station.unblock(permit, token.puk, pin)["outcome"] == "restored"
    # And the PIN is not verified for whoever comes next.
    words = piv(lab, "-a", "test-signature", "-s", "9a", "-A", "ECCP256", check=False)
    assert "Successful" not in words


def test_pcscd_may_come_late_go_and_come_again(make_station):
    lab = PcscLab()
    with lab:
        lab.stop_pcscd()
        station = make_station(pcsc=lab)
        assert station.call("Maintenance.Status")["pcscd"] == "absent"
        assert station.refusal("Devices.Inspect", reader=READER).name in (
            "ReaderNotFound", "ReaderUnavailable")
        for how in (signal.SIGTERM, signal.SIGKILL):
            lab.start_pcscd()
            token = Behind(station, lab, "--locked", "--key", "9a=p256")
            assert station.restore(token)["outcome"] == "restored"
            token.close()
            lab.stop_pcscd(how)
            station.wait_for(
                lambda rs: not any(r["state"] == "present" for r in rs), "pcscd's end")
        station.verify()


def test_pcscd_killed_in_the_middle_of_the_unblocking(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:2000")
    wire = station.wire()
    wire.send("Restore.Unblock", _more=True, restore=permit["restore"], unblocking_code=token.puk,
              new_pin=code(6))
    while wire.result()["result"]["step"] != "unblock":
        pass
    while not any(e["command"].startswith("002C") for e in token.log()):
        pass
    lab.stop_pcscd(signal.SIGKILL)
    reply = wire.reply()
    while "error" not in reply:
        reply = wire.reply()
    assert reply["error"].endswith("OutcomeUnknown"), reply
    assert reply["parameters"]["result"]["unblocking_spent"] == {"least": 0, "most": 1}


@pytest.mark.parametrize("kind", ["pull-before", "pull-during", "pull-after"])
@pytest.mark.parametrize("ins,outcomes", [
    ("2C", {"unknown"}), ("20", {"unblocked-unproven"}), ("87", {"unblocked-unproven"})])
def test_pulled_while_it_is_written_to(lab, behind, kind, ins, outcomes):
    station, token = behind("--locked", "--key", "9a=p256")
    permit = station.begin(token)
    # The first 20 after power-on is the empty one.
    token.fault(f"ins={ins},kind={kind}")
    result = station.unblock(permit, token.puk, code(6))
    pin, puk = token.spent()
    assert result["unblocking_spent"]["least"] <= puk <= result["unblocking_spent"]["most"]
    # A signature that came is proof, though the counters cannot be read again.
    assert result["outcome"] != "restored" or (ins, kind) == ("87", "pull-after")
    assert len([e for e in token.log() if e["command"].startswith("002C")]) <= 1
    if ins != "20" and kind != "pull-after":
        assert result["outcome"] in outcomes | {"failed"}, result
    unlocked = token.counters()["pin"] > 0
    token.insert()
    station.wait_for_card(READER)
    assert station.inspect(READER)["locked"] is (not unlocked)
    assert station.call("Maintenance.Status")["unresolved_restores"] == 0


def test_pulled_while_it_is_read(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    case = station.open_case(token.number)
    token.fault("ins=CB,kind=pull-during")
    refusal = station.refusal("Restore.Begin", case=case, reader=READER)
    assert refusal.name == "TokenRemoved"
    assert refusal.fields["account"]["unblocking_spent"] == {"least": 0, "most": 0}
    token.insert()
    station.wait_for_card(READER)
    assert station.restore(token)["outcome"] == "restored"


HOLD = """
import ctypes, sys
pcsc = ctypes.CDLL("libpcsclite.so.1")
context, card, active = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
assert pcsc.SCardEstablishContext(ctypes.c_ulong(2), None, None, ctypes.byref(context)) == 0
mode = ctypes.c_ulong(int(sys.argv[1]))
assert pcsc.SCardConnect(context, b"Virtual PCD 00 00", mode, ctypes.c_ulong(3),
                         ctypes.byref(card), ctypes.byref(active)) == 0
print("holds", flush=True)
sys.stdin.readline()
pcsc.SCardDisconnect(card, ctypes.c_ulong(1))
"""


def test_who_holds_the_reader_is_named(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    case = station.open_case(token.number)
    holder = subprocess.Popen(
        [shutil.which("python3"), "-c", HOLD, "2"], env=lab.env, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "holds\n"
        refusal = station.refusal("Restore.Begin", case=case, reader=READER)
        assert refusal.name == "ReaderBusy"
        assert holder.pid in [h["pid"] for h in refusal.fields["holders"]], refusal
        assert holder.poll() is None
    finally:
        holder.communicate("\n")
    assert station.call("Restore.Begin", case=case, reader=READER)["permit"]


def test_a_reader_without_pcscd_is_unavailable_or_gone(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    lab.stop_pcscd(signal.SIGKILL)
    refusal = station.refusal("Devices.Inspect", reader=READER)
    assert refusal.name in ("ReaderUnavailable", "ReaderNotFound", "NoToken"), refusal
    assert refusal.fields["message"] and refusal.fields["next"]


def test_events_of_tokens_come_through(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    watch = station.wire()
    watch.send("Devices.Watch", _more=True)
    [first] = [r for r in watch.result()["readers"] if r["name"] == READER]
    token.control("pull")
    while True:
        [reader] = [r for r in watch.result()["readers"] if r["name"] == READER]
        if reader["state"] == "empty":
            break
    token.insert()
    while True:
        [reader] = [r for r in watch.result()["readers"] if r["name"] == READER]
        if reader["state"] == "present":
            break
    assert reader["insertion"] > first["insertion"]
    assert reader["atr"] == first["atr"] and reader["path"] == "pcsc"


def test_two_readers_work_side_by_side(lab, behind):
    station, token = behind("--locked", "--key", "9a=p256")
    other = lab.attach("--locked", "--key", "9a=p256", "--serial", "77", slot=1)
    station.wait_for_card(lab.reader(1))
    other_permit = station.call(
        "Restore.Begin", case=station.open_case("77"), reader=lab.reader(1))["permit"]
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    wire = station.wire()
    wire.send("Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk,
              new_pin=code(6))
    done = station.call(
        "Restore.Unblock", restore=other_permit["restore"], unblocking_code="12345678",
        new_pin=code(6))["result"]
    assert done["outcome"] == "restored"
    assert station.call("Restore.Attach", restore=permit["restore"])["result"]["state"] == "running"
    assert wire.result()["result"]["outcome"] == "restored"
