"""Hostile and broken clients beside restores: half-open, slow, floods, nonsense, huge, and replays
of recorded traffic with fields changed. The others are served in time, and no try is spent."""

import contextlib
import copy
import json
import os
import socket
import threading

from counter import BODY, DEADLINE, HOLDER, SERIAL, Counter
from station import Wire, code

# At a time, so that the limit of connections a user is not what is tried here.
AT_ONCE = 20
PREFIX = "vn.tokenstation."


class Hostile:
    """One of them; what it sees that is no answer of the protocol is noted."""

    def __init__(self, counter, chance, recorded):
        self.counter, self.chance, self.recorded = counter, chance, recorded
        self.act = chance.choice(ACTS)

    def run(self):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, ConnectionRefusedError):
            with Wire(self.counter.station.socket, DEADLINE) as wire:
                try:
                    self.act(self, wire)
                except TimeoutError:
                    self.counter.sheet.note("hangs", f"{self.act.__name__}: no answer, no end")

    def judge(self, reply):
        """An answer must be a result or a declared error, or the end."""
        if reply is None:
            return
        error = reply.get("error")
        if error and error not in self.counter.errors:
            self.counter.sheet.note("wrong answers", f"{self.act.__name__}: {error}")

    def to_the_end(self, wire):
        while (reply := wire.reply()) is not None:
            self.judge(reply)

    def half_open(self, wire):
        wire.raw(b'{"method":"vn.token')

    def slow(self, wire):
        for byte in b'{"method":"vn.tokenstation.Maintenance.Status"}\0':
            wire.raw(bytes([byte]))
        self.judge(wire.reply())

    def never_ends(self, wire):
        wire.raw(b'{"method":')
        wire.socket.shutdown(socket.SHUT_WR)
        self.to_the_end(wire)

    def flood(self, wire):
        wire.raw(b'{"method":"vn.tokenstation.Devices.ListReaders"}\0' * 200)
        for _ in range(200):
            self.judge(wire.reply())

    def never_reads(self, wire):
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.socket.settimeout(0.5)
        call = (b'{"method":"org.varlink.service.GetInterfaceDescription","parameters":'
                b'{"interface":"vn.tokenstation.Restore"}}\0')
        with contextlib.suppress(TimeoutError):
            for _ in range(500):
                wire.raw(call)

    def nonsense(self, wire):
        wire.raw(os.urandom(self.chance.randrange(1, 5000)) + b"\0")
        wire.socket.shutdown(socket.SHUT_WR)
        self.to_the_end(wire)

    def huge(self, wire):
        wire.raw(b'{"method":"' + b"a" * (1 << 20))
        self.to_the_end(wire)

    def deep(self, wire):
        wire.raw(b'{"method":"vn.tokenstation.Devices.ListReaders","parameters":'
                 + b'{"a":' * 5000 + b"1" + b"}" * 5001 + b"\0")
        self.to_the_end(wire)

    def watches(self, wire):
        wire.send("Devices.Watch", _more=True)
        self.judge(wire.reply())

    def replays(self, wire):
        """What a restore said, with fields of another kind, length or restore."""
        for method, parameters in self.recorded:
            wire.raw(json.dumps({"method": PREFIX + method,
                                 "parameters": self.changed(parameters)}).encode() + b"\0")
            reply = wire.reply()
            self.judge(reply)
            if reply is None:
                return

    def changed(self, parameters):
        parameters = copy.deepcopy(parameters)
        for name in self.chance.sample(sorted(parameters), min(len(parameters), 2)):
            parameters[name] = self.chance.choice([
                None, True, -1, 2**63, 1.5, "", "a" * 3000, "\u0000", "\ud7ff", [], {}, ["a"],
                parameters[name], str(parameters[name])[:-1], str(parameters[name]) + "0"])
        if self.chance.random() < 0.2:
            parameters["surplus"] = 1
        return parameters


ACTS = [Hostile.half_open, Hostile.slow, Hostile.never_ends, Hostile.flood, Hostile.never_reads,
        Hostile.nonsense, Hostile.huge, Hostile.deep, Hostile.watches, Hostile.replays,
        Hostile.replays, Hostile.replays]


def hostile(sheet, chance, rounds):
    limits = {"connections": 256, "connections_per_user": 128}
    with Counter(sheet, chance, settings={"limits": limits}) as counter:
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        wrong = code(8)
        counter.codes.add(wrong)
        recorded = [
            ("Devices.ListReaders", {}), ("Devices.Inspect", {"reader": "Virtual Reader 07"}),
            ("Cases.Open", {"request_number": "45/SYT", "managing_body": BODY, "holder": HOLDER,
                            "device_number": "99"}),
            ("Restore.Begin", {"case": "2026-000001", "reader": "Virtual Reader 07"}),
            # The permit was used, the codes are wrong.
            ("Restore.Unblock", {"restore": "r-0", "unblocking_code": wrong, "new_pin": wrong}),
            ("Restore.Attach", {"restore": "r-0"}), ("Restore.Cancel", {"restore": "r-0"}),
            ("KeyCheck.Check", {"reader": "Virtual Reader 07", "pin": wrong}),
            ("Journal.Show", {"from": 1, "count": 10}), ("Maintenance.Status", {})]
        used = counter.visit(token).restore
        for _, parameters in recorded:
            if "restore" in parameters:
                parameters["restore"] = used
        left = rounds
        while left > 0:
            crowd = [Hostile(counter, chance, recorded) for _ in range(min(AT_ONCE, left))]
            threads = [threading.Thread(target=one.run) for one in crowd]
            for thread in threads:
                thread.start()
            counter.expect_undisturbed(counter.visit(token))
            for thread in threads:
                thread.join(4 * DEADLINE)
                if thread.is_alive():
                    sheet.note("hangs", "a hostile client was neither answered nor hung up on")
            left -= len(crowd)
            sheet.faults += len(crowd)
        counter.undisturbed(token)
