"""A wrong configuration under systemd: what is said of it, that no number of programs that connect
takes the socket away, and that nothing but the file has to be put right."""

import json
import os
import pathlib
import socket
import subprocess

import confined
from confined import SOCKET, shown, systemctl
from pcscd_lab import ROOT, PcscLab, as_root, tool
from station import Wire, program

CONFIGURATION = pathlib.Path("/etc/token-station/agent.json5")
UNIT = "token-agent.service"
# systemd's own number for "a unit is being started".
STARTING = "MESSAGE_ID=7d4958e842da4a758f6c1cdc7b36dcc5"
CLIENTS = 40


def test_a_wrong_configuration_is_named_and_once_put_right_forgotten(tmp_path):
    tool("systemd-nspawn")
    confined.install(tmp_path, program("token-agent"))
    try:
        said = confined.run(
            tmp_path, pathlib.Path(__file__).resolve(), [ROOT, os.environ.get("STATION_BIN", ROOT)],
            "STATION=none")
    finally:
        subprocess.run([*as_root(), "rm", "-rf", *tmp_path.iterdir()], check=True)
    assert said.splitlines()[-1] == "all of it holds", said


def journal(*words):
    return subprocess.run(
        ["journalctl", "--no-pager", "--output=cat", f"--unit={UNIT}", *words],
        capture_output=True, text=True, check=True).stdout


def turned_away():
    """Connects as any program does, and is let go."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(SOCKET)
        try:
            return client.recv(1) == b""
        except ConnectionResetError:
            return True


def serves():
    try:
        with Wire(SOCKET) as wire:
            return "readers" in wire.call("Devices.ListReaders")
    except (OSError, EOFError, AssertionError):
        return False


def inside():
    right = json.loads(CONFIGURATION.read_text())
    right["readers"] = {"pcsc": False}
    CONFIGURATION.write_text('{\n  "mode": "office",\n  "retention_days": "ten"\n}\n')
    systemctl("start", "token-agent.socket")
    started = subprocess.run(["systemctl", "start", UNIT], capture_output=True, text=True)
    assert started.returncode != 0, started
    found = shown(UNIT, "ActiveState", "Result", "ExecMainStatus", "NRestarts")
    assert (found["ActiveState"], found["Result"]) == ("failed", "exit-code"), found
    assert (found["ExecMainStatus"], found["NRestarts"]) == ("2", "0"), found
    status = subprocess.run(
        ["systemctl", "status", "--no-pager", "--full", UNIT], capture_output=True,
        text=True).stdout
    for text in (journal(), status):
        assert f"{CONFIGURATION}: line 3, column 21" in text, text

    for _ in range(CLIENTS):
        assert turned_away()
    starts = journal(STARTING).splitlines()
    assert 2 <= len(starts) <= CLIENTS + 1, starts
    assert systemctl("is-active", "token-agent.socket").strip() == "active"

    CONFIGURATION.write_text(json.dumps(right))
    PcscLab.wait(serves, "an answer", 60)
    systemctl("stop", "token-agent.socket", UNIT)
    # By hand as well, at once.
    CONFIGURATION.write_text("{")
    for _ in range(8):
        assert subprocess.run(["systemctl", "start", UNIT], capture_output=True).returncode != 0
    CONFIGURATION.write_text(json.dumps(right))
    systemctl("start", UNIT)
    assert serves()
    print("all of it holds", flush=True)


if __name__ == "__main__":
    inside()
