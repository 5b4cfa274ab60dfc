"""The installed units as systemd confines them: what the agent cannot see it asks its helper."""

import os
import pathlib
import re
import socket
import subprocess
import sys

import confined
from confined import SOCKET, shown, systemctl
from pcscd_lab import ROOT, PcscLab, as_root, tool
from station import Refusal, Wire, program

HOLDERS = "/run/token-station/holders.sock"
NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
# Takes the first reader for itself until a line comes.
HOLD = """
import ctypes, sys
pcsc = ctypes.CDLL("libpcsclite.so.1")
context, card, active = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
assert pcsc.SCardEstablishContext(ctypes.c_ulong(2), None, None, ctypes.byref(context)) == 0
assert pcsc.SCardConnect(context, b"Virtual PCD 00 00", ctypes.c_ulong(1), ctypes.c_ulong(3),
                         ctypes.byref(card), ctypes.byref(active)) == 0
print("holds", flush=True)
sys.stdin.readline()
"""
# What an agent that was taken over might reach for: root without a capability is root all the same
# to whoever asks who calls.
STATE = str(confined.STATE)
FOLDERS = ["/", "/etc", "/etc/systemd/system", "/run", "/run/systemd/system", "/run/token-station",
           "/run/udev", "/usr/bin", "/usr/lib", "/usr/lib/systemd/system", "/root", "/var/lib",
           "/dev", "/sys/fs/cgroup", "/opt", "/boot", STATE, "/tmp", "/var/tmp"]
FILES = ["/usr/bin/token-agent", "/usr/bin/kill", "/etc/shadow", "/etc/gshadow",
         "/var/log/wtmp", "/var/lib/systemd/random-seed"]
SOCKETS = ["/run/systemd/private", "/run/dbus/system_bus_socket", "/run/systemd/notify",
           "/run/systemd/journal/socket", "/run/systemd/io.systemd.sysext",
           "/run/systemd/io.systemd.Credentials", "/run/systemd/io.systemd.Hostname"]
OPEN = "import sys; f = open(sys.argv[1]); print('holds', flush=True); sys.stdin.readline()"


def test_the_agent_names_holders_that_its_unit_hides_from_it(tmp_path):
    tool("systemd-nspawn")
    confined.install(tmp_path, program("token-agent"))
    try:
        said = confined.run(
            tmp_path, pathlib.Path(__file__).resolve(), [ROOT, os.environ.get("STATION_BIN", ROOT)],
            f"VIRTUAL_TOKEN={os.environ.get('VIRTUAL_TOKEN') or program('virtual-token')}")
    finally:
        subprocess.run([*as_root(), "rm", "-rf", *tmp_path.iterdir()], check=True)
    assert said.splitlines()[-1] == "all of it holds", said


class Holding:
    """A process that has something and says so; it ends with the context."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "holds\n"

    def __enter__(self):
        return self.process.pid

    def __exit__(self, *_):
        self.process.communicate("\n", timeout=20)


def asked(question):
    with socket.socket(socket.AF_UNIX) as helper:
        helper.settimeout(20)
        helper.connect(HOLDERS)
        helper.sendall(question)
        answer = b""
        while part := helper.recv(4096):
            answer += part
    return answer.decode()


def helpers():
    """Units of the helper that systemd still knows of."""
    return re.findall(r"token-holders@\S+", systemctl("list-units", "--all", "--plain"))


def held(wire, reader):
    """Who the agent says has the reader, where it is busy."""
    try:
        wire.call("Devices.Inspect", reader=reader)
    except Refusal as refusal:
        assert refusal.name == "ReaderBusy", refusal
        return {h["pid"]: h["program"] for h in refusal.fields["holders"]}
    raise AssertionError("a held token was inspected")


def inside():
    with confined.HereLab() as lab:
        token = lab.attach("--stay", "--key", "9a=p256", "--locked")
        systemctl("start", "token-agent.service")
        pid = int(shown("token-agent.service", "MainPID")["MainPID"])
        agent = confined.confinement(pid)
        assert agent["capabilities"] == 0 and agent["filters"] and agent["mounts"], agent
        assert agent["no_new_privileges"] and agent["user"] == 0, agent
        writes, changes, reads, talks, executes = confined.reach(pid, FOLDERS, FILES, SOCKETS)
        assert set(writes) == {STATE, "/tmp", "/var/tmp"}, writes
        assert changes == [] and reads == ["/usr/bin/token-agent", "/usr/bin/kill"], (changes, reads)
        assert talks == ["/run/systemd/notify", "/run/systemd/journal/socket"], talks
        assert executes == ["/usr/bin/token-agent"], executes
        systemctl("reload", "token-agent.service")

        def reader(wire):
            return next((r for r in wire.call("Devices.ListReaders")["readers"]
                         if r["name"] == lab.reader(0)), {"state": "none"})

        with Wire(SOCKET) as wire:
            PcscLab.wait(lambda: reader(wire)["state"] == "present", "the token")
            with Holding(sys.executable, "-c", HOLD) as holder:
                name = pathlib.Path(f"/proc/{holder}/comm").read_text().strip()
                # On a busy machine a unit may not have started within the agent's patience.
                PcscLab.wait(lambda: held(wire, lab.reader(0)) == {holder: name}, "the holder", 60)
                PcscLab.wait(lambda: reader(wire).get("holders"), "the holder in the list")
            PcscLab.wait(lambda: reader(wire)["state"] == "present", "the token again")

        # A device node, open in a process that is neither root's nor the helper's.
        node = pathlib.Path("/dev/bus/usb/001/004")
        node.parent.mkdir(parents=True)
        node.touch()
        assert asked(b"usb 1 4\n") == "end\n"
        with Holding(*NOBODY, "/usr/bin/python3", "-I", "-c", OPEN, str(node)) as holder:
            assert asked(b"usb 1 4\n") == f"{holder} python3\nend\n"
            assert asked(b"usb 1 5\n") == "end\n"
        for other in (b"/etc/shadow\n", b"\n", b"usb 1 4 \n", b"x" * 100_000):
            try:
                assert asked(other) == ""
            except (BrokenPipeError, ConnectionResetError):
                pass

        # Nobody but root is let in.
        refused = subprocess.run(
            [*NOBODY, "/usr/bin/python3", "-I", "-c",
             f"import socket; socket.socket(socket.AF_UNIX).connect({HOLDERS!r})"],
            capture_output=True, text=True)
        assert "PermissionError" in refused.stderr, refused

        # What the helper is while it waits for a question, and that it does not wait for long.
        with socket.socket(socket.AF_UNIX) as helper:
            helper.connect(HOLDERS)
            PcscLab.wait(lambda: any(main_pid(unit) for unit in helpers()), "the helper")
            [helper_pid] = filter(None, map(main_pid, helpers()))
            PcscLab.wait(
                lambda: pathlib.Path(f"/proc/{helper_pid}/comm").read_text() == "token-agent\n",
                "its exec")
            found = confined.confinement(helper_pid)
            assert found["capabilities"] == 2 and found["user"] != 0, found
            assert found["filters"] and found["mounts"] and found["no_new_privileges"], found
            helper.settimeout(20)
            assert helper.recv(1) == b""
        PcscLab.wait(lambda: not helpers(), "the end of the helpers")
        assert "active" in systemctl("is-active", "token-holders.socket", "token-agent.service")
        token.close()
    print("all of it holds", flush=True)


def main_pid(unit):
    return int(shown(unit, "MainPID").get("MainPID") or 0)


if __name__ == "__main__":
    inside()
