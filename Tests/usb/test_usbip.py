"""Readers of every kind that we simulate, on the guest's own USB stack: judged by libccid and
foreign tools, and driven by the agent. A reader notes what its host must not do: where two read
the standards alike, it has nothing to note."""

import re
import subprocess
import threading
import types

import pytest

from guest_station import GuestPcscd, GuestStation, give
from kernel import HERE
from station import code

KINDS = {
    "tpdu, T=0": "--level tpdu --protocol T=0",
    "tpdu, T=0, all by the host": "--level tpdu --protocol T=0 --auto none --speed high",
    "tpdu, T=0, some by the host":
        "--level tpdu --protocol T=0 --auto BA --descriptor-on-endpoint",
    "tpdu, T=1, all by the host": "--level tpdu --auto none",
    "tpdu, T=1, CRC": "--level tpdu --edc crc --ifsc 32",
    "tpdu, T=1, a bad line":
        "--level tpdu --auto 30 --voltage 1.8 --pps drop "
        "--fault sent=9,kind=wtx:3 --fault block=7,kind=edc --fault sent=12,kind=edc",
    "short": "--level short",
    "short, T=0": "--level short --protocol T=0 --no-interrupt",
    "extended": "--level extended",
    "extended, small messages":
        "--level extended --message-length 271 --composite --speed high",
}
# What libccid has no need of, or does not do.
MORE_KINDS = {
    "tpdu, T=1, no answer to PPS": "--level tpdu --auto none --pps mute --voltage 3",
    "tpdu, T=1, specific mode": "--level tpdu --auto none --specific-mode",
    "tpdu, T=1, whole packets without an end": "--level tpdu --ifsd 50 --fault each,kind=no-zlp",
    "tpdu, T=1, CRC, all by the host": "--level tpdu --edc crc --auto none",
    "extended, T=0": "--level extended --protocol T=0",
    "class FF, known by its number":
        "--level tpdu --vendor-class --usb-id 04e6:e003 --release 0600",
}
# The way a card writes its CRC is found out by asking for a size of blocks, which this reader
# does by itself.
KNOWN = {"tpdu, T=1, CRC": {"S(IFS) by the host of a reader that does it by itself"}}


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_tools_use_it_through_libccid(guest, pcscd, usbip, opensc, kind):
    reader = usbip(*KINDS[kind].split(), "--key", "9a=p256")
    guest.wait_for(lambda: opensc("opensc-tool", "--atr").rc == 0, "a card")
    assert "BEGIN CERTIFICATE" in opensc("pkcs15-tool", "--read-certificate", "01", check=True).out
    if "T=0" not in kind:  # The tool connects with T=1 only.
        verified = guest.run(
            ["yubico-piv-tool", "-r", "", "-a", "verify-pin", "-P", reader.pin, "-a", "status"],
            check=True)
        assert "Success" in verified.out + verified.err
        assert re.search(r"Slot 9a:\s+Algorithm:\s+ECCP256", verified.out)
    assert reader.spent() == (0, 0)
    assert reader.complaints() == []


@pytest.mark.parametrize(
    "kind,path",
    [(kind, "usb") for kind in KINDS | MORE_KINDS] + [("tpdu, T=0", "pcsc"), ("short", "pcsc")],
    indirect=["path"])
def test_the_agent_restores_the_token_in_it(station, usbip, kind):
    reader = usbip(*(KINDS | MORE_KINDS)[kind].split(), "--locked", "--key", "9a=p256")
    reader.in_station(station)
    result = station.restore(reader)
    assert result["outcome"] == "restored", result
    assert reader.counters() == {"pin": 3, "puk": 3, "pinSpent": 0, "pukSpent": 0}
    assert set(reader.complaints()) == KNOWN.get(kind, set())


def test_the_agent_sees_it_pulled_and_plugged(station, usbip):
    reader = usbip("--locked", "--key", "9a=p256")
    reader.in_station(station)
    reader.pull()
    station.wait_for_card(reader.reader, present=False)
    reader.insert()
    station.wait_for_card(reader.reader)
    reader.unplug()
    station.wait_for(lambda readers: not readers, "the reader's end")
    reader.plug()
    reader.in_station(station)
    assert station.restore(reader)["outcome"] == "restored"


def test_a_reader_seen_before_pcscd_knows_its_card_is_not_taken_for_empty(guest, usbip):
    """pcscd names a reader, loads its driver, and knows of the card at last; and it goes on
    counting cards where the reader was before."""
    shim, held = guest.folder / "held_driver.so", "/run/driver-held"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "held_driver.c"], check=True)
    pcscd = GuestPcscd(guest, env={"LD_PRELOAD": str(shim), "DRIVER_HELD": held})
    try:
        with GuestStation(guest, "pcsc") as station:
            reader = usbip("--locked", "--key", "9a=p256")
            reader.in_station(station)
            reader.pull()
            station.wait_for_card(reader.reader, present=False)
            reader.insert()
            station.wait_for_card(reader.reader)
            guest.run(["touch", held], check=True)
            reader.unplug()
            station.wait_for(lambda readers: not readers, "the reader's end")
            reader.plug()
            guest.wait_for(lambda: "held" in pcscd.process.log(), "the name of the reader")
            # Whatever makes it look; a change in another reader does, too.
            station.stop()
            station.start()
            station.wait_for(lambda readers: readers, "the reader")
            guest.run(["rm", held], check=True)
            reader.in_station(station)
            assert station.restore(reader)["outcome"] == "restored"
    finally:
        guest.run(["rm", "-f", held], check=True)
        pcscd.stop()


@pytest.mark.parametrize("path", ["usb"], indirect=True)
def test_a_token_is_shown_once_it_has_answered_its_reset(station, usbip):
    reader = usbip("--level", "tpdu", "--auto", "none")
    reader.in_station(station)
    reader.pull()
    station.wait_for_card(reader.reader, present=False)
    reader.control("forget")
    reader.insert()
    station.wait_for_card(reader.reader)
    # How the slot stands, power on, power off: the agent has not said a word to the card yet.
    assert {message[:2] for message in texts(reader.messages())} <= {"62", "63", "65"}


def texts(messages):
    return [m if isinstance(m, str) else "".join(map(str, m)) for m in messages]


@pytest.mark.parametrize("path", ["usb"], indirect=True)
@pytest.mark.parametrize("interrupt", ["", "--no-interrupt"])
def test_tokens_in_two_slots_are_restored_beside_each_other(station, usbip, interrupt):
    reader = usbip("--level", "tpdu", "--slots", "2", *interrupt.split(), "--locked")
    readers = station.wait_for(
        lambda readers: sum(r["state"] == "present" for r in readers) == 2, "two tokens")
    tokens = [
        types.SimpleNamespace(
            reader=r["name"], puk=reader.puk,
            number=station.inspect(r["name"])["device_numbers"][0]) for r in readers]
    assert tokens[0].number != tokens[1].number
    results = {}

    def restore(slot):
        results[slot] = station.restore(tokens[slot])["outcome"]

    threads = [threading.Thread(target=restore, args=(slot,)) for slot in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {0: "restored", 1: "restored"}
    reader.control("slot 1 pull")
    station.wait_for_card(readers[1]["name"], present=False)
    assert station.inspect(readers[0]["name"])["locked"] is False
    assert reader.complaints() == []


@pytest.mark.parametrize("path", ["usb"], indirect=True)
@pytest.mark.parametrize("arguments", ["--level character", "--iccd a", "--iccd b"])
def test_what_cannot_be_driven_is_shown_with_the_reason(station, usbip, arguments):
    usbip(*arguments.split())
    [shown] = station.wait_for(
        lambda readers: any(r["state"] == "unavailable" for r in readers), "the reader")
    assert shown["detail"].startswith("unsupported"), shown


@pytest.mark.parametrize("path", ["usb"], indirect=True)
def test_class_ff_is_no_reader_where_no_quirk_says_so(guest, station, usbip):
    give(guest, "usb", 'ATTR{idVendor}=="1209|04e6"')
    usbip("--vendor-class", "--usb-id", "1209:0001")
    known = usbip("--vendor-class", "--usb-id", "04e6:e003", "--release", "0600")
    known.in_station(station)
    assert [r["name"] for r in station.readers()] == [known.reader]


def test_a_token_blocked_through_pcscd_is_restored_raw_and_good_there(guest, usbip):
    reader = usbip("--level", "tpdu", "--key", "9a=p256")

    def piv(*words):
        pcscd = GuestPcscd(guest)
        try:
            guest.wait_for(lambda: guest.run(
                ["yubico-piv-tool", "-r", "", "-a", "version"]).rc == 0, "a card")
            return [guest.run(["yubico-piv-tool", "-r", "", "-a", "verify-pin", "-P", word])
                    for word in words]
        finally:
            pcscd.stop()

    wrong = [code(6) for _ in range(3)]
    assert all(told.rc != 0 for told in piv(*wrong))
    assert reader.counters()["pin"] == 0
    give(guest, "usb", plugged=True)
    pin = code(6)
    with GuestStation(guest, "usb") as station:
        reader.in_station(station)
        assert station.restore(reader, pin=pin)["outcome"] == "restored"
    give(guest, "pcsc", plugged=True)
    [told] = piv(pin)
    assert told.rc == 0 and "Success" in told.out + told.err
    assert reader.spent() == (3, 0)
