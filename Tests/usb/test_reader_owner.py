"""tokenctl and udev on a real reader: whose it is, and what the doctor says to that."""

import json

from guest_station import GuestStation
from station import program

LOCAL = "/etc/udev/rules.d/71-token-station-local.rules"


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
    guest.run(["udevadm", "settle", "--timeout=10"], check=True)
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
    guest.run(["udevadm", "settle", "--timeout=10"], check=True)
    assert device(guest, qemu_ccid.device["name"])["owner"] == "pcsc"
    qemu_ccid.unplug()
    qemu_ccid.plug()
    assert guest.run(["stat", "-c", "%a %G", qemu_ccid.device["node"]]).out == before
    guest.run(["rm", LOCAL], check=True)


def test_the_doctor_names_who_has_a_raw_reader_open(guest, qemu_ccid):
    port, node = qemu_ccid.device["name"], qemu_ccid.device["node"]
    tokenctl(guest, "reader", port, "--give", "raw", "--this-one")
    guest.run(["udevadm", "settle", "--timeout=10"], check=True)
    holder = guest.run(f"sleep 60 <{node} >/dev/null 2>&1 & echo $!", check=True).out.strip()
    _, document = tokenctl(guest, "doctor")
    said = [f["message"] for f in document["findings"] if f["check"] == f"usb {port}"]
    assert any(f"sleep (process {holder})" in message for message in said), document
    guest.run(["kill", holder], check=True)
    guest.run(["rm", LOCAL], check=True)


def test_a_raw_reader_has_a_page_and_is_timed(guest, qemu_ccid):
    tokenctl(guest, "reader", "08e6:4433", "--give", "raw")
    guest.run(["udevadm", "settle", "--timeout=10"], check=True)
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
