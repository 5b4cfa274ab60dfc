"""QEMU's reader: libcacard's card and ours in it, judged by foreign tools through libccid, and
the agent there on each of its ways to a reader."""

import json
import threading

import pytest

from station import code

READER = "Gemplus USB SmartCard Reader 433-Swap"  # libccid's name for it


def wait_for_card(guest, opensc):
    return guest.wait_for(
        lambda: (got := opensc("opensc-tool", "--atr")).rc == 0 and got.out.strip(), "a card")


def test_libcacards_card_through_libccid(guest, pcscd, qemu_ccid, nss_database, opensc):
    qemu_ccid.emulated(nss_database)
    assert wait_for_card(guest, opensc).startswith("3b:7a:18")
    assert READER in opensc("opensc-tool", "--list-readers").out
    # OpenSC's own look at the card would fetch an answer of 64 bytes: see CardReader. At T=0 a
    # command ends with its data.
    got = opensc("opensc-tool", "--card-driver", "default", "-s", "00A4040007A0000000790100",
                 check=True).out
    assert "SW1=0x90" in got or "SW1=0x61" in got, got


def test_our_card_through_libccid(guest, pcscd, qemu_ccid, opensc):
    token = qemu_ccid.passthru("--key", "9a=rsa2048", "--key", "9c=p256")
    wait_for_card(guest, opensc)
    dump = opensc("pkcs15-tool", "--dump", check=True).out
    assert "PKCS#15 Card [Nguyễn Thị Ánh]" in dump
    # A certificate is longer than one answer at T=0 can be.
    got = opensc("pkcs15-tool", "--read-certificate", "01", check=True).out
    assert "BEGIN CERTIFICATE" in got
    test = opensc("pkcs11-tool", "-l", "--pin", token.pin, "-t", check=True).out
    assert "No errors" in test
    assert token.spent() == (0, 0)


def test_our_card_pulled_and_put_back_through_libccid(guest, pcscd, qemu_ccid, opensc):
    token = qemu_ccid.passthru("--key", "9a=p256")
    wait_for_card(guest, opensc)
    token.pull()
    guest.wait_for(lambda: opensc("opensc-tool", "--atr").rc != 0, "the pull")
    token.insert()
    wait_for_card(guest, opensc)


def test_the_agent_restores_a_token(guest, station, qemu_ccid):
    token = qemu_ccid.passthru("--locked", "--key", "9a=p256")
    token.in_station(station)
    inspected = station.inspect(token.reader)
    assert inspected["locked"] is True
    pin = code(6)
    result = station.restore(token, pin=pin)
    assert result["outcome"] == "restored", result
    assert token.spent() == (0, 0)
    assert token.counters()["pin"] == 3
    told = station.tokenctl("--json", "inspect", token.reader)
    assert told.rc == 0, told
    assert json.loads(told.out)["token"]["locked"] is False
    station.verify()


def test_the_agent_sees_cards_and_the_reader_come_and_go(station, qemu_ccid):
    token = qemu_ccid.passthru("--locked", "--key", "9a=p256")
    token.in_station(station)
    token.pull()
    station.wait_for_card(token.reader, present=False)
    token.insert()
    station.wait_for_card(token.reader)
    qemu_ccid.unplug()
    station.wait_for(lambda readers: not readers, "the reader's end")
    qemu_ccid.plug()
    station.wait_for(lambda readers: [r["state"] for r in readers] == ["empty"], "the reader")


def test_libcacards_card_is_shown_and_politely_refused(station, qemu_ccid, nss_database):
    qemu_ccid.emulated(nss_database)
    [shown] = station.wait_for(
        lambda readers: any(r["state"] == "present" for r in readers), "a card")
    assert shown["atr"].lower().startswith("3b7a18")
    refusal = station.refusal("Devices.Inspect", reader=shown["name"])
    assert refusal.name == "TokenUnsupported", refusal


@pytest.mark.parametrize("path", ["usb"], indirect=True)
def test_our_card_pulled_during_a_restore_and_its_reader_too(guest, station, qemu_ccid):
    token = qemu_ccid.passthru("--locked", "--key", "9a=p256")
    token.in_station(station)
    permit = station.begin(token)
    token.fault("apdu=4,kind=pull-during")
    result = station.finish(permit, token)
    assert (result["outcome"], result["reason"]) == ("failed", "token-removed"), result
    token.clear_faults()
    token.insert()
    token.in_station(station)
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    ended = {}
    restore = threading.Thread(target=lambda: ended.update(station.finish(permit, token)))
    restore.start()
    guest.wait_for(lambda: qemu_ccid.bridge.asked == 0x2C, "the code on its way")
    qemu_ccid.unplug()
    restore.join()
    assert (ended["outcome"], ended["reason"]) == ("unknown", "answer-lost"), ended
    assert token.spent() == (0, 0)
