"""Officers sign in over the socket, by a client nobody here wrote; Python's hashlib made their
hashes. What the journal says of each act is read from the file."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import varlink

from station import NAMESPACE, ROOT, Refusal, Wire, code, program
from test_station_secrets import scan

PASSWORDS = {"lan": "mật khẩu của Lan", "hai": "correct-horse-battery"}


def password_hash(password):
    def text(data):
        return base64.b64encode(data).decode().rstrip("=")

    salt = os.urandom(16)
    digest = hashlib.scrypt(
        password.encode(), salt=salt, n=1 << 14, r=8, p=1, maxmem=64 << 20, dklen=32)
    return f"$scrypt$ln=14,r=8,p=1${text(salt)}${text(digest)}"


def officer(name, roles=("counter",), rights=(), **more):
    return {"id": name, "name": name.capitalize(), "roles": list(roles), "rights": list(rights),
            **more}


def with_password(name, *arguments, **more):
    return officer(name, *arguments, password=password_hash(PASSWORDS[name]), **more)


def write_list(path, *people):
    path.write_text(json.dumps({"officers": 1, "people": list(people)}))


@pytest.fixture
def office(make_station, tmp_path):
    """A station whose counter needs a sign-in, with two officers."""
    path = tmp_path / "officers.json5"
    write_list(
        path, with_password("lan", ("counter", "auditor")),
        with_password("hai", ("counter",), ("last_try",)),
        officer("ba", tokens=["00" * 32]))

    def make(**sign_in):
        station = make_station(
            settings={"officers": str(path), "sign_in": {"required": ["counter"], **sign_in}})
        station.officers = path
        return station

    return make


def sign_in(station, name, wire=None):
    wire = wire or station.wire()
    wire.call("Officers.SignIn", officer=name, password=PASSWORDS[name])
    return wire


def elsewhere(station, method, **parameters):
    """The same call from another process; its reply."""
    program_ = (
        "import sys; sys.path.insert(0, sys.argv[1]); from station import Wire; import json\n"
        "wire = Wire(sys.argv[2]); wire.send(sys.argv[3], **json.loads(sys.argv[4]))\n"
        "print(json.dumps(wire.reply()))")
    done = subprocess.run(
        [sys.executable, "-c", program_, str(ROOT / "Tests/integration"), station.socket, method,
         json.dumps(parameters)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def last(station, kind):
    return [line for line in station.lines() if line["kind"] == kind][-1]


CASE = {"request_number": "45/SYT", "managing_body": "Sở Y tế", "holder": "Trần Văn Bình",
        "device_number": "1"}


def test_a_foreign_client_signs_in_and_the_record_names_the_officer(office):
    station = office()
    with varlink.Client("unix:" + station.socket) as client:
        with client.open(NAMESPACE + "Officers") as officers, \
                client.open(NAMESPACE + "Cases") as cases:
            listed = officers.List()
            assert [(o["id"], o["password"], o["token"]) for o in listed["officers"]] == [
                ("lan", True, False), ("hai", True, False), ("ba", False, True)]
            assert listed["required"] == ["counter"] and listed["idle_minutes"] == 10
            assert "signed_in" not in listed
            with pytest.raises(varlink.VarlinkError) as refused:
                cases.Open(*CASE.values())
            assert refused.value.error() == NAMESPACE + "Officers.SignInRequired"
            done = officers.SignIn("lan", PASSWORDS["lan"])
            # An officer has what the login has too: this one is no technician.
            assert done["signed_in"] == {
                "officer": "lan", "name": "Lan", "proof": "password",
                "roles": ["auditor", "counter", "observer"], "rights": []}
            line = station.lines()[done["journal_seq"] - 1]
            assert (line["kind"], line["who"]) == (
                "officer.signed-in", {"uid": os.getuid(), "officer": "lan", "proof": "password"})
            # On another connection of the same process.
            number = cases.Open(*CASE.values())["case"]
            assert station.lines()[-1]["who"] == line["who"]
            assert officers.List()["signed_in"]["officer"] == "lan"
            officers.SignOff()
            assert last(station, "officer.signed-off")["what"] == {"reason": "signed-off"}
            with pytest.raises(varlink.VarlinkError) as refused:
                cases.Close(number, "x")
            assert refused.value.error() == NAMESPACE + "Officers.SignInRequired"
            with pytest.raises(varlink.VarlinkError) as refused:
                officers.SignOff()
            assert refused.value.error() == NAMESPACE + "Officers.NotSignedIn"
    station.verify()


def test_without_the_setting_nothing_needs_a_sign_in(station):
    assert station.call("Officers.List") == {
        "officers": [], "required": [], "two_person": False, "idle_minutes": 10}
    station.open_case("1")
    assert station.lines()[-1]["who"] == {"uid": os.getuid(), "proof": "peer-credentials"}
    finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                   if f["check"] == "officers")
    assert finding["state"] == "good" and "nothing needs a sign-in" in finding["message"]


def test_a_sign_in_is_one_process_s(office):
    station = office()
    sign_in(station, "lan")
    assert station.call("Cases.Open", **CASE)["case"]
    reply = elsewhere(station, "Cases.Open", **CASE)
    assert reply["error"] == NAMESPACE + "Officers.SignInRequired"
    assert reply["parameters"]["method"] == NAMESPACE + "Cases.Open"
    assert "signed_in" not in elsewhere(station, "Officers.List")["parameters"]


def test_it_ends_with_its_connection_and_no_other(office):
    station = office()
    holding = sign_in(station, "lan")
    with station.dial() as other:
        other.call("Cases.Open", **CASE)
    station.call("Cases.Open", **{**CASE, "device_number": "2"})
    holding.close()
    deadline = time.monotonic() + 20
    while "officer.signed-off" not in station.kinds() and time.monotonic() < deadline:
        time.sleep(0.02)
    line = last(station, "officer.signed-off")
    assert line["what"] == {"reason": "disconnected"} and line["who"]["officer"] == "lan"
    assert station.refusal("Cases.Open", **CASE).name == "SignInRequired"


def test_the_next_officer_takes_the_place(office):
    station = office()
    first = sign_in(station, "lan")
    sign_in(station, "hai", first)
    assert station.call("Officers.List")["signed_in"]["rights"] == ["last_try"]
    station.call("Cases.Open", **CASE)
    assert last(station, "request.received")["who"]["officer"] == "hai"
    assert last(station, "officer.signed-off")["what"] == {"reason": "replaced"}


def test_wrong_passwords_wait_and_nobody_else_does(office):
    station = office()
    wire = station.wire()

    def refused(name, password):
        with pytest.raises(Refusal) as refusal:
            wire.call("Officers.SignIn", officer=name, password=password)
        assert refusal.value.name == "SignInRefused"
        return refusal.value.fields

    assert [refused("lan", "wrong")["reason"] for _ in range(2)] == ["wrong_password"] * 2
    third = refused("lan", "wrong")
    assert third["reason"] == "wrong_password" and 1 <= third["wait_s"] <= 5
    # The right one is not looked at now, and there is no line of it.
    fourth = refused("lan", PASSWORDS["lan"])
    assert fourth["reason"] == "must_wait" and 1 <= fourth["wait_s"] <= 5
    lines = [line for line in station.lines() if line["kind"] == "officer.refused"]
    assert [line["what"] for line in lines] == [
        {"officer": "lan", "reason": "wrong_password"}] * 3
    assert lines[0]["who"] == {"uid": os.getuid(), "proof": "peer-credentials"}
    nobody = refused("nobody", "x")
    assert nobody["reason"] == "unknown_officer" and nobody.get("officer") is None
    assert refused("ba", "x")["reason"] == "no_password"
    sign_in(station, "hai", wire)
    # A refusal changes nothing for who is signed in.
    assert refused("nobody", "x")["reason"] == "unknown_officer"
    assert station.call("Officers.List")["signed_in"]["officer"] == "hai"
    time.sleep(third["wait_s"])
    sign_in(station, "lan", wire)


def test_who_is_struck_off_the_list_is_signed_off(office):
    station = office()
    sign_in(station, "lan")
    station.call("Cases.Open", **CASE)
    write_list(station.officers, with_password("hai"))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    while len(station.call("Officers.List")["officers"]) > 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert station.refusal("Cases.Open", **CASE).name == "SignInRequired"
    deadline = time.monotonic() + 20
    while "officer.signed-off" not in station.kinds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert last(station, "officer.signed-off")["what"] == {"reason": "struck"}


def test_another_password_on_the_list_ends_what_was_signed_in_by_the_old_one(office):
    station = office()
    wire = sign_in(station, "lan")
    # The same words with another salt are another entry of the list.
    write_list(station.officers, with_password("lan"), with_password("hai"))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    # Nobody has to call for it to end.
    while "officer.signed-off" not in station.kinds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert last(station, "officer.signed-off")["what"] == {"reason": "changed"}
    assert station.refusal("Cases.Open", **CASE).name == "SignInRequired"
    sign_in(station, "lan", wire)
    station.call("Cases.Open", **CASE)


def test_whoever_has_the_code_sent_stands_in_the_record(office):
    station = office()
    wire = sign_in(station, "lan")
    token = station.locked()
    permit = station.begin(token)
    sign_in(station, "hai", wire)
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "restored"
    assert [last(station, "restore." + kind)["who"]["officer"]
            for kind in ("begun", "intent", "outcome")] == ["lan", "hai", "hai"]


def test_no_password_is_left_in_the_agent(office):
    station = office()
    wire = station.wire()
    wrong = "a-wrong-one-" + code(8)
    with pytest.raises(Refusal):
        wire.call("Officers.SignIn", officer="lan", password=wrong)
    # Typed into the wrong field.
    slipped = "a-slip-of-mine-" + code(8)
    with pytest.raises(Refusal) as refusal:
        wire.call("Officers.SignIn", officer=slipped, password="x")
    assert refusal.value.fields["reason"] == "unknown_officer"
    assert slipped not in json.dumps(refusal.value.fields)
    sign_in(station, "hai", wire)
    station.call("Maintenance.Status")
    assert scan(station, [PASSWORDS["hai"], wrong, slipped]) == ""
    assert slipped not in station.journal.read_text()


def test_with_a_wrong_list_nobody_signs_in_and_nothing_more_is_allowed(make_station, tmp_path):
    path = tmp_path / "officers.json5"
    path.write_text('{"officers": 1, "people": [\n{"id": "lan"}]}')
    station = make_station(
        settings={"officers": str(path), "sign_in": {"required": ["counter"]}})
    assert station.refusal("Cases.Open", **CASE).name == "SignInRequired"
    refusal = station.refusal("Officers.SignIn", officer="lan", password=PASSWORDS["lan"])
    assert refusal.fields["reason"] == "unknown_officer"
    found = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                 if f["check"] == "office files")
    assert found["state"] == "bad" and "officers.json5: line 2" in found["message"]
    assert "nobody can sign in" in found["message"]
    write_list(path, with_password("lan"))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    while not station.call("Officers.List")["officers"] and time.monotonic() < deadline:
        time.sleep(0.02)
    sign_in(station, "lan")
    station.call("Cases.Open", **CASE)


def test_tokenctl_signs_in_for_one_command(office):
    station = office()
    token = station.token("--key", "9a=p256")

    def tokenctl(*arguments, lines):
        return subprocess.run(
            [program("tokenctl"), "--socket", station.socket, "--json", *arguments],
            input="".join(line + "\n" for line in lines).encode(), capture_output=True, timeout=60)

    opened = ["case", "open", "--request", "45/SYT", "--body", "Sở Y tế", "--holder", "Bình",
              "--device", token.number]
    refused = tokenctl(*opened, lines=[])
    assert json.loads(refused.stdout)["error"] == NAMESPACE + "Officers.SignInRequired"
    done = tokenctl("--officer", "lan", *opened, lines=[PASSWORDS["lan"]])
    assert done.returncode == 0, done.stderr
    assert last(station, "request.received")["who"]["officer"] == "lan"
    # The password and then the PIN, out of one pipe.
    done = tokenctl(
        "--officer", "hai", "check-key", token.reader, lines=[PASSWORDS["hai"], token.pin])
    assert done.returncode == 0, done.stderr
    assert last(station, "keycheck.outcome")["who"]["officer"] == "hai"
    wrong = tokenctl("--officer", "hai", *opened, lines=["not the password"])
    assert wrong.returncode == 1
    assert json.loads(wrong.stdout)["parameters"]["reason"] == "wrong_password"
    listed = json.loads(tokenctl("officer", "list", lines=[]).stdout)
    assert [o["id"] for o in listed["officers"]] == ["lan", "hai", "ba"]
    own, _ = token_officer(station)
    done = tokenctl("--officer-token", own.reader, *opened[:-1], "another", lines=[own.pin])
    assert done.returncode == 0, done.stderr
    assert last(station, "request.received")["who"] == {
        "uid": os.getuid(), "officer": "ba", "proof": "token"}


# By token

def token_officer(station, *arguments, name="ba", key=False):
    """A token in a reader, on the list as an officer's own."""
    token = station.token("--key", "9a=p256", *arguments)
    certificate = station.inspect(token.reader)["certificates"][0]
    write_list(
        station.officers, with_password("lan"),
        officer(name, ("counter",), ("last_try",), tokens=[certificate["sha256"]]))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if [o["id"] for o in station.call("Officers.List")["officers"]] == ["lan", name]:
            return token, certificate
        time.sleep(0.02)
    raise AssertionError("the list was not read again")


def test_an_officer_signs_in_with_the_token_of_their_own(office):
    station = office()
    token, certificate = token_officer(station)
    wire = station.wire()
    # A wrong PIN costs a try, and the answer says so.
    with pytest.raises(Refusal) as wrong:
        wire.call("Officers.SignInByToken", reader=token.reader, pin=code(6))
    assert wrong.value.full == NAMESPACE + "KeyCheck.WrongPIN"
    assert wrong.value.fields["pin_spent"] == {"least": 1, "most": 1}
    assert wrong.value.fields["pin_left"] == 2
    assert station.refusal("Cases.Open", **CASE).name == "SignInRequired"
    done = wire.call("Officers.SignInByToken", reader=token.reader, pin=token.pin)
    assert done["signed_in"] == {
        "officer": "ba", "name": "Ba", "proof": "token", "roles": ["counter", "observer"],
        "rights": ["last_try"]}
    assert done["pin_spent"] == {"least": 0, "most": 0} and done["pin_left"] == 3
    line = station.lines()[done["journal_seq"] - 1]
    assert line["who"] == {"uid": os.getuid(), "officer": "ba", "proof": "token"}
    assert line["what"] == {"serial": token.number, "certificate": certificate["sha256"]}
    station.call("Cases.Open", **CASE)
    assert station.lines()[-1]["who"] == line["who"]
    # Its PIN went out on record, as each PIN does.
    assert station.kinds().count("keycheck.intent") == 2
    assert scan(station, [token.pin]) == ""
    station.verify()


def test_a_token_of_nobody_is_sent_no_pin(office):
    station = office()
    token = station.token("--key", "9a=p256")
    refusal = station.refusal("Officers.SignInByToken", reader=token.reader, pin=token.pin)
    assert (refusal.name, refusal.fields["reason"]) == ("SignInRefused", "unknown_token")
    assert "officer" not in refusal.fields
    assert last(station, "officer.refused")["what"] == {
        "serial": token.number, "reason": "unknown_token"}
    assert not any(e["command"].startswith("0020") and len(e["command"]) > 8
                   for e in token.log())
    assert token.spent() == (0, 0) and "keycheck.intent" not in station.kinds()


def test_the_last_try_of_an_officers_token_is_never_spent(office):
    station = office()
    token, _ = token_officer(station)
    for _ in range(2):
        assert station.refusal(
            "Officers.SignInByToken", reader=token.reader, pin=code(6)).name == "WrongPIN"
    refusal = station.refusal("Officers.SignInByToken", reader=token.reader, pin=token.pin)
    assert (refusal.name, refusal.fields["left"]) == ("LastTry", 1)
    assert token.spent()[0] == 2


# Two officers

@pytest.fixture
def two(office):
    """A station where a restore needs two, its own token, and that of the second officer."""
    station = office(two_person=True)
    token = station.locked()
    own, certificate = token_officer(station)
    return station, token, own, certificate


def act_of(permit, form="puk"):
    return (f"vn.tokenstation.approval.v1\nrestore: {permit['restore']}\ncase: {permit['case']}\n"
            f"device: {permit['device_number']}\nform: {form}\n")


def test_a_restore_waits_for_the_second_officer(two):
    station, token, _, _ = two
    sign_in(station, "lan")
    permit = station.begin(token)
    codes = {"restore": permit["restore"], "unblocking_code": token.puk, "new_pin": code(6)}
    refusal = station.refusal("Restore.Unblock", **codes)
    assert refusal.full == NAMESPACE + "Officers.ApprovalRequired"
    assert refusal.fields["act"].startswith(act_of(permit))
    shown = station.call("Officers.ShowAct", restore=permit["restore"])
    assert shown == {"act": refusal.fields["act"]}
    assert refusal.fields["act"].endswith(f"expires: {permit['expires']}\n")
    # Nobody approves what they began.
    same = station.refusal(
        "Officers.Approve", restore=permit["restore"], officer="lan", password=PASSWORDS["lan"])
    assert (same.name, same.fields["reason"]) == ("ApprovalRefused", "same_officer")
    assert token.spent() == (0, 0)
    assert station.refusal("Restore.Unblock", **codes).name == "ApprovalRequired"


def test_a_second_officer_approves_with_a_password(two):
    station, token, _, _ = two
    write_list(
        station.officers, with_password("lan"), with_password("hai"),
        officer("nga", ("auditor",), password=password_hash("an auditor's password")))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    while len(station.call("Officers.List")["officers"]) != 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert station.call("Officers.List")["two_person"] is True
    wire = sign_in(station, "lan")
    permit = station.begin(token)
    for name, password, error, reason in [
            ("hai", "wrong", "SignInRefused", "wrong_password"),
            ("nga", "an auditor's password", "ApprovalRefused", "no_counter")]:
        refusal = station.refusal(
            "Officers.Approve", restore=permit["restore"], officer=name, password=password)
        assert (refusal.name, refusal.fields["reason"]) == (error, reason)
    done = station.call(
        "Officers.Approve", restore=permit["restore"], officer="hai", password=PASSWORDS["hai"])
    assert done["officer"] == "hai"
    line = station.lines()[done["journal_seq"] - 1]
    assert (line["kind"], line["case"]) == ("restore.approved", permit["case"])
    assert line["who"] == {"uid": os.getuid(), "officer": "hai", "proof": "password"}
    assert line["what"] == {"restore": permit["restore"], "act": done["act"]}
    # The approval signed nobody in or off, and the second officer cannot be the first too.
    assert station.call("Officers.List")["signed_in"]["officer"] == "lan"
    sign_in(station, "hai", wire)
    codes = {"restore": permit["restore"], "unblocking_code": token.puk, "new_pin": code(6)}
    assert station.refusal("Restore.Unblock", **codes).name == "ApprovalRequired"
    sign_in(station, "lan", wire)
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "restored"
    # Neither of them reads the record; the login does.
    station.call("Officers.SignOff")
    assert station.call("Journal.Verify")["good"] is True


def test_a_second_officers_token_signs_the_act(two, tmp_path):
    station, token, own, certificate = two
    sign_in(station, "lan")
    permit = station.begin(token)
    unlisted = station.token("--key", "9a=p256")
    refusal = station.refusal(
        "Officers.ApproveByToken", restore=permit["restore"], reader=unlisted.reader,
        pin=unlisted.pin)
    assert (refusal.name, refusal.fields["reason"]) == ("SignInRefused", "unknown_token")
    wrong = station.refusal(
        "Officers.ApproveByToken", restore=permit["restore"], reader=own.reader, pin=code(6))
    assert (wrong.name, wrong.fields["pin_spent"]) == ("WrongPIN", {"least": 1, "most": 1})
    done = station.call(
        "Officers.ApproveByToken", restore=permit["restore"], reader=own.reader, pin=own.pin)
    assert (done["officer"], done["pin_left"]) == ("ba", 3)
    what = station.lines()[done["journal_seq"] - 1]["what"]
    # openssl judges: the signature in the record is the certificate's over the act.
    signer = base64.b64decode(what["signer"])
    assert hashlib.sha256(signer).hexdigest().upper() == certificate["sha256"].upper()
    (tmp_path / "act").write_bytes(what["act"].encode())
    (tmp_path / "signature").write_bytes(base64.b64decode(what["signature"]))
    key = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-pubkey"], input=signer,
        capture_output=True, check=True).stdout
    (tmp_path / "key.pem").write_bytes(key)
    judged = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "act"],
        cwd=tmp_path, capture_output=True, text=True)
    assert judged.stdout.strip() == "Verified OK"
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "restored"
    verified = subprocess.run(
        [program("tokenctl"), "journal", "verify", str(station.journal)], capture_output=True)
    assert verified.returncode == 0
    station.verify()


def test_without_a_sign_in_nothing_is_begun_where_two_are_needed(make_station, tmp_path):
    path = tmp_path / "officers.json5"
    write_list(path, with_password("lan"))
    station = make_station(
        settings={"officers": str(path), "sign_in": {"two_person": True}})
    token = station.locked()
    case = station.open_case(token.number)
    refusal = station.refusal("Restore.Begin", case=case, reader=token.reader)
    assert refusal.name == "SignInRequired"
    finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                   if f["check"] == "officers")
    assert finding["state"] == "bad" and "needs two" in finding["message"]


def test_tokenctl_restores_with_two(two):
    station, token, _, _ = two
    write_list(station.officers, with_password("lan"), with_password("hai"))
    os.kill(station.pid, signal.SIGHUP)
    deadline = time.monotonic() + 20
    while [o["id"] for o in station.call("Officers.List")["officers"]] != ["lan", "hai"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    pin = code(6)

    def restore(*more, lines):
        return subprocess.run(
            [program("tokenctl"), "--socket", station.socket, "--officer", "lan", "restore",
             token.reader, *more],
            input="".join(line + "\n" for line in lines).encode(), capture_output=True, timeout=60)

    refused = restore(
        "--request", "45/SYT", "--body", "Sở Khoa học và Công nghệ Hải Phòng", "--holder",
        "Nguyễn Thị Ánh", "--device", token.number, lines=[PASSWORDS["lan"], token.puk, pin])
    assert refused.returncode == 1 and b"second officer" in refused.stderr
    case = last(station, "request.received")["what"]["rows"][0]["case"]
    assert f"Case {case} stays open." in refused.stderr.decode()
    done = restore(
        "--case", case, "--approve-by", "hai", lines=[PASSWORDS["lan"], PASSWORDS["hai"], token.puk, pin])
    assert done.returncode == 0, done.stderr
    assert b"vn.tokenstation.approval.v1" in done.stderr
    assert last(station, "restore.approved")["who"]["officer"] == "hai"
    assert last(station, "restore.outcome")["who"]["officer"] == "lan"


def test_tokenctl_has_the_second_officers_token_sign_the_act(two):
    station, token, own, _ = two
    sign_in(station, "lan")
    case = station.open_case(token.number)
    lines = [PASSWORDS["lan"], own.pin, token.puk, code(6)]
    done = subprocess.run(
        [program("tokenctl"), "--socket", station.socket, "--officer", "lan", "restore",
         token.reader, "--case", case,
         "--approve-token", own.reader],
        input="".join(line + "\n" for line in lines).encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert b"vn.tokenstation.approval.v1" in done.stderr
    assert last(station, "restore.approved")["who"]["officer"] == "ba"
    assert last(station, "restore.approved")["who"]["proof"] == "token"
    assert last(station, "restore.outcome")["who"]["officer"] == "lan"
    verified = subprocess.run(
        [program("tokenctl"), "journal", "verify", str(station.journal)], capture_output=True)
    assert verified.returncode == 0
