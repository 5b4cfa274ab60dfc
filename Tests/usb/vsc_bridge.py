"""A simulated token behind QEMU's usb-ccid: VSC towards QEMU, vpcd's protocol towards the token.

QEMU's reader does T=0 only, at TPDU level, so the card's side of T=0 is here: a command comes in
pieces (header and data, then GET RESPONSE), where the token knows whole APDUs only.

QEMU tells nothing of power: a token behind it keeps what it had verified and selected when the
reader powers it down.
"""

import socket
import struct
import threading

INIT, ERROR, READER_ADD, ATR, CARD_REMOVE, APDU = 1, 2, 3, 5, 6, 7


class Gone(Exception):
    """The token has left."""


def t0_answer_to_reset(atr):
    """An answer to reset with the same historical bytes that offers T=0 and nothing else."""
    count, at, mask = atr[1] & 15, 2, atr[1] >> 4
    while mask:
        bytes_here = bin(mask & 7).count("1")
        more = mask & 8
        mask = atr[at + bytes_here] >> 4 if more else 0
        at += bytes_here + (1 if more else 0)
    return bytes([atr[0], count]) + atr[at:at + count]


class T0:
    """The card's side of T=0: TPDUs in, APDUs to `card`, a function of bytes to bytes."""

    def __init__(self, card):
        self.card = card
        self.reset()

    def reset(self):
        self.rest, self.status = b"", b""
        self.repeat = None

    def transmit(self, tpdu):
        if len(tpdu) < 4:
            return b"\x67\x00"
        header, length = tpdu[:4], tpdu[4] if len(tpdu) > 4 else 0
        if header[1] == 0xC0:
            return self.get_response(length or 256)
        if len(tpdu) > 5:
            if len(tpdu) != 5 + length:
                return b"\x67\x00"
            self.carry_out(tpdu)
            # Case 4: what there is to fetch is told by the status.
            return self.told() if self.rest else self.status
        wanted = length or 256
        if self.repeat == (header, wanted):
            # What 6Cxx asked for: the command is not carried out again.
            self.repeat = None
        else:
            self.carry_out(header + bytes([length]))
            if 0 < len(self.rest) < wanted and length:
                self.repeat = (header, len(self.rest))
                return bytes([0x6C, len(self.rest)])
        return self.get_response(wanted) if self.rest else self.status

    def carry_out(self, apdu):
        """One command, with all that the token itself hands out in parts."""
        self.repeat = None
        answer = self.card(apdu)
        self.rest, self.status = answer[:-2], answer[-2:]
        while self.status[:1] == b"\x61":
            answer = self.card(bytes([apdu[0] & 0xEF, 0xC0, 0, 0, self.status[1]]))
            self.rest, self.status = self.rest + answer[:-2], answer[-2:]

    def get_response(self, wanted):
        if not self.rest:
            return b"\x69\x85"
        part, self.rest = self.rest[:wanted], self.rest[wanted:]
        return part + (self.told() if self.rest else self.status)

    def told(self):
        return bytes([0x61, len(self.rest) & 0xFF if len(self.rest) < 256 else 0])


class VscBridge:
    """Listens as vpcd at .port for one token after the other, and shows each to QEMU's chardev.

    with VscBridge("/path/of/chardev") as bridge:
        token: virtual-token --vpcd bridge.port
    """

    def __init__(self, chardev):
        self.qemu = socket.socket(socket.AF_UNIX)
        self.qemu.connect(str(chardev))
        self.sending = threading.Lock()
        self.token = None
        self.t0 = T0(self.exchange)
        self.exchanging = threading.Lock()
        self.apdus = 0
        self.asked = None  # the instruction last sent to the token
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.say(INIT, b"VSCD" + struct.pack(">II", 2, 0), reader=0xFFFFFFFF)
        self.say(READER_ADD, b"token")
        for work in (self.serve_qemu, self.serve_tokens):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for end in (self.qemu, self.token, self.listener):
            if end is not None:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()

    def say(self, kind, data=b"", reader=0):
        with self.sending:
            self.qemu.sendall(struct.pack(">III", kind, reader, len(data)) + data)

    # Towards QEMU.

    def serve_qemu(self):
        try:
            while True:
                kind, _, length = struct.unpack(">III", whole(self.qemu, 12))
                data = whole(self.qemu, length)
                if kind == APDU:
                    self.apdus += 1
                    try:
                        with self.exchanging:
                            answer = self.t0.transmit(data)
                    except Gone:
                        continue  # The reader has been told that the card is out.
                    self.say(APDU, answer)
        except (Gone, OSError):
            pass

    # Towards the token.

    def serve_tokens(self):
        try:
            while True:
                token, _ = self.listener.accept()
                token.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.serve_token(token)
        except OSError:
            pass

    def serve_token(self, token):
        """Shows the token until it goes; its answers are read here and handed over."""
        self.answer, self.answered = None, threading.Semaphore(0)
        try:
            token.sendall(b"\x00\x01\x01\x00\x01\x04")
            atr = self.message(token)
            self.t0.reset()
            self.token = token
            self.say(ATR, t0_answer_to_reset(atr))
            while True:
                self.answer = self.message(token)
                self.answered.release()
        except (Gone, OSError):
            pass
        self.token, self.answer = None, None
        self.answered.release()
        token.close()
        self.say(CARD_REMOVE)

    def exchange(self, apdu):
        token, answered = self.token, getattr(self, "answered", None)
        if token is None:
            raise Gone
        self.asked = apdu[1]
        try:
            token.sendall(struct.pack(">H", len(apdu)) + apdu)
        except OSError:
            raise Gone from None
        answered.acquire()
        if self.answer is None or len(self.answer) < 2:
            raise Gone
        return self.answer

    @staticmethod
    def message(token):
        return whole(token, struct.unpack(">H", whole(token, 2))[0])


def whole(end, length):
    data = b""
    while len(data) < length:
        part = end.recv(length - len(data))
        if not part:
            raise Gone
        data += part
    return data
