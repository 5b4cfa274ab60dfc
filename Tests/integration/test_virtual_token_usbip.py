"""virtual-token as a USB device, over the USB/IP stream itself: no kernel, no root."""

import json
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile

import pytest

import usbip_host as usb
from pcscd_lab import virtual_token

SELECT = bytes.fromhex("00A4040005A000000308")
WRONG = bytes.fromhex("0020008008393939393939FFFF")
RIGHT = bytes.fromhex("0020008008313233343536FFFF")
CHUID = bytes.fromhex("00CB3FFF055C035FC102")
CERTIFICATE = bytes.fromhex("00CB3FFF055C035FC105")


class Device:
    def __init__(self, folder, *arguments):
        self.control_path = str(folder / "control")
        self.process = subprocess.Popen(
            [virtual_token(), "usb", "--listen", "127.0.0.1:0", "--stay", "--key", "9a=p256",
             "--control", self.control_path, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert "USB/IP at 127.0.0.1:" in line, self.process.stderr.read()
        self.port = int(line.split("127.0.0.1:")[1].split(",")[0])

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(self.control_path)
            s.sendall(line.encode() + b"\n")
            return s.makefile().readline().strip()

    def complaints(self):
        return json.loads(self.control("complaints"))

    def tries(self):
        return json.loads(self.control("counters"))["pin"]


@pytest.fixture
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="vtusb-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def start(folder):
    started = []

    def start(*arguments):
        device = Device(folder, *arguments)
        started.append(device)
        return device

    yield start
    for device in started:
        device.process.kill()
        device.process.communicate()


@pytest.fixture
def plugged(start):
    """A device and a reader with its card powered."""
    hosts = []

    def plugged(*arguments):
        device = start(*arguments)
        host = usb.Host(device.port)
        hosts.append(host)
        reader = usb.Reader(host)
        reader.power_on()
        return device, host, reader

    yield plugged
    for host in hosts:
        host.close()


# The bus


def test_the_list_and_the_import_say_the_same(start):
    device = start("--usb-id", "076b:3021", "--release", "0102", "--speed", "high")
    (listed,) = usb.devices(device.port)
    assert listed.pop("classes") == [(0x0B, 0, 0)]
    host = usb.Host(device.port)
    assert host.status == 0 and host.device == listed
    assert listed["path"] == "/sys/devices/platform/virtual-token/usb1/1-1"
    assert (listed["busid"], listed["busnum"], listed["devnum"]) == ("1-1", 1, 2)
    assert (listed["vendor"], listed["product"], listed["release"]) == (0x076B, 0x3021, 0x0102)
    assert (listed["speed"], listed["config"], listed["configs"]) == (3, 1, 1)


def test_one_host_at_a_time_and_only_what_is_there(start):
    device = start()
    first = usb.Host(device.port)
    assert usb.Host(device.port).status == 2
    assert usb.Host(device.port, "1-2").status == 4
    first.close()
    for _ in range(50):
        if usb.Host(device.port).status == 0:
            return
    raise AssertionError("the device stays busy")


@pytest.mark.parametrize("bytes_", [
    "0110800500000000", "0111800600000000", "0111800500000001", "01118003000000",
    "00" * 48, "ff" * 64])
def test_a_stream_that_is_none_ends_that_connection_only(start, bytes_):
    device = start()
    with usb.connect(device.port) as link:
        link.sendall(bytes.fromhex(bytes_))
        link.shutdown(socket.SHUT_WR)
        assert link.recv(100) == b""
    assert usb.Host(device.port).status == 0


def test_unlink_takes_a_waiting_transfer_back(plugged):
    _, host, reader = plugged("--no-interrupt")
    number = host.submit(2, 1, 271)
    assert host.unlink(number) == usb.RESET
    assert host.unlink(number) == 0
    assert reader.exchange(SELECT)[-2:].hex() == "9000"


def test_descriptors(start):
    host = usb.Host(start("--composite", "--slots", "2", "--pinpad", "both").port)
    status, device = host.descriptor(1, length=18)
    assert status == 0 and device[:8].hex() == "1201000200000040" and device[17] == 1
    _, head = host.descriptor(2, length=9)
    _, whole = host.descriptor(2)
    assert len(head) == 9 and int.from_bytes(head[2:4], "little") == len(whole)
    assert (whole[4], whole[5], whole[7]) == (2, 1, 0x80)
    kinds, rest = [], whole
    while rest:
        kinds.append(rest[:rest[0]])
        rest = rest[rest[0]:]
    assert [d[1] for d in kinds] == [2, 4, 4, 0x21, 5, 5, 5]
    assert kinds[1][5] == 0xFF and kinds[2][2:8].hex() == "0100030b0000"
    ccid = kinds[3]
    assert len(ccid) == 54 and ccid[4] == 1 and ccid[52] == 3
    assert int.from_bytes(ccid[40:44], "little") & 0x70000 == 0x40000
    assert [d[2] for d in kinds[4:]] == [0x83, 0x01, 0x82]
    assert host.descriptor(3, 2)[1][2:].decode("utf-16le") == "Virtual Token"
    assert host.descriptor(6)[0] == usb.PIPE


@pytest.mark.parametrize("arguments,wanted", [
    (["--vendor-class"], "ff0000"), (["--iccd", "a"], "0b0001"), (["--iccd", "b"], "0b0002")])
def test_odd_interfaces(start, arguments, wanted):
    _, whole = usb.Host(start(*arguments).port).descriptor(2)
    assert whole[14:17].hex() == wanted


def test_the_class_descriptor_may_hang_on_the_last_endpoint(start):
    _, whole = usb.Host(start("--descriptor-on-endpoint", "--patch", "10=07").port).descriptor(2)
    assert whole[-54:-52].hex() == "3621" and whole[18:20].hex() == "0705"
    assert whole[-54 + 10] == 7


def test_standard_and_class_requests(plugged):
    _, host, _ = plugged()
    assert host.control(0x80, 0, length=2) == (0, b"\0\0")
    assert host.control(0x80, 8, length=1) == (0, b"\1")
    assert host.control(0x81, 10, length=1) == (0, b"\0")
    assert host.control(0x01, 11)[0] == 0
    assert host.control(0x01, 11, value=1)[0] == usb.PIPE
    assert host.control(0x02, 3, 0, 0x82)[0] == 0
    assert host.control(0x82, 0, 0, 0x82, 2) == (0, b"\1\0")
    assert host.read()[0] == usb.PIPE
    assert host.control(0x02, 1, 0, 0x82)[0] == 0
    assert host.control(0x82, 0, 0, 0x82, 2) == (0, b"\0\0")
    assert host.control(0xA1, 2, length=4) == (0, (4000).to_bytes(4, "little"))
    rates = host.control(0xA1, 3, length=1024)[1]
    assert struct.unpack(f"<{len(rates) // 4}I", rates)[0] == 10752


def test_slot_changes_come_on_the_interrupt_endpoint(plugged):
    device, host, reader = plugged()
    assert host.read(8, 3) == (0, b"\x50\x03")
    number = host.submit(3, 1, 8)
    device.control("pull")
    assert host.finish(number) == (0, b"\x50\x02")
    assert reader.status() == 2
    device.control("insert")
    assert host.read(8, 3) == (0, b"\x50\x03")
    assert reader.status() == 1


# The card


LEVELS = [
    ("extended", "T=1", []), ("extended", "T=0", []), ("short", "T=1", []),
    ("short", "T=0", []), ("extended", "T=1", ["--message-length", "271"]),
    ("tpdu", "T=1", ["--edc", "lrc"]), ("tpdu", "T=1", ["--edc", "crc", "--ifsc", "32"]),
    ("tpdu", "T=0", []), ("tpdu", "T=1", ["--speed", "high"]),
]


class T0:
    """The host's side of T=0 over a reader at TPDU level."""

    def __init__(self, reader):
        self.reader = reader

    def exchange(self, apdu):
        lc = apdu[4] if len(apdu) > 5 else 0
        tpdu = apdu[:5 + lc] if lc else apdu
        answer = self.reader.exchange(tpdu)
        if answer[-2] == 0x6C:
            answer = self.reader.exchange(tpdu[:4] + answer[-1:])
        whole = b""
        while answer[-2] == 0x61:
            whole += answer[:-2]
            answer = self.reader.exchange(bytes([0, 0xC0, 0, 0, answer[-1]]))
        return whole + answer


class Chained:
    """Extended level in messages of 271 bytes."""

    def __init__(self, reader):
        self.reader = reader

    def exchange(self, apdu, level=0):
        pieces = [apdu[i:i + 261] for i in range(0, len(apdu), 261)]
        for number, piece in enumerate(pieces):
            first, last = number == 0, number == len(pieces) - 1
            level = 0 if first and last else 1 if first else 2 if last else 3
            answer = self.reader.command(0x6F, piece, struct.pack("<BH", 0, level))
            assert last or (answer.parameter, answer.data) == (0x10, b"")
        whole = answer.data
        while answer.parameter in (1, 3):
            answer = self.reader.command(0x6F, b"", struct.pack("<BH", 0, 0x10))
            whole += answer.data
        return whole


@pytest.mark.parametrize("level,protocol,more", LEVELS)
def test_each_level_carries_a_conversation(plugged, level, protocol, more):
    device, host, reader = plugged("--level", level, "--protocol", protocol, *more)
    card = reader
    if level == "tpdu":
        card = T0(reader) if protocol == "T=0" else usb.T1(
            reader, "crc" in more, 32 if "32" in more else 254)
    elif "--message-length" in more:
        card = Chained(reader)
    assert card.exchange(SELECT)[-2:].hex() == "9000"
    assert card.exchange(WRONG).hex() == "63c2"
    assert card.exchange(RIGHT).hex() == "9000"
    if level == "extended":
        long = card.exchange(bytes.fromhex("00CB3FFF0000055C035FC1050000"))
        assert long[-2:].hex() == "9000" and len(long) > 300
    else:
        answer = card.exchange(CERTIFICATE + b"\0")
        data = b""
        while answer[-2] == 0x61:
            data += answer[:-2]
            answer = card.exchange(bytes([0, 0xC0, 0, 0, answer[-1]]))
        assert answer[-2:].hex() == "9000" and len(data + answer) > 300
    # A signature by a chain of two commands, or in one extended command.
    body = bytes.fromhex("7C2482008120") + bytes(32)
    assert card.exchange(b"\x00\x87\x11\x9a" + bytes([len(body)]) + body + b"\0")[0] == 0x7C
    assert device.complaints() == []
    assert device.tries() == 3


def test_a_manual_reader_wants_everything_from_the_host(start):
    device = start("--level", "tpdu", "--auto", "none")
    reader = usb.Reader(usb.Host(device.port))
    with pytest.raises(usb.Failed) as bad:
        reader.power_on(0)
    assert bad.value.error == 7
    reader.power_on(1)
    pps = bytes.fromhex("FF1195")
    with pytest.raises(usb.Failed):
        reader.exchange(bytes.fromhex("00C101FE3E"))
    assert reader.exchange(pps + usb.check(pps)) == pps + usb.check(pps)
    with pytest.raises(usb.Failed):
        usb.T1(reader, ifsd=254)
    reader.parameters(1, bytes.fromhex("95100045 00FE00"))
    assert usb.T1(reader, ifsd=254).exchange(SELECT)[-2:].hex() == "9000"
    assert device.complaints() == [
        "power-on with a voltage the reader cannot choose",
        "an exchange before SetParameters named the card's protocol",
        "an exchange before SetParameters named the card's protocol"]


@pytest.mark.parametrize("voltage,select", [("5", 1), ("3", 2), ("1.8", 3)])
def test_a_card_answers_at_its_voltage_only(start, voltage, select):
    device = start("--voltage", voltage, "--auto", "30")
    host = usb.Host(device.port)
    reader = usb.Reader(host)
    for tried in (1, 2, 3):
        if tried == select:
            assert reader.power_on(tried)[0] == 0x3B
        else:
            with pytest.raises(usb.Failed) as bad:
                reader.power_on(tried)
            assert bad.value.error == 0xFE


def test_slots_have_tokens_of_their_own(plugged, folder):
    device, host, reader = plugged("--slots", "2", "--state", str(folder / "state"))
    other = usb.Reader(host, 1)
    with pytest.raises(usb.Failed) as bad:
        usb.Reader(host, 2).power_on()
    assert bad.value.error == 5
    reader.power_on()
    other.power_on()
    for card in (reader, other):
        assert card.exchange(SELECT)[-2:].hex() == "9000"
    assert other.exchange(WRONG).hex() == "63c2"
    assert device.tries() == 3
    assert json.loads(device.control("slot 1 counters"))["pin"] == 2
    assert (folder / "state" / "slot-1" / "token").exists()
    device.control("slot 1 pull")
    assert (reader.status(), other.status()) == (0, 2)


# The pad

VERIFY = bytes.fromhex("00 1E 82 08 00 0806 02 01 0904 00 000000 0020008008FFFFFFFFFFFFFFFF")
MODIFY = bytes.fromhex("01 1E 82 08 00 00 08 0806 03 02 02 0904 00 01 000000"
                       "0024008010FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")


def test_a_pin_is_verified_and_changed_at_the_pad(plugged):
    device, host, reader = plugged("--pinpad", "both", "--typed", "123456")
    reader.exchange(SELECT)
    assert reader.command(0x69, VERIFY).data.hex() == "9000"
    assert reader.send(0x69, MODIFY) == 0
    assert host.is_silent()
    assert device.control("type 123456 654321 654321") == "ok"
    assert reader.receive().data.hex() == "9000"
    assert reader.send(0x69, VERIFY) == 0
    device.control("type 123456")
    assert reader.receive().data.hex() == "63c2"
    assert reader.send(0x69, VERIFY) == 0
    device.control("type cancel")
    assert reader.receive().error == 0xEF
    assert device.tries() == 2
    assert device.complaints() == []


def test_a_pad_that_waits_in_vain_says_so(plugged):
    _, _, reader = plugged("--pinpad", "verify")
    assert reader.send(0x69, VERIFY[:1] + b"\x01" + VERIFY[2:]) == 0
    assert reader.receive().error == 0xF0
    with pytest.raises(usb.Failed) as bad:
        reader.command(0x69, MODIFY)
    assert bad.value.error == 0


# Faults

def test_what_comes_instead_of_an_answer(plugged):
    device, host, reader = plugged()
    reader.exchange(SELECT)

    def ask(fault):
        assert device.control(f"fault msg=6F,kind={fault}") == "ok"
        assert reader.send(0x6F, WRONG) == 0
        return reader.receive()

    assert ask("seq").seq == reader.seq + 1
    assert ask("slot:3").slot == 3
    answer = ask("long:5")
    assert (answer.length, len(answer.data)) == (7, 2)
    device.control("lock")
    answer = ask("short")
    assert (answer.length, len(answer.data)) == (1, 2)
    assert ask("error:FD").error == 0xFD
    assert ask("error-after:E0").error == 0xE0
    answer = ask("extend:2/FF")
    assert (answer.status, answer.error) == (2, 0xFF)
    assert reader.receive().status == 2
    assert reader.receive().status == 0
    device.control("fault msg=6F,kind=zlp-before")
    reader.send(0x6F, SELECT)
    assert host.read() == (0, b"")
    assert reader.receive().status == 0
    device.control("fault msg=6F,kind=split:7")
    reader.send(0x6F, SELECT)
    assert len(host.read()[1]) == 7
    assert len(host.read()[1]) == 7


def test_whole_packets_end_with_an_empty_one_or_do_not(plugged):
    device, host, reader = plugged("--level", "tpdu", "--protocol", "T=0")
    reader.exchange(SELECT)
    reader.exchange(bytes.fromhex("00C0000013"))
    reader.exchange(CERTIFICATE)
    # 52 bytes of data and the status word: 64 with the header.
    get = bytes.fromhex("00C0000034")
    reader.send(0x6F, get)
    assert len(host.read()[1]) == 64
    reader.send(0x6F, get)
    assert len(host.read(64)[1]) == 64
    assert host.read(64) == (0, b"")
    device.control("fault msg=6F,kind=no-zlp")
    reader.send(0x6F, get)
    assert host.is_silent()
    assert len(host.read(64)[1]) == 64


@pytest.mark.parametrize("fault,tries", [("mute", 3), ("mute-after", 2), ("extend-forever", 2)])
def test_an_abort_ends_what_would_never_end(plugged, fault, tries):
    device, host, reader = plugged()
    reader.exchange(SELECT)
    before = device.tries()
    device.control(f"fault msg=6F,kind={fault}")
    assert reader.send(0x6F, WRONG) == 0
    if fault == "extend-forever":
        assert reader.receive().status == 2
    else:
        assert host.is_silent()
    seq = reader.seq
    seen = [m for m in reader.abort(seq) if m.status != 2]
    assert [(m.type, m.seq, m.status) for m in seen] == [(0x80, seq, 1), (0x81, seq, 0)]
    assert seen[0].error == 0xFF
    assert reader.exchange(SELECT)[-2:].hex() == "9000"
    assert before == 3 and device.tries() == tries
    assert device.complaints() == []


def test_an_abort_may_be_ignored(plugged):
    device, host, reader = plugged("--abort", "ignored")
    device.control("fault msg=6F,kind=mute")
    reader.send(0x6F, SELECT)
    assert host.control(0x21, 1, reader.seq << 8)[0] == usb.PIPE
    assert host.out(struct.pack("<BIBB", 0x72, 0, 0, reader.seq) + bytes(3)) == 0
    assert host.is_silent()


def test_halted_endpoints_wait_to_be_cleared(plugged):
    device, host, reader = plugged()
    device.control("fault msg=6F,kind=stall-in")
    reader.send(0x6F, SELECT)
    assert host.read() == (usb.PIPE, b"")
    assert reader.clear_halt(0x82) == 0
    device.control("fault msg=6F,kind=stall-out")
    assert reader.send(0x6F, SELECT) == usb.PIPE
    assert reader.send(0x65) == usb.PIPE
    assert reader.clear_halt(0x01) == 0
    device.control("fault msg=65,kind=deaf")
    reader.send(0x65)
    reader.send(0x65)
    assert host.is_silent()
    reader.clear_halt(0x82)
    assert reader.exchange(SELECT)[-2:].hex() == "9000"


def test_babble(plugged):
    device, host, reader = plugged()
    device.control("fault msg=6F,kind=babble")
    reader.send(0x6F, SELECT)
    assert host.read()[0] == usb.OVERFLOW
    reader.send(0x6F, SELECT)
    assert host.read(10)[0] == usb.OVERFLOW


@pytest.mark.parametrize("fault,tries", [("pull-before", 3), ("pull-after", 2)])
def test_a_card_is_pulled(plugged, fault, tries):
    device, host, reader = plugged()
    reader.exchange(SELECT)
    device.control(f"fault msg=6F,kind={fault}")
    if fault == "pull-before":
        with pytest.raises(usb.Failed) as bad:
            reader.exchange(WRONG)
        assert (bad.value.error, bad.value.icc) == (0xFE, 2)
    else:
        assert reader.exchange(WRONG).hex() == "63c2"
    assert reader.status() == 2
    assert device.tries() == tries
    device.control("insert")
    assert reader.power_on()[0] == 0x3B


@pytest.mark.parametrize("fault,tries", [("unplug-before", 3), ("unplug-after", 2)])
def test_the_device_is_unplugged(plugged, fault, tries):
    device, host, reader = plugged()
    reader.exchange(SELECT)
    device.control(f"fault msg=6F,kind={fault}")
    with pytest.raises(usb.Gone):
        reader.exchange(WRONG)
        reader.receive()
    assert usb.devices(device.port) == []
    assert usb.Host(device.port).status == 4
    assert device.tries() == tries
    device.control("plug")
    assert usb.Reader(usb.Host(device.port)).power_on()[0] == 0x3B


@pytest.mark.parametrize("fault", [
    "block=2,kind=edc", "sent=2,kind=edc", "sent=2,kind=wtx:3", "sent=2,kind=ifs:40"])
def test_t1_mends_what_can_be_mended(plugged, fault):
    device, host, reader = plugged("--level", "tpdu", "--fault", fault)
    card = usb.T1(reader)
    assert card.exchange(SELECT)[-2:].hex() == "9000"
    assert card.exchange(WRONG).hex() == "63c2"
    assert card.waits == (3 if "wtx" in fault else 0)
    assert card.ifsc == (0x40 if "ifs" in fault else 254)
    assert device.tries() == 2
    assert device.complaints() == []


def test_a_slow_card_asks_for_time(plugged):
    device, _, reader = plugged("--level", "tpdu", "--fault", "ins=A4,kind=slow:1100")
    card = usb.T1(reader)
    assert card.exchange(SELECT)[-2:].hex() == "9000"
    assert card.waits == 2


def test_help_and_options(start):
    text = subprocess.run([virtual_token(), "--help"], capture_output=True, text=True).stdout
    source = pathlib.Path(__file__).parents[2] / "Sources/VirtualToken"
    for file in ("Options.swift", "CCIDDevice/ReaderOptions.swift"):
        for line in (source / file).read_text().splitlines():
            if line.strip().startswith('case "--'):
                option = line.split('"')[1]
                assert option == "--help" or option in text, option


@pytest.mark.parametrize("arguments,words", [
    (["usb", "--listen", "0.0.0.0:3240"], "127.0.0.1:PORT"), (["usb", "--level", "x"], "--level: x"),
    (["--vpcd", "--level", "tpdu"], "--level: only after the word usb"),
    (["usb", "--slots", "17"], "1 to 16"), (["usb", "--fault", "sent=1,kind=mute"], "mute"),
    (["usb", "--vpcd"], "only one way")])
def test_a_wrong_command_line_is_refused(arguments, words):
    done = subprocess.run([virtual_token(), *arguments], capture_output=True, text=True)
    assert done.returncode == 2
    assert words in done.stderr
