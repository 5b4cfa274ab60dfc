"""Guests, readers in them, and the agent there. One guest a worker serves all its tests."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import guest as lab  # noqa: E402
from guest_station import (  # noqa: E402
    READERS, CardReader, GuestPcscd, GuestStation, UsbipReader, give)
from kernel import tool  # noqa: E402


def pytest_sessionstart(session):
    """Results of the run before go away, once."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(lab.RESULTS, ignore_errors=True)


@pytest.fixture(scope="session")
def one_guest():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with lab.Guest(name=worker, bound=3000) as guest:
        yield guest


@pytest.fixture
def guest(one_guest, request):
    """The worker's guest. What it said is told where the test fails."""
    request.node.guest = one_guest
    return one_guest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    guest = getattr(item, "guest", None)
    if report.failed and guest is not None:
        report.sections.append(("the guest", guest.log()))


@pytest.fixture(params=list(READERS))
def path(request, guest):
    """The agent's way to a reader; a test that takes it is run once for each."""
    if request.param == "pcsc":
        request.getfixturevalue("pcscd")
    else:
        request.getfixturevalue("raw")
    return request.param


@pytest.fixture
def raw(guest):
    """Readers plugged in during this test are the station's own to drive."""
    give(guest, "usb")
    yield
    give(guest, "pcsc")


@pytest.fixture
def pcscd(guest):
    pcscd = GuestPcscd(guest)
    yield pcscd
    pcscd.stop()


@pytest.fixture
def qemu_ccid(guest):
    """QEMU's usb-ccid, still empty: .emulated(DATABASE) or .passthru(ARGUMENTS) fill it."""
    reader = CardReader(guest)
    yield reader
    reader.close()


@pytest.fixture
def usbip(guest):
    """Simulated USB readers: usbip("--level", "tpdu", ...) attaches one, with a token in it."""
    readers = []

    def usbip(*arguments, **more):
        readers.append(UsbipReader(guest, arguments, **more))
        return readers[-1]

    yield usbip
    for reader in readers:
        reader.close()


@pytest.fixture
def opensc(guest):
    """Runs OpenSC's programs, which are told not to believe a reader's PIN-pad bit."""
    guest.run("cat >/run/opensc.conf", check=True, input="app default { enable_pinpad = false; "
              "reader_driver pcsc { enable_pinpad = false; } "
              "framework pkcs15 { use_file_caching = no; } }\n")

    def run(*command, **more):
        return guest.run(command, env={"OPENSC_CONF": "/run/opensc.conf"}, timeout=60, **more)

    return run


@pytest.fixture
def station(guest, path):
    """The agent in the guest, on this path."""
    with GuestStation(guest, path) as station:
        yield station


@pytest.fixture(scope="session")
def nss_database(tmp_path_factory):
    """Three certificates for libcacard's card."""
    folder = tmp_path_factory.mktemp("nss")
    noise = folder / "noise"
    noise.write_bytes(os.urandom(256))

    def certutil(*words):
        subprocess.run(
            [tool("certutil"), *words, "-d", f"sql:{folder}"], check=True, capture_output=True)

    certutil("-N", "--empty-password")
    for name in ("cert1", "cert2", "cert3"):
        certutil("-S", "-n", name, "-s", f"CN={name}", "-x", "-t", "TC,TC,TC", "-z", str(noise))
    return folder
