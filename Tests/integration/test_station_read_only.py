"""A record with a wrong line: the station shows what there is and does nothing."""

import json
import shutil
import subprocess

import pytest

from station import Refusal, program
from test_station_crash import tiny  # noqa: F401
from test_station_officers import PASSWORDS, office, sign_in  # noqa: F401


def refusal(wire, method, **parameters):
    with pytest.raises(Refusal) as refused:
        wire.call(method, **parameters)
    return refused.value


def tokenctl(station, *words):
    return subprocess.run(
        [program("tokenctl"), *words, "--socket", station.socket],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def test_a_wrong_line_leaves_a_station_that_shows_and_does_nothing(make_station):
    station = make_station()
    kept = station.open_case("11111111")
    station.open_case("22222222")
    station.open_case("33333333")
    station.stop()
    lines = station.journal.read_bytes().split(b"\n")
    wrong = next(n for n, line in enumerate(lines) if b"22222222" in line)
    lines[wrong] = lines[wrong].replace(b"22222222", b"22222223")
    station.journal.write_bytes(b"\n".join(lines[:-1] + [b"half a line"]))
    before = {path: path.read_bytes() for path in station.state.rglob("*") if path.is_file()}

    station.start()
    line = f"line {wrong + 1} "
    assert any(said.startswith("STATUS=read-only: ") and line in said for said in station.told)
    found = station.call("Journal.Verify")
    assert (found["good"], found["first_bad"]) == (False, wrong + 1)
    head = station.call("Journal.Head")
    assert (head["seq"], head["writable"]) == (wrong, False) and line in head["problem"]
    finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                   if f["check"] == "journal")
    assert finding["state"] == "bad" and line in finding["message"]
    assert "receipts" in finding["remedy"]

    # What can be looked at.
    assert [one["case"] for one in station.call("Cases.List")["cases"]] == [kept]
    for words, status in [("case list", 0), (f"case show {kept}", 0), ("restores", 0),
                          ("case close 2026-000002 --reason x", 1)]:
        done = tokenctl(station, *words.split())
        assert (done.returncode, "what stood before" in done.stderr) == (status, True), done
        assert line in done.stderr
    assert not tokenctl(station, "readers").stderr
    assert "1, before the journal's wrong line" in tokenctl(station, "status").stdout
    token = station.token("--key", "9a=p256")
    shown = station.call("Devices.Inspect", reader=token.reader)["token"]
    assert token.number in shown["device_numbers"]
    # Whether that is safe for it, a line may say that was not read.
    assert not any(entry["command"].startswith("0020") for entry in token.log())

    # What cannot be done.
    for method, parameters in [
            ("Cases.Close", {"case": kept, "reason": "x"}),
            ("Cases.Open", {"request_number": "1", "managing_body": "b", "holder": "h",
                            "device_number": "3"}),
            ("KeyCheck.Check", {"reader": token.reader, "pin": token.pin})]:
        refusal = station.refusal(method, **parameters)
        assert refusal.name == "JournalUnavailable", (method, refusal)
        assert line in refusal.fields["message"] and "doctor" in refusal.fields["next"]
    assert token.spent() == (0, 0)
    assert station.stop() == 0
    after = {path: path.read_bytes() for path in station.state.rglob("*") if path.is_file()}
    assert after == before

    # The right file in its place, and it goes on.
    lines[wrong] = lines[wrong].replace(b"22222223", b"22222222")
    station.journal.write_bytes(b"\n".join(lines))
    station.start()
    station.call("Cases.Close", case=kept, reason="x")
    station.verify()


def test_officers_sign_in_to_look_where_a_line_is_wrong(office):  # noqa: F811
    station = office()
    wire = sign_in(station, "lan")
    kept = wire.call("Cases.Open", request_number="1", managing_body="b", holder="h",
                     device_number="11111111")["case"]
    wire.close()
    station.stop()
    lines = station.journal.read_bytes().splitlines()
    lines[-2] = lines[-2].replace(b'"kind"', b'"Kind"')
    station.journal.write_bytes(b"\n".join(lines) + b"\n")
    before = {path: path.read_bytes() for path in station.state.rglob("*") if path.is_file()}

    station.start()
    wire = station.wire()
    assert refusal(wire, "Cases.Close", case=kept, reason="x").name == "SignInRequired"
    refused = refusal(wire, "Officers.SignIn", officer="lan", password="not this one")
    assert (refused.name, refused.fields["reason"]) == ("SignInRefused", "wrong_password")
    token = station.token("--key", "9a=p256")
    refused = refusal(wire, "Officers.SignInByToken", reader=token.reader, pin=token.pin)
    assert refused.name == "JournalUnavailable" and "password" in refused.fields["next"]
    assert token.spent() == (0, 0)

    done = wire.call("Officers.SignIn", officer="lan", password=PASSWORDS["lan"])
    assert done["signed_in"]["officer"] == "lan"
    head = station.call("Journal.Head")
    assert (done["journal_seq"], done["journal_head"]) == (head["seq"], head["hash"])
    assert [one["case"] for one in wire.call("Cases.List")["cases"]] == [kept]
    assert refusal(wire, "Cases.Close", case=kept, reason="x").name == "JournalUnavailable"
    assert wire.call("Officers.SignOff")["journal_seq"] == head["seq"]
    assert refusal(wire, "Cases.Close", case=kept, reason="x").name == "SignInRequired"
    assert station.stop() == 0
    after = {path: path.read_bytes() for path in station.state.rglob("*") if path.is_file()}
    assert after == before


def test_a_start_on_a_disk_that_takes_no_writing_shows_and_goes_on_once_it_does(
        make_station, tiny):  # noqa: F811
    station = make_station(state=tiny.path, wrapper=tiny.inside)
    kept = station.open_case("11111111")
    station.stop()
    tiny.read_only(True)
    before = tiny.journal()

    station.start()
    assert any(said.startswith("STATUS=read-only: ") for said in station.told)
    assert [one["case"] for one in station.call("Cases.List")["cases"]] == [kept]
    status = station.call("Maintenance.Status")
    assert "read-only file system" in status["journal_problem"]
    assert "read-only file system" in status["vault_problem"]
    found = {one["check"]: one for one in station.call("Maintenance.Diagnose")["findings"]}
    for check in ("journal", "vault"):
        assert found[check]["state"] == "bad" and found[check]["remedy"]
    refusal = station.refusal("Cases.Close", case=kept, reason="x")
    assert refusal.name == "JournalUnavailable" and "read-only" in refusal.fields["message"]
    assert tiny.journal() == before

    tiny.read_only(False)
    station.wait_told(f"STATUS=serving {station.socket}")
    station.call("Cases.Close", case=kept, reason="x")
    kinds = [json.loads(line)["kind"] for line in tiny.journal().splitlines()]
    assert kinds[-3:] == ["journal.recovered", "service.started", "case.closed"]
    assert station.call("Journal.Verify")["good"] is True


def test_a_start_on_a_full_disk_shows_and_goes_on_once_there_is_room(
        make_station, tiny):  # noqa: F811
    station = make_station(state=tiny.path, wrapper=tiny.inside)
    kept = station.open_case("11111111")
    station.stop()
    tiny.fill()
    before = tiny.journal()

    station.start()
    assert any(said.startswith("STATUS=read-only: ") for said in station.told)
    assert [one["case"] for one in station.call("Cases.List")["cases"]] == [kept]
    assert "no space left" in station.call("Maintenance.Status")["journal_problem"]
    finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                   if f["check"] == "journal")
    assert finding["state"] == "bad" and "room" in finding["remedy"]
    refusal = station.refusal("Cases.Close", case=kept, reason="x")
    assert refusal.name == "JournalUnavailable"
    assert tiny.journal() == before

    tiny.free()
    station.wait_told(f"STATUS=serving {station.socket}")
    station.call("Cases.Close", case=kept, reason="x")
    kinds = [json.loads(line)["kind"] for line in tiny.journal().splitlines()]
    assert kinds[-3:] == ["journal.recovered", "service.started", "case.closed"]
    assert station.call("Journal.Verify")["good"] is True


def test_a_disk_that_fills_under_the_station_is_told(make_station, tiny):  # noqa: F811
    station = make_station(state=tiny.path, wrapper=tiny.inside)

    def journal():
        return next(f for f in station.call("Maintenance.Diagnose")["findings"]
                    if f["check"] == "journal")

    assert journal()["state"] == "good"
    tiny.fill()
    found = journal()
    assert found["state"] == "bad" and "Make room" in found["remedy"]
    assert "no space left" in station.call("Maintenance.Status")["journal_problem"]
    assert station.call("Journal.Head")["writable"] is False
    tiny.free()
    assert journal()["state"] == "good"
    assert "journal_problem" not in station.call("Maintenance.Status")


def test_a_vault_removed_under_the_station_is_told_from_the_first_refusal_on(make_station):
    station = make_station()
    request = station.call("Cases.Get", case=station.open_case("11111111"))["case"]["request"]
    vault = station.state / "vault"
    shutil.move(vault, station.folder / "away")
    assert station.refusal("Cases.GetRequest", request=request).name == "JournalUnavailable"
    assert "is not there" in station.call("Maintenance.Status")["vault_problem"]
    shutil.move(station.folder / "away", vault)
    assert station.call("Cases.GetRequest", request=request)["form"]


def test_what_is_replaced_under_the_station_is_told_by_the_next_look(make_station):
    station = make_station()
    station.open_case("11111111")
    vault, journal = station.state / "vault", station.journal

    def found(check):
        return next(f for f in station.call("Maintenance.Diagnose")["findings"]
                    if f["check"] == check)

    assert found("vault")["state"] == found("journal")["state"] == "good"
    assert not tokenctl(station, "case", "list").stderr
    journal.chmod(0o666)
    assert found("journal")["state"] == "warning"
    assert "its mode is 666" in found("journal")["message"]
    assert f"chmod 600 {journal}" in found("journal")["remedy"]
    journal.chmod(0o600)
    assert found("journal")["state"] == "good"
    shutil.move(vault, station.folder / "away")
    vault.mkdir(0o700)
    assert found("vault")["state"] == "bad" and found("vault")["remedy"]
    assert "another folder" in station.call("Maintenance.Status")["vault_problem"]
    vault.rmdir()
    shutil.move(station.folder / "away", vault)
    assert found("vault")["state"] == "good"
    assert "vault_problem" not in station.call("Maintenance.Status")

    shutil.copyfile(journal, station.folder / "copy")
    (station.folder / "copy").rename(journal)
    assert found("journal")["state"] == "bad" and found("journal")["remedy"]
    assert "changed by somebody else" in station.call("Maintenance.Status")["journal_problem"]


@pytest.mark.parametrize("fault, told", [
    ("file", "is a file, not a folder"), ("link", "is a link to what is not there"),
    ("mode", "its mode is 777"), ("gone", "was made anew")])
def test_a_vault_that_is_none_is_told_at_the_start_and_to_who_asks(make_station, fault, told):
    station = make_station()
    request = station.call("Cases.Get", case=station.open_case("11111111"))["case"]["request"]
    station.stop()
    vault = station.state / "vault"
    if fault == "mode":
        vault.chmod(0o777)
    else:
        shutil.move(vault, station.folder / "away")
        if fault == "file":
            vault.write_text("x")
        if fault == "link":
            vault.symlink_to("/nowhere/at/all")
    station.start()
    assert f"the vault {vault} " in station.errors() and told in station.errors()
    assert told in station.call("Maintenance.Status")["vault_problem"]
    finding = next(f for f in station.call("Maintenance.Diagnose")["findings"]
                   if f["check"] == "vault")
    assert finding["state"] == "bad" and told in finding["message"] and finding["remedy"]
    if fault != "mode":
        refusal = station.refusal("Cases.GetRequest", request=request)
        assert refusal.name == "JournalUnavailable"
        assert "cannot be read" in refusal.fields["message"]
    assert station.stop() == 0
