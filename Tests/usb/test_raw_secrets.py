"""No code is left in the agent that drove the reader itself: neither in its messages' memory nor
in libusb's. The token is in another process, and so is its reader."""

import pytest

from guest_station import GuestStation
from station import code

LEVELS = {
    "extended": ["--level", "extended"],
    "blocks": ["--level", "tpdu", "--auto", "none"],
    "characters": ["--level", "tpdu", "--protocol", "T=0"],
}


@pytest.mark.parametrize("path", ["usb"], indirect=True)
@pytest.mark.parametrize("level", LEVELS)
def test_no_code_stays_in_the_agent(station, usbip, level):
    token = usbip("--locked", "--key", "9a=p256", *LEVELS[level])
    token.in_station(station)
    # The search finds what is there: the number of a case.
    number = code(8)
    station.open_case(number)
    assert "raw of code 0" in station.codes_left([number])

    permit = station.begin(token)
    pin = code(8)
    assert station.finish(permit, token, pin)["outcome"] == "restored"
    checked = station.call("KeyCheck.Check", reader=token.reader, pin=pin)
    assert checked["verdict"]["proven"]
    assert station.codes_left([token.puk, pin]) == ""


@pytest.mark.parametrize("fault", [
    "msg=6F,n=12,kind=mute-after", "msg=6F,n=12,kind=stall-in", "msg=6F,n=12,kind=unplug-after"])
def test_nor_after_a_fault(guest, raw, usbip, fault):
    # What was sent for good is waited for up to the hard cap.
    steps = ("connect", "read", "write", "sign", "reset")
    settings = {"budgets_ms": {**{step: 3000 for step in steps}, "hard_cap": 4000}}
    with GuestStation(guest, "usb", settings=settings) as station:
        token = usbip("--locked", "--key", "9a=p256")
        token.in_station(station)
        permit = station.begin(token)
        token.fault(fault)
        pin = code(8)
        station.finish(permit, token, pin)
        assert station.codes_left([token.puk, pin]) == ""
