"""The daemon as a service: configuration, deadlines, systemd's protocols, a clean stop."""

import json
import os
import socket
import subprocess
import time

import pytest

from station import PATIENCE, Station, Wire, code, program

GOOD = '''{
  "mode": "training",
  "socket": "/tmp/a.sock",
  "state": "/tmp/a",
  "readers": { "pcsc": false, "virtual": "/tmp/v.sock" }
}'''


@pytest.mark.parametrize("old,new,words", [
    ('"mode"', '"mood"', ["line 2, column ", "mood"]),
    ('"training"', '"practice"', ["line 2, column ", "mode", "office", "training"]),
    ('"/tmp/a.sock"', '"a.sock"', ["line 3, column ", "socket", "path"]),
    ('"/tmp/a.sock"', '7', ["line 3, column ", "socket", "string"]),
    ('"pcsc": false', '"pcsc": "no"', ["line 5, column ", "readers", "pcsc"]),
    ('"pcsc": false', '"serial": false', ["line 5, column ", "readers", "serial"]),
    ('"state"', '"socket"', ["line 4, column ", "socket", "twice"]),
    ('"/tmp/a",', '"/tmp/a"', ["line 4, column ", "write a comma here"]),
    ('"readers"', '"roles": {"counter": {"users": ["nobody-is-called-this"]}}, "readers"',
     ["line 5, column ", "nobody-is-called-this"]),
    ('"readers"', '"roles": {"cook": {}}, "readers"', ["line 5, column ", "roles.cook"]),
    ('"readers"', '"rights": {"all": {}}, "readers"', ["line 5, column ", "rights.all"]),
    ('"readers"', '"permit_minutes": 0, "readers"', ["line 5, column ", "permit_minutes", "60"]),
    ('"readers"', '"budgets_ms": {"write": 9, "hard_cap": 1}, "readers"', ["line 5, column ", "write"]),
    ('"readers"', '"limits": {"connections": 1e9}, "readers"', ["line 5, column ", "connections"]),
    ('"training"', '"office"', ["virtual", "office"]),
    ('"virtual": "/tmp/v.sock"', '"virtual": null', ["line 5, column ", "virtual"]),
    ('"pcsc": false, "virtual": "/tmp/v.sock"', '"pcsc": false, "usb": false', ["readers"]),
    ('"readers"', '"roots": ["/nonexistent/root.pem"], "readers"', ["/nonexistent/root.pem"]),
    (GOOD, "", ["line 1, column 1:"]),
    ('"mode"', "{" * 3000, ["line 2, column "]),
    ('}\n}', '}\n} more', ["line 6, column 3:"]),
], ids=lambda value: None if isinstance(value, list) else value[:24])
def test_a_mistake_in_the_configuration_is_located(tmp_path, old, new, words):
    assert old in GOOD
    config = tmp_path / "agent.json5"
    config.write_text(GOOD.replace(old, new, 1))
    done = subprocess.run(
        [program("token-agent"), "--config", str(config)], capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    for word in words + ([str(config)] if "root.pem" not in new else []):
        assert word in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1


def test_check_config_says_good(tmp_path):
    config = tmp_path / "agent.json5"
    config.write_text("// the counter's\n" + GOOD.replace('"/tmp/v.sock" }', '"/tmp/v.sock", }'))
    done = subprocess.run(
        [program("token-agent"), "--check-config", "--config", str(config)],
        capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{config}: good\n"), done.stderr


def test_it_tells_the_service_manager(make_station):
    # WATCHDOG_PID is not known before the start, and may be missing.
    station = make_station(environment={"WATCHDOG_USEC": "200000"})
    station.wait_told("WATCHDOG=1")
    station.wait_told("WATCHDOG=1")
    station.process.terminate()
    station.wait_told("STOPPING=1")
    assert station.process.wait(timeout=PATIENCE) == 0


def test_it_takes_a_socket_that_is_passed(tmp_path):
    """As systemd does it: descriptor 3, LISTEN_PID and LISTEN_FDS."""
    station = Station()
    path = str(station.folder / "passed.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()

    config = station.folder / "agent.json5"
    config.write_text(json.dumps(station.settings))
    words = ["/bin/sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&0 0</dev/null', "sh",
             program("token-agent"), "--config", str(config)]
    process = subprocess.Popen(words, stdin=listener)
    try:
        # It waits in the socket until the agent takes it.
        with Wire(path) as wire:
            assert wire.call("Maintenance.Status")["pid"] == process.pid
        assert not os.path.exists(station.socket)
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0
        assert os.path.exists(path)
    finally:
        process.kill()
        process.wait()
        listener.close()
        station.__exit__()


def test_a_running_restore_is_finished_before_it_stops(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1200")
    wire = station.wire()
    wire.send("Restore.Unblock", _more=True, restore=permit["restore"], unblocking_code=token.puk,
              new_pin=code(6))
    while wire.result()["result"]["step"] != "unblock":
        pass
    station.process.terminate()
    while True:
        reply = wire.reply()
        assert reply is not None, "hung up before the end"
        assert "error" not in reply, reply
        if reply["parameters"]["result"]["state"] == "finished":
            break
    assert reply["parameters"]["result"]["outcome"] == "restored"
    assert station.process.wait(timeout=PATIENCE) == 0
    kinds = station.kinds()
    assert kinds[-2:] == ["restore.outcome", "service.stopped"]
    station.verify()


def test_a_restore_that_sent_nothing_is_given_up_at_the_stop(station):
    token = station.locked()
    permit = station.begin(token)
    assert station.stop() == 0
    outcome = [x for x in station.lines() if x["kind"] == "restore.outcome"]
    assert outcome[-1]["what"]["restore"] == permit["restore"]
    assert outcome[-1]["what"]["outcome"] == "refused"
    assert token.spent() == (0, 0)


def test_a_mute_token_is_answered_for_at_the_deadline(make_station):
    station = make_station(settings={"budgets_ms": {"read": 400}})
    mute = station.locked("--serial", "1")
    other = station.locked("--serial", "2")
    assert other.number == "2"
    mute.fault("every,kind=mute")
    began = time.monotonic()
    refusal = station.refusal("Devices.Inspect", reader=mute.reader)
    took = time.monotonic() - began
    assert refusal.name == "TokenMute"
    assert 0.4 <= took < 0.4 + 0.3 * (1 + os.getloadavg()[0]), took
    # Shown as what it is, while everything else goes on.
    readers = {r["name"]: r for r in station.readers()}
    assert readers[mute.reader]["state"] in ("stuck", "mute"), readers
    began = time.monotonic()
    station.readers()
    station.call("Maintenance.Status")
    assert time.monotonic() - began < 0.3 * (1 + os.getloadavg()[0])
    assert station.restore(other)["outcome"] == "restored"
    mute.renew()
    assert station.inspect(mute.reader)["serial"] == "1"


def test_a_second_agent_does_not_take_the_first_ones_place(station):
    config = station.folder / "agent.json5"
    done = subprocess.run(
        [program("token-agent"), "--config", str(config)], capture_output=True, text=True)
    assert done.returncode in (1, 3) and done.stderr.count("\n") == 1
    assert station.call("Maintenance.Status")["pid"] == station.pid


def test_an_office_station_takes_no_virtual_token(make_station):
    station = make_station(settings={"mode": "office", "readers": {"pcsc": True}})
    assert station.call("Maintenance.Status")["mode"] == "office"
    assert not os.path.exists(station.virtual)
    assert station.lines()[0]["what"]["mode"] == "office"
