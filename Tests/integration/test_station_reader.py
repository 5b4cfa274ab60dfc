"""DescribeReader and MeasureReader: what a technician asks of one reader."""

import pytest

from station import Station


@pytest.fixture(scope="module")
def station():
    with Station() as running:
        yield running


def test_a_virtual_reader_is_described_by_what_is_known(station):
    token = station.token()
    described = station.call("Devices.DescribeReader", reader=token.reader)["description"]
    assert described["reader"]["name"] == token.reader
    assert described["reader"]["path"] == "virtual"
    assert described["reader"]["state"] == "present"
    assert "usb" not in described
    assert described["holders"] == []
    token.leave()


@pytest.mark.parametrize("times", [1, 100])
def test_round_trips_are_timed_and_spend_nothing(station, times):
    token = station.token()
    measured = station.call("Devices.MeasureReader", reader=token.reader, times=times)
    for kind in ("status", "select"):
        figures = measured[kind]
        assert figures["count"] == times
        assert 0 <= figures["p50"] <= figures["p90"] <= figures["p99"] <= figures["max"]
    # A round trip to a process of its own takes some time.
    assert measured["select"]["max"] > 0
    assert token.spent() == (0, 0)
    assert station.call("Devices.DescribeReader", reader=token.reader)[
        "description"]["reader"]["state"] == "present"
    token.leave()


def test_what_cannot_be_measured_is_refused(station):
    assert station.refusal("Devices.DescribeReader", reader="none").name == "ReaderNotFound"
    assert station.refusal("Devices.MeasureReader", reader="none", times=1).name == "ReaderNotFound"
    token = station.token()
    for times in (0, 1001):
        refusal = station.refusal("Devices.MeasureReader", reader=token.reader, times=times)
        assert refusal.full == "org.varlink.service.InvalidParameter"
    token.leave()


def test_a_reader_at_work_is_not_measured_meanwhile(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    with station.wire() as restoring, station.wire() as measuring:
        restoring.send(
            "Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk,
            new_pin="83920174")
        station.wait_for(
            lambda readers: any(
                r["name"] == token.reader and r.get("detail") for r in readers), "the restore")
        measuring.send("Devices.MeasureReader", reader=token.reader, times=1)
        assert measuring.reply()["error"].endswith(".ReaderBusy")
        restoring.reply()
