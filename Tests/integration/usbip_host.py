"""A USB/IP host and a CCID driver in one page, for tests of virtual-token without a kernel.

    host = Host(port)
    reader = Reader(host)
    atr = reader.power_on()
    answer = reader.exchange(apdu)
"""

import collections
import socket
import struct

PIPE, OVERFLOW, RESET, SHORT = -32, -75, -104, -121
Message = collections.namedtuple("Message", "type slot seq icc status error parameter data length")


class Gone(Exception):
    """The server has hung up: the device is unplugged."""


class Failed(Exception):
    """A command the reader says has failed, by its bError."""

    def __init__(self, message):
        super().__init__(f"bError {message.error:02X}, icc {message.icc}")
        self.error, self.icc = message.error, message.icc


def connect(port):
    link = socket.create_connection(("127.0.0.1", port), timeout=10)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def whole(link, count):
    data = b""
    while len(data) < count:
        try:
            part = link.recv(count - len(data))
        except ConnectionResetError:
            part = b""
        if not part:
            raise Gone
        data += part
    return data


def record(data):
    names = ("path busid busnum devnum speed vendor product release cls sub proto config "
             "configs interfaces").split()
    found = dict(zip(names, struct.unpack(">256s32sIIIHHHBBBBBB", data)))
    found["path"] = found["path"].rstrip(b"\0").decode()
    found["busid"] = found["busid"].rstrip(b"\0").decode()
    return found


def devices(port):
    """What `usbip list -r` shows: each record with its interfaces' classes."""
    with connect(port) as link:
        link.sendall(struct.pack(">HHI", 0x0111, 0x8005, 0))
        version, code, status, count = struct.unpack(">HHII", whole(link, 12))
        assert (version, code, status) == (0x0111, 0x0005, 0)
        found = []
        for _ in range(count):
            device = record(whole(link, 312))
            device["classes"] = [tuple(whole(link, 4)[:3]) for _ in range(device["interfaces"])]
            found.append(device)
        return found


class Host:
    """One imported device."""

    def __init__(self, port, busid="1-1"):
        self.link = connect(port)
        self.link.sendall(struct.pack(">HHI", 0x0111, 0x8003, 0) + busid.encode().ljust(32, b"\0"))
        _, code, self.status = struct.unpack(">HHI", whole(self.link, 8))
        assert code == 0x0003
        self.sequence = 0
        self.waiting = {}
        self.done = {}
        if self.status == 0:
            self.device = record(whole(self.link, 312))

    def close(self):
        self.link.close()

    def submit(self, endpoint, is_in, length, setup=bytes(8), data=b"", flags=0):
        self.sequence += 1
        self.waiting[self.sequence] = is_in
        self.link.sendall(struct.pack(
            ">IIIIIIiiii8s", 1, self.sequence, 0x10002, is_in, endpoint, flags, length, 0, 0, 0,
            setup) + data)
        return self.sequence

    def receive(self):
        head = whole(self.link, 48)
        command, sequence, _, _, _, status, actual = struct.unpack(">IIIIIii", head[:28])
        if command == 4:
            self.done[sequence] = (status, b"")
            return
        assert command == 3
        data = whole(self.link, actual) if self.waiting.pop(sequence) else b""
        self.done[sequence] = (status, data)

    def finish(self, sequence):
        while sequence not in self.done:
            self.receive()
        return self.done.pop(sequence)

    def unlink(self, victim):
        self.sequence += 1
        number = self.sequence
        self.link.sendall(struct.pack(">IIIIII24s", 2, number, 0x10002, 0, 0, victim, bytes(24)))
        status, _ = self.finish(number)
        if status == RESET:
            self.waiting.pop(victim, None)
        return status

    def control(self, kind, request, value=0, index=0, length=0, data=b""):
        setup = struct.pack("<BBHHH", kind, request, value, index, length or len(data))
        is_in = kind >> 7
        return self.finish(self.submit(0, is_in, length or len(data), setup, data))

    def descriptor(self, kind, index=0, length=4096):
        return self.control(0x80, 6, kind << 8 | index, 0, length)

    def configure(self):
        assert self.control(0x00, 9, 1) == (0, b"")

    def out(self, data, flags=0):
        return self.finish(self.submit(1, 0, len(data), data=data, flags=flags))[0]

    def read(self, length=65600, endpoint=2):
        return self.finish(self.submit(endpoint, 1, length))

    def is_silent(self, endpoint=2, seconds=0.1):
        """Whether nothing comes; the transfer is taken back."""
        number = self.submit(endpoint, 1, 65600)
        self.link.settimeout(seconds)
        try:
            self.finish(number)
            return False
        except TimeoutError:
            self.link.settimeout(10)
            assert self.unlink(number) == RESET
            return True
        finally:
            self.link.settimeout(10)


def parse(data):
    kind, length, slot, seq, status, error, parameter = struct.unpack("<BIBBBBB", data[:10])
    return Message(kind, slot, seq, status & 3, status >> 6, error, parameter, data[10:], length)


class Reader:
    """A CCID reader, used as a driver uses it."""

    def __init__(self, host, slot=0):
        self.host = host
        self.slot = slot
        self.seq = 0
        host.configure()

    def send(self, kind, data=b"", specific=bytes(3)):
        self.seq = self.seq + 1 & 0xFF
        head = struct.pack("<BIBB", kind, len(data), self.slot, self.seq) + specific
        return self.host.out(head + data)

    def receive(self):
        status, data = self.host.read()
        assert status == 0, status
        return parse(data)

    def command(self, kind, data=b"", specific=bytes(3)):
        assert self.send(kind, data, specific) == 0
        while True:
            answer = self.receive()
            assert (answer.slot, answer.seq) == (self.slot, self.seq)
            assert answer.length == len(answer.data)
            if answer.status == 2:
                continue
            if answer.status == 1:
                raise Failed(answer)
            return answer

    def power_on(self, voltage=0):
        return self.command(0x62, specific=bytes([voltage, 0, 0])).data

    def power_off(self):
        return self.command(0x63)

    def status(self):
        return self.command(0x65).icc

    def exchange(self, data, level=0, bwi=0):
        return self.command(0x6F, data, struct.pack("<BH", bwi, level)).data

    def parameters(self, protocol, data):
        return self.command(0x61, data, bytes([protocol, 0, 0])).data

    def abort(self, seq):
        """Both halves; the messages that came, the abort's answer last."""
        self.host.control(0x21, 1, seq << 8 | self.slot, 0)
        head = struct.pack("<BIBB", 0x72, 0, self.slot, seq) + bytes(3)
        assert self.host.out(head) == 0
        seen = []
        while not seen or seen[-1].type != 0x81:
            seen.append(self.receive())
        return seen

    def clear_halt(self, endpoint):
        return self.host.control(0x02, 1, 0, endpoint)[0]


def check(data, crc=False):
    if not crc:
        lrc = 0
        for byte in data:
            lrc ^= byte
        return bytes([lrc])
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0x8408 if value & 1 else value >> 1
    return value.to_bytes(2, "big")


class T1:
    """The host's side of T=1 over a reader at TPDU level: enough to get through."""

    def __init__(self, reader, crc=False, ifsc=254, ifsd=None):
        self.reader, self.crc, self.ifsc = reader, crc, ifsc
        self.ns = self.nr = 0
        self.waits = 0
        self.seen = []
        if ifsd:
            assert self.block(0xC1, bytes([ifsd])) == (0xE1, bytes([ifsd]))

    def raw(self, data, bwi=0):
        return self.reader.exchange(data, bwi=bwi)

    def block(self, pcb, data=b"", bwi=0):
        head = bytes([0, pcb, len(data)]) + data
        answer = self.raw(head + check(head, self.crc), bwi)
        size = 2 if self.crc else 1
        self.seen.append(answer[1])
        if check(answer[:-size], self.crc) != answer[-size:]:
            return self.block(0x81 | self.nr << 4)
        assert answer[0] == 0 and answer[2] == len(answer) - 3 - size
        return answer[1], answer[3:-size]

    def exchange(self, apdu):
        while len(apdu) > self.ifsc:
            part, apdu = apdu[:self.ifsc], apdu[self.ifsc:]
            pcb, _ = self.serve(*self.block(self.ns << 6 | 0x20, part))
            self.ns ^= 1
            assert pcb == 0x80 | self.ns << 4, hex(pcb)
        pcb, data = self.serve(*self.block(self.ns << 6, apdu))
        while 0x80 <= pcb < 0xC0:
            assert pcb >> 4 & 1 == self.ns
            pcb, data = self.serve(*self.block(self.ns << 6, apdu))
        self.ns ^= 1
        whole = b""
        while True:
            assert pcb < 0x80 and pcb >> 6 == self.nr, hex(pcb)
            self.nr ^= 1
            whole += data
            if not pcb & 0x20:
                return whole
            pcb, data = self.serve(*self.block(0x80 | self.nr << 4))

    def serve(self, pcb, data):
        """Answers the card's S requests."""
        while pcb in (0xC1, 0xC2, 0xC3):
            self.waits += pcb == 0xC3
            if pcb == 0xC1:
                self.ifsc = data[0]
            pcb, data = self.block(pcb | 0x20, data, bwi=data[0] if pcb == 0xC3 else 0)
        return pcb, data
