"""tokenctl and udev on a real reader: whose it is, and what the doctor says to that."""

import json

import pytest

from guest_station import LOCAL_RULES as LOCAL
from guest_station import GuestStation, give
from station import program

# Claims an interface of a device's node and holds it: USBDEVFS_CLAIMINTERFACE.
CLAIM = """
import array, fcntl, sys, time
node = open(sys.argv[1], "r+b", buffering=0)
fcntl.ioctl(node, 0x8004550F, array.array("I", [int(sys.argv[2])]))
print("held", flush=True)
time.sleep(100)
"""


def tokenctl(guest, *words):
    done = guest.run([program("tokenctl"), "--json", *words])
    return done.rc, json.loads(done.out)


def device(guest, port):
    code, document = tokenctl(guest, "reader", port)
    assert code == 0, document
    return document["device"]


def test_a_reader_is_given_to_the_station_and_back(guest, qemu_ccid):
    port, node = qemu_ccid.device["name"], qemu_ccid.device["node"]
    assert device(guest, port)["owner"] == "pcsc"
    before = guest.run(["stat", "-c", "%a %G", node], check=True).out

    code, gift = tokenctl(guest, "reader", port, "--give", "raw")
    assert code == 0, gift
    assert gift["changed"] and gift["in_force"] and gift["devices"] == [port]
    guest.settle()
    properties = guest.run(["udevadm", "info", "-q", "property", "-n", node]).out
    assert "TOKEN_STATION_RAW=1" in properties and "PCSCLITE_IGNORE=1" in properties
    assert "SYSTEMD_WANTS=token-agent.service" in properties
    assert ":systemd:" in properties
    assert guest.run(["stat", "-c", "%a %G", node]).out == "660 token-station\n"
    shown = device(guest, port)
    assert (shown["owner"], shown["kept_from_pcscd"], shown["power"]) == ("raw", True, "on")

    # It stays so when it is plugged out and in.
    qemu_ccid.unplug()
    qemu_ccid.plug()
    assert device(guest, qemu_ccid.device["name"])["owner"] == "raw"

    code, gift = tokenctl(guest, "reader", "08e6:4433", "--give", "pcsc")
    assert code == 0 and gift["changed"], gift
    guest.settle()
    assert device(guest, qemu_ccid.device["name"])["owner"] == "pcsc"
    qemu_ccid.unplug()
    qemu_ccid.plug()
    assert guest.run(["stat", "-c", "%a %G", qemu_ccid.device["node"]]).out == before
    guest.run(["rm", LOCAL], check=True)


def test_the_doctor_names_who_has_a_raw_reader_open(guest, qemu_ccid):
    port, node = qemu_ccid.device["name"], qemu_ccid.device["node"]
    tokenctl(guest, "reader", port, "--give", "raw", "--this-one")
    guest.settle()
    holder = guest.run(f"sleep 900 <{node} >/dev/null 2>&1 & echo $!", check=True).out.strip()
    _, document = tokenctl(guest, "doctor")
    said = [f["message"] for f in document["findings"] if f["check"] == f"usb {port}"]
    assert any(f"sleep (process {holder})" in message for message in said), document
    guest.run(["kill", holder], check=True)
    guest.run(["rm", LOCAL], check=True)


def test_a_raw_reader_has_a_page_and_is_timed(guest, qemu_ccid):
    tokenctl(guest, "reader", "08e6:4433", "--give", "raw")
    guest.settle()
    qemu_ccid.unplug()
    qemu_ccid.plug()
    port = qemu_ccid.device["name"]
    token = qemu_ccid.passthru("--key", "9a=p256")
    with GuestStation(guest, settings={"readers": {"pcsc": False, "usb": True}}) as station:
        token.in_station(station)
        told = station.tokenctl("--json", "reader", token.reader, "--measure", "20")
        assert told.rc == 0, told
        document = json.loads(told.out)
        usb = document["description"]["usb"]
        assert (usb["vendor"], usb["product"], usb["port"]) == ("08e6", "4433", port)
        assert usb["ccid"]["level"] == "tpdu" and "T=0" in usb["ccid"]["protocols"]
        assert not usb["ccid"]["pin_verify"] and usb["quirks"]
        assert document["device"]["owner"] == "raw"
        assert document["measured"]["select"]["count"] == 20
        assert document["measured"]["status"]["p50"] > 0
        # By the port as by its name.
        shown = station.tokenctl("reader", port)
        assert shown.rc == 0 and "Class descriptor" in shown.out, shown
        assert token.spent() == (0, 0)
    guest.run(["rm", LOCAL], check=True)


@pytest.fixture
def hold(guest):
    """hold(READER): another program claims its interface, until it is stopped."""
    holders = []

    def hold(reader, interface=0):
        [device] = guest.wait_usb(reader.usb_id)
        holders.append(guest.start(
            ["python3", "-I", "-S", "-c", CLAIM, device["node"], interface], name="holder"))
        guest.wait_for(lambda: "held" in holders[-1].log(), "the claim")
        return holders[-1]

    yield hold
    for holder in holders:
        if holder.poll() is None:
            holder.stop()


def test_a_held_reader_names_its_holder_and_is_taken_when_it_is_free(guest, raw, usbip, hold):
    reader = usbip("--locked")
    holder = hold(reader)
    with GuestStation(guest, "usb") as station:
        [shown] = station.wait_for(
            lambda readers: any(r["state"] == "busy" for r in readers), "a held reader")
        assert [(h["pid"], h["program"]) for h in shown["holders"]] == [(holder.pid, "python3")]
        assert station.refusal("Devices.Inspect", reader=shown["name"]).name == "ReaderBusy"
        # Not ended by the station: it lets go by itself.
        assert holder.poll() is None
        holder.stop()
        reader.in_station(station)
        assert station.restore(reader)["outcome"] == "restored"
        assert reader.complaints() == []


def test_a_reader_is_lost_where_a_reset_would_harm_another_program(guest, raw, usbip, hold):
    budgets = {"budgets_ms": {"connect": 1500, "read": 1500}}
    reader = usbip("--composite", "--abort", "ignored")
    hold(reader)
    with GuestStation(guest, "usb", settings=budgets) as station:
        reader.in_station(station)
        reader.fault("msg=6F,kind=mute")
        assert station.refusal("Devices.Inspect", reader=reader.reader).name
        guest.wait_for(
            lambda: station.refusal("Devices.Inspect", reader=reader.reader).name
            == "ReaderUnavailable", "the end of the reader")
        reader.clear_faults()
        reader.unplug()
        reader.plug()
        reader.in_station(station)
        assert reader.spent() == (0, 0)


def test_the_agent_follows_the_rules_of_a_plugged_reader(guest, usbip):
    reader = usbip("--locked")
    with GuestStation(guest, "usb") as station:
        assert station.readers() == []
        for _ in range(2):
            give(guest, "usb", plugged=True)
            reader.in_station(station)
            assert any("/dev/bus/usb" in kind for kind in station.footprint()[0])
            give(guest, "pcsc", plugged=True)
            station.wait_for(lambda readers: not readers, "the reader's end")
            # pcscd could have it now.
            guest.wait_for(
                lambda: not any("/dev/bus/usb" in kind for kind in station.footprint()[0]),
                "the node's end")
        give(guest, "usb", plugged=True)
        reader.in_station(station)
        assert station.restore(reader)["outcome"] == "restored"
    give(guest, "pcsc", plugged=True)
