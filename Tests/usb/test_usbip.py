"""Readers of every exchange level that we simulate, on the guest's own USB stack: judged by libccid
and foreign tools, and used by the agent on each of its ways to a reader."""

import json
import re

import pytest

KINDS = {
    "tpdu, T=0": ["--level", "tpdu", "--protocol", "T=0"],
    "tpdu, T=1, LRC": ["--level", "tpdu", "--protocol", "T=1"],
    "tpdu, T=1, CRC": ["--level", "tpdu", "--protocol", "T=1", "--edc", "crc"],
    "short": ["--level", "short"],
    "extended": ["--level", "extended"],
    "extended, T=0": ["--level", "extended", "--protocol", "T=0"],
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def complaints(reader):
    """What the reader had to say of its host."""
    return json.loads(reader.control("complaints"))


def test_foreign_tools_use_it_through_libccid(guest, pcscd, usbip, opensc, kind):
    reader = usbip(*kind, "--key", "9a=p256")
    guest.wait_for(lambda: opensc("opensc-tool", "--atr").rc == 0, "a card")
    assert "PIV AUTH" in opensc("pkcs15-tool", "--dump", check=True).out
    assert "BEGIN CERTIFICATE" in opensc("pkcs15-tool", "--read-certificate", "01", check=True).out
    if "T=0" not in kind:  # The tool connects with T=1 only.
        status = guest.run(["yubico-piv-tool", "-r", "", "-a", "status"], check=True).out
        assert re.search(r"Slot 9a:\s+Algorithm:\s+ECCP256", status)
        verified = guest.run(
            ["yubico-piv-tool", "-r", "", "-a", "verify-pin", "-P", reader.pin], check=True)
        assert "Success" in verified.out + verified.err
    assert reader.spent() == (0, 0)


def test_the_agent_restores_the_token_in_it(station, usbip, kind):
    reader = usbip(*kind, "--locked", "--key", "9a=p256")
    reader.in_station(station)
    result = station.restore(reader)
    assert result["outcome"] == "restored", result
    assert reader.spent() == (0, 0)
    assert complaints(reader) == []


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
