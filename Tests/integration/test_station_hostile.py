"""Clients that mean ill, or are broken, cost the others nothing."""

import json
import os
import signal
import socket
import threading
import time

import pytest

from station import Refusal, Wire


def resources(station):
    """Resident memory in KiB, and descriptors."""
    status = open(f"/proc/{station.pid}/status").read()
    memory = int(status.split("VmRSS:")[1].split()[0])
    return memory, len(os.listdir(f"/proc/{station.pid}/fd"))


def ends(wire):
    """Reads until the agent hangs up."""
    try:
        while wire.reply() is not None:
            pass
    except (ConnectionResetError, BrokenPipeError):
        pass


def oversize(station):
    with Wire(station.socket) as wire:
        try:
            wire.raw(b'{"method":"' + b"a" * (1 << 20))
            ends(wire)
        except (BrokenPipeError, ConnectionResetError):
            pass


def deep(station):
    with Wire(station.socket) as wire:
        wire.raw(b'{"method":"vn.tokenstation.Devices.ListReaders","parameters":'
                 + b'{"a":' * 5000 + b"1" + b"}" * 5001 + b"\0")
        ends(wire)


def rubbish(station):
    for data in (b"\0", b"[]\0", b"\xff\xfe\0", b'{"method":1}\0', b"{}\0", b'{"method":"a"\0',
                 b'{"method":"a.b","method":"c.d"}\0', os.urandom(4096) + b"\0"):
        with Wire(station.socket) as wire:
            wire.raw(data)
            wire.reply()


def half_open(station):
    for _ in range(8):
        wire = Wire(station.socket)
        wire.raw(b'{"method":"vn.token')
        wire.close()


def flood(station):
    with Wire(station.socket) as wire:
        call = b'{"method":"vn.tokenstation.Maintenance.Status"}\0'
        wire.raw(call * 500)
        for _ in range(500):
            assert "parameters" in wire.reply()


def oneway(station):
    with Wire(station.socket) as wire:
        wire.raw(b'{"method":"vn.tokenstation.Devices.ListReaders","oneway":true}\0' * 500)
        wire.send("Maintenance.Status")
        assert wire.result()["pid"] == station.pid


def leaves_at_once(station):
    for _ in range(50):
        with Wire(station.socket) as wire:
            try:
                wire.send("Devices.Watch", _more=True)
            except (BrokenPipeError, ConnectionResetError):
                pass  # one connection too many is hung up on


def never_reads(station):
    """Asks without reading until the agent has had enough."""
    with Wire(station.socket) as wire:
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.socket.settimeout(2)
        call = b'{"method":"org.varlink.service.GetInterfaceDescription","parameters":' \
            b'{"interface":"vn.tokenstation.Restore"}}\0'
        try:
            for _ in range(2000):
                wire.raw(call)
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass


HOSTILE = [oversize, deep, rubbish, half_open, flood, oneway, leaves_at_once, never_reads]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda f: f.__name__)
def test_others_are_served_meanwhile(make_station, hostile):
    # Both sides are the same user here, whose connections the hostile one must not use up.
    station = make_station(settings={"limits": {"connections": 256, "connections_per_user": 128}})
    token = station.locked()
    other = station.wire()
    thread = threading.Thread(target=hostile, args=(station,))
    thread.start()
    assert other.call("Maintenance.Status")["pid"] == station.pid
    assert station.restore(token)["outcome"] == "restored"
    thread.join()
    assert other.call("Maintenance.Status")["pid"] == station.pid


def test_memory_and_descriptors_are_flat(station):
    def round():
        for hostile in HOSTILE:
            if hostile is not never_reads:
                hostile(station)
        settle()

    def settle():
        """Until every connection of the round is let go."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            count = resources(station)[1]
            if count <= descriptors:
                return
        raise AssertionError(f"{count} descriptors, {descriptors} before")

    station.call("Maintenance.Status")
    descriptors = resources(station)[1]
    round()
    memory = resources(station)[0]
    for _ in range(4):
        round()
    assert resources(station)[0] - memory < 1024


def test_sixty_connections_of_one_user(station):
    limit = 16
    wires, served = [], 0
    for _ in range(60):
        wires.append(Wire(station.socket))
    for wire in wires:
        try:
            wire.send("Maintenance.Status")
            served += wire.reply() is not None
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert served == limit
    for wire in wires:
        wire.close()
    end = time.monotonic() + 10
    while True:
        # They are let go of in the agent's own time.
        try:
            if station.call("Maintenance.Status"):
                break
        except (EOFError, BrokenPipeError, ConnectionResetError):
            assert time.monotonic() < end


def is_served(wire):
    """Whether the agent answers, be it only what it answers everybody."""
    try:
        wire.send("org.varlink.service.GetInfo")
        return wire.reply() is not None
    except (BrokenPipeError, ConnectionResetError):
        return False


class Holder:
    """A process of another user that asks for connections and holds those it is given."""

    def __init__(self, station, user, count=16):
        reading, writing = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            try:
                # It outlives nobody for long.
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(120)
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
                wires = [Wire(station.socket) for _ in range(count)]
                os.write(writing, str(sum(map(is_served, wires))).encode())
                os.close(writing)
                signal.pause()
            finally:
                os._exit(1)
        os.close(writing)
        with open(reading) as answer:
            self.served = int(answer.read())

    def end(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


@pytest.mark.skipif(os.getuid() != 0, reason="documented: other users' connections need root")
def test_callers_without_a_role_lock_nobody_out(make_station):
    counters, strangers = (60001, 60002, 60003), (60011, 60012, 60013, 60014)
    station = make_station(settings={"roles": {"counter": {"users": list(counters)}}})
    os.chmod(station.folder, 0o755)
    os.chmod(station.socket, 0o666)
    holders = []

    def hold(user):
        holders.append(Holder(station, user))
        return holders[-1].served

    try:
        assert sum(map(hold, strangers)) == 16
        # Callers with a role have the rest, but for what is kept for root.
        assert list(map(hold, counters)) == [16, 16, 12]
        assert [is_served(station.wire()) for _ in range(5)] == [True] * 4 + [False]
        for holder in holders[:len(strangers)]:
            holder.end()
        del holders[:len(strangers)]
        end = time.monotonic() + 10
        while hold(strangers[0]) == 0:
            # They are let go of in the agent's own time.
            assert time.monotonic() < end
    finally:
        for holder in holders:
            holder.end()


def test_a_message_that_never_ends_is_not_waited_for(station):
    with Wire(station.socket) as wire:
        wire.raw(b'{"method":')
        ends(wire)
    assert station.call("Maintenance.Status")


def test_numbers_and_names_at_the_edges(station):
    wire = station.wire()
    for parameters in ({"from": 2**63}, {"from": 1.5}, {"from": "1"}, {"count": -1, "x": None}):
        with pytest.raises(Refusal) as refused:
            wire.raw(json.dumps({
                "method": "vn.tokenstation.Journal.Show", "parameters": parameters}).encode()
                + b"\0")
            wire.result()
        assert refused.value.full == "org.varlink.service.InvalidParameter", parameters
    for text in ("a" * 201, "", "a\nb", "a\x00b"):
        refusal = station.refusal(
            "Cases.Open", request_number=text, managing_body="b", holder="h", device_number="d")
        assert refusal.name in ("FieldInvalid", "InvalidParameter"), repr(text)
