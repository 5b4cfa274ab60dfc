"""Codes entered at the pad of a simulated reader, on both ways to it: they are in virtual-token,
and never in the agent."""

import json
import pathlib

import pytest

from station import code

KINDS = {
    "extended": ["--level", "extended"],
    "tpdu, T=1": ["--level", "tpdu", "--protocol", "T=1"],
    "tpdu, T=0": ["--level", "tpdu", "--protocol", "T=0"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_and_a_key_check_at_the_pad(station, usbip, kind):
    pin = code(8)
    reader = usbip(*KINDS[kind], "--pinpad", "both", "--locked", "--key", "9a=p256", puk=code(8))
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
    assert station.codes_left([reader.puk, pin]) == ""
    assert json.loads(reader.control("complaints")) == []
