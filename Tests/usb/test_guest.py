"""The lab itself: guests that end, and a udevd that takes the project's rules."""

import subprocess

import pytest

from guest import Guest, GuestError
from guest_station import QEMU_CCID
from kernel import ROOT


@pytest.fixture
def launched():
    guests = []

    def launch(**more):
        guests.append(Guest(**more))
        guests[-1].launch()
        return guests[-1]

    yield launch
    for guest in guests:
        guest.end()


def test_a_guest_ends_by_itself_when_its_bound_is_over(launched):
    guest = launched(name="bound", bound=1)
    assert "its bound of 1 s is over" in guest.wait_ended(timeout=60)
    assert "Power down" in guest.log()


def test_a_guest_that_hangs_is_ended_by_the_host(launched):
    guest = launched(name="hang", bound=1, grace=1)
    guest.qmp("stop")
    assert "its bound" not in guest.wait_ended(timeout=60)


def test_a_guest_ends_when_the_host_hangs_up():
    with Guest(name="hangup") as guest:
        assert guest.run("uname -r").out.startswith(guest.events[0]["hello"])
    assert "Power down" in guest.log()
    assert guest.results.is_dir() and not guest.folder.exists()


def test_programs_answer_with_status_output_and_errors(guest):
    assert guest.run("cat; echo no >&2; exit 3", input="yes") == (3, "yes", "no\n")
    with pytest.raises(GuestError, match="did not end in 0.5 s"):
        guest.run(["sleep", "100"], timeout=0.5)
    sleeper = guest.start("echo here; exec sleep 100")
    guest.wait_for(lambda: "here" in sleeper.log(), "a word")
    assert sleeper.poll() is None
    assert sleeper.stop() == -15


def test_a_file_is_the_same_on_both_sides_and_the_host_is_safe(guest):
    (guest.folder / "mine").write_text("1")
    assert guest.run(f"cat {guest.folder}/mine; echo 2 >{guest.folder}/yours").out == "1"
    assert (guest.folder / "yours").read_text() == "2\n"
    guest.run("echo 3 >/etc/token-station-was-here", check=True)
    assert subprocess.run(["ls", "/etc/token-station-was-here"], capture_output=True).returncode


def test_sockets_of_the_guest_are_reached(guest):
    serve = ("import socket; s = socket.socket(socket.AF_UNIX); s.bind('/run/echo'); s.listen()\n"
             "c, _ = s.accept(); c.sendall(c.recv(100)[::-1])")
    guest.start(["python3", "-c", serve])
    guest.wait_for(lambda: guest.run("[ -S /run/echo ]").rc == 0, "a socket")
    with guest.connect("/run/echo") as end:
        end.sendall(b"abc")
        assert end.recv(100) == b"cba"
        assert end.recv(100) == b""


def test_udevd_takes_the_rules_without_a_complaint(guest):
    said = (guest.folder / "udevd.log").read_text()
    for rules in (ROOT / "udev").glob("*.rules"):
        assert guest.run(["cmp", f"/etc/udev/rules.d/{rules.name}", rules]).rc == 0
        assert rules.name not in said
    tested = guest.run("udevadm test /sys/bus/usb/devices/usb1 2>&1", check=True).out
    for rules in (ROOT / "udev").glob("*.rules"):
        about = [line for line in tested.splitlines() if rules.name in line]
        assert [line for line in about if "Reading rules file" in line]
        assert not [line for line in about if f"{rules.name}:" in line and (
            "nvalid" in line or "nknown" in line or "gnoring" in line)]


def test_a_reader_comes_and_goes_and_is_kept_awake(guest, qemu_ccid):
    device = qemu_ccid.device
    properties = guest.run(["udevadm", "info", "-q", "property", "-n", device["node"]]).out
    assert "ID_USB_INTERFACES=:0b0000:" in properties
    assert guest.run(["cat", f"/sys/bus/usb/devices/{device['name']}/power/control"]).out == "on\n"
    qemu_ccid.unplug()
    assert guest.run(["ls", device["node"]]).rc != 0
    qemu_ccid.plug()
    assert qemu_ccid.device["id"] == QEMU_CCID
