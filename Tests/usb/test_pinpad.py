"""Codes entered at the pad of a simulated reader, on both ways to it: they are in virtual-token,
and never in the agent."""

import contextlib
import json
import pathlib
import threading

import pytest

from guest_station import KNOWN_READER, GuestPcscd, GuestStation
from station import code, program

LOCAL = "/etc/udev/rules.d/71-token-station-local.rules"
SCAN = pathlib.Path(__file__).resolve().parents[1] / "integration" / "mem_scan.py"


@contextlib.contextmanager
def raw(guest):
    """The next reader of that kind is the station's."""
    guest.run(["mkdir", "-p", str(pathlib.Path(LOCAL).parent)], check=True)
    vendor, product = KNOWN_READER.split(":")
    guest.run(f"cat >{LOCAL} && udevadm control --reload", check=True, input=(
        f'ACTION!="remove", SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", '
        f'ATTR{{idVendor}}=="{vendor}", ATTR{{idProduct}}=="{product}", '
        'ENV{TOKEN_STATION_RAW}="1", ENV{PCSCLITE_IGNORE}="1"\n'))
    try:
        with GuestStation(guest, settings={"readers": {"pcsc": False, "usb": True}}) as station:
            yield station
    finally:
        guest.run(f"rm {LOCAL} && udevadm control --reload", check=True)


@contextlib.contextmanager
def through_pcscd(guest):
    pcscd = GuestPcscd(guest)
    try:
        with GuestStation(guest) as station:
            yield station
    finally:
        pcscd.stop()


WAYS = {"raw": raw, "pcsc": through_pcscd}
KINDS = {
    "extended": ["--level", "extended"],
    "tpdu, T=1": ["--level", "tpdu", "--protocol", "T=1"],
    "tpdu, T=0": ["--level", "tpdu", "--protocol", "T=0"],
}


def in_memory(guest, station, codes):
    """Where the agent holds one of the codes; empty where it does not."""
    return guest.run(
        ["python3", str(SCAN), str(station.process.pid), str(station.state)],
        input="\n".join(codes), check=True).out.strip()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_restore_and_a_key_check_at_the_pad(guest, usbip, way, kind):
    pin = code(8)
    with WAYS[way](guest) as station:
        reader = usbip(*KINDS[kind], "--pinpad", "both", "--locked", "--key", "9a=p256",
                       puk=code(8))
        reader.in_station(station)
        pad = station.inspect(reader.reader)["pad"]
        assert pad["verify"] and pad["unblock"], pad
        permit = station.begin(reader)
        assert permit["pad"] == pad

        # A code beside at_pad is refused, and the permit is as it was.
        refused = station.refusal(
            "Restore.Unblock", restore=permit["restore"], at_pad=True, new_pin=code(8))
        assert (refused.name, refused.fields["parameter"]) == ("InvalidParameter", "at_pad")

        reader.control(f"type {reader.puk} {pin} {pin}")
        reader.control(f"type {pin}")
        wire = station.wire()
        wire.send("Restore.Unblock", _more=True, restore=permit["restore"], at_pad=True)
        asked = []
        while True:
            result = wire.result()["result"]
            if result.get("at_pad") and result["at_pad"] not in asked:
                asked.append(result["at_pad"])
            if result["state"] == "finished":
                break
        assert result["outcome"] == "restored", result
        assert [a["codes"] for a in asked] == ["unblocking_code_and_new_pin", "pin"]
        assert reader.spent() == (0, 0)

        # Nobody types: the holder's cancel costs nothing, either.
        reader.control("type cancel")
        refused = station.refusal("KeyCheck.Check", reader=reader.reader, at_pad=True)
        assert (refused.name, refused.fields["reason"]) == ("PINNotEntered", "pad_cancelled")
        reader.control(f"type {pin}")
        assert station.call("KeyCheck.Check", reader=reader.reader, at_pad=True)["verdict"]["proven"]
        assert reader.spent() == (0, 0)
        assert '"atPad":true' in pathlib.Path(station.journal).read_text()
        assert in_memory(guest, station, [reader.puk, pin]) == ""
        assert json.loads(reader.control("complaints")) == []
