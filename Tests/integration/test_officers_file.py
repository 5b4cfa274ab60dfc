"""tokenctl officer: hashes judged by Python's hashlib.scrypt, and the list of officers."""

import base64
import hashlib
import json
import os
import pty
import select
import subprocess

import pytest

from station import ROOT, program


def unpadded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


def is_hash_of(text, password):
    """Whether a PHC string is the hash of a password, by the standard library alone."""
    _, name, cost, salt, digest = text.split("$")
    cost = {k: int(v) for k, v in (part.split("=") for part in cost.split(","))}
    assert name == "scrypt"
    digest = unpadded(digest)
    return digest == hashlib.scrypt(
        password, salt=unpadded(salt), n=1 << cost["ln"], r=cost["r"], p=cost["p"],
        maxmem=256 << 20, dklen=len(digest))


def hashed(password, *options):
    return subprocess.run(
        [program("tokenctl"), *options, "officer", "password"], input=password,
        capture_output=True, timeout=60)


def at_a_terminal(*entries):
    """What is shown, and the exit status."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(program("tokenctl"), ["tokenctl", "officer", "password"])
    shown, rest = b"", list(entries)
    while True:
        ready, _, _ = select.select([master], [], [], 60)
        assert ready, shown
        try:
            part = os.read(master, 4096)
        except OSError:
            part = b""
        if not part:
            break
        shown += part
        if part.rstrip().endswith(b":") and rest:
            os.write(master, rest.pop(0) + b"\r")
    _, status = os.waitpid(pid, 0)
    os.close(master)
    return shown, os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("password", ["correct horse battery", "mật khẩu của Lan", "12345678"])
def test_the_hash_is_scrypts(password):
    bytes_ = password.encode()
    done = hashed(bytes_ + b"\n")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode().strip()
    assert done.stderr == b"" and done.stdout.count(b"\n") == 1, "a script gets the line alone"
    assert text.startswith("$scrypt$ln=15,r=8,p=3$")
    assert is_hash_of(text, bytes_) and not is_hash_of(text, bytes_ + b"x")
    again = hashed(bytes_ + b"\n", "--json")
    assert is_hash_of(json.loads(again.stdout)["password"], bytes_)
    assert json.loads(again.stdout)["password"] != text


def test_at_a_terminal_nothing_typed_is_shown():
    shown, status = at_a_terminal(b"correct horse", b"correct horse")
    assert status == 0 and b"horse" not in shown
    text = next(w for w in shown.decode().split() if w.startswith("$scrypt$"))
    assert is_hash_of(text, b"correct horse")
    assert b"officers.json5" in shown, "what to do with the line"
    shown, status = at_a_terminal(b"correct horse", b"correct house")
    assert status == 2 and b"$scrypt$" not in shown and b"differ" in shown


@pytest.mark.parametrize("password", [b"short\n", b"", b"x" * 65 + b"\n"])
def test_a_password_that_cannot_be_is_refused(password):
    done = hashed(password)
    assert done.returncode == 2 and done.stdout == b""


def test_the_list_is_checked_with_every_mistake(tmp_path):
    good = tmp_path / "good.json5"
    text = hashed(b"correct horse\n").stdout.decode().strip()
    good.write_text(json.dumps({"officers": 1, "people": [
        {"id": "lan", "name": "Lan", "roles": ["counter"], "password": text}]}))
    done = subprocess.run(
        [program("tokenctl"), "officer", "check", str(good)], capture_output=True, text=True)
    assert done.returncode == 0 and "right" in done.stdout and "lan" in done.stdout
    assert "scrypt" not in done.stdout
    for mode, told in [(0o644, True), (0o600, False)]:
        good.chmod(mode)
        done = subprocess.run(
            [program("tokenctl"), "officer", "check", str(good)], capture_output=True, text=True)
        assert done.returncode == 0
        assert (f"its mode is {mode:o}" in done.stdout) == told
        assert (f"chmod 600 {good}" in done.stdout) == told
    bad = tmp_path / "bad.json5"
    bad.write_text('{"officers": 1, "people": [\n{"id": "Lan", "name": "L"}]}')
    done = subprocess.run(
        [program("tokenctl"), "--json", "officer", "check", str(bad)], capture_output=True,
        text=True)
    assert done.returncode == 1
    checked = json.loads(done.stdout)
    assert not checked["good"] and {m["line"] for m in checked["mistakes"]} == {2}
    assert len(checked["mistakes"]) == 3


def test_the_shipped_list_has_nobody():
    done = subprocess.run(
        [program("tokenctl"), "--json", "officer", "check", str(ROOT / "config/officers.json5")],
        capture_output=True, text=True)
    assert json.loads(done.stdout)["officers"] == 0
