"""What a station does with the profiles of token models: a mistake ends its start, and a
provisional model is taken on only by somebody with that right, who says so."""

import json
import os
import subprocess

import pytest

from station import ROOT, code, program

PROVISIONAL = """{
  "profile": 1, "name": "odd", "title": "Odd Token", "family": "piv",  // tried by nobody
  "pin": { "min": 8 },
  "standing": {
    "state": "provisional", "reason": "Nobody tried it.", "by": "Lan", "on": "2026-11-21",
  },
}"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    return folder


def tokenctl(*arguments, station=None):
    where = ["--socket", station.socket] if station else []
    return subprocess.run(
        [program("tokenctl"), *where, *arguments], capture_output=True, text=True, timeout=60)


def test_the_shipped_profiles_are_loaded_and_named(station):
    listed = {p["name"]: p for p in station.call("Maintenance.ListProfiles")["profiles"]}
    assert set(listed) == {p.stem for p in (ROOT / "config/profiles").glob("*.json5")}
    assert listed["vgca-token"]["state"] == "provisional"
    assert listed["etoken"]["state"] == "refused" and "family" not in listed["etoken"]
    token = station.locked()
    assert station.inspect(token.reader)["profile"]["name"] == "piv-yubico"
    plain = station.locked("--model", "piv")
    assert station.inspect(plain.reader)["profile"]["name"] == "piv"
    shown = tokenctl("profile", "list", station=station)
    assert shown.returncode == 0 and "vgca-token\n" in shown.stdout
    assert "provisional" in shown.stdout
    shown = tokenctl("inspect", token.reader, station=station)
    assert "piv-yubico, published" in shown.stdout


def test_a_wrong_profile_ends_the_start_with_its_place(tmp_path, folder):
    (folder / "a.json5").write_text('{\n  "profile": 1,\n  "naem": "a"\n}')
    (folder / "b.json5").write_text("{")
    config = tmp_path / "agent.json5"
    config.write_text(json.dumps({
        "mode": "training", "socket": str(tmp_path / "s"), "state": str(tmp_path / "state"),
        "readers": {"pcsc": False, "virtual": str(tmp_path / "v")}, "profiles": str(folder)}))
    for more in ([], ["--check-config"]):
        done = subprocess.run(
            [program("token-agent"), "--config", str(config), *more], capture_output=True,
            text=True, timeout=60)
        assert done.returncode == 2
        assert f"{folder}/a.json5: line 3, column 3: naem: unknown key; did you mean" in done.stderr
        assert f"{folder}/b.json5: line 1, column 2: the document ends too early" in done.stderr
    assert not (tmp_path / "state").exists()
    told = tokenctl("profile", "check", f"{folder}/a.json5", f"{folder}/b.json5")
    assert told.returncode == 1 and "line 3, column 3: naem" in told.stdout


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("said", [False, True])
def test_a_provisional_model_wants_the_right_and_the_word(make_station, folder, right, said):
    (folder / "odd.json5").write_text(PROVISIONAL)
    settings = {"profiles": str(folder)}
    if right:
        settings["rights"] = {"provisional": {"users": [os.getuid()]}}
    station = make_station(settings=settings)
    token = station.locked()
    seen = station.inspect(token.reader)
    assert seen["profile"]["state"] == "provisional" and seen["help"] == "possible"
    assert "model-provisional" in seen["reasons"] and seen["pin_rule"]["minimum"] == 8
    case = station.open_case(token.number)
    request = {"case": case, "reader": token.reader, "provisional": said}
    if right and said:
        permit = station.call("Restore.Begin", **request)["permit"]
        begun = station.lines()[-1]
        assert (begun["kind"], begun["what"]["profile"], begun["what"]["rights"]) == (
            "restore.begun", "odd", ["provisional"])
        assert (permit["profile"], permit["rights"]) == ("odd", ["provisional"])
        # The profile's rule for a new PIN holds: nothing is sent.
        unfit = station.refusal(
            "Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk,
            new_pin=code(7))
        assert unfit.name == "CodeUnfit" and token.spent() == (0, 0)
        assert station.unblock(permit, token.puk, code(8))["outcome"] == "restored"
        return
    refusal = station.refusal("Restore.Begin", **request)
    assert refusal.name == "Refused" and refusal.fields["reasons"] == ["model-provisional"]
    assert "Nobody tried it." in refusal.fields["message"]
    assert "provisional" in refusal.fields["next"]
    assert station.lines()[-1]["kind"] == "restore.refused"
    assert token.spent() == (0, 0)


def test_tokenctl_takes_a_provisional_model_on_where_that_is_said(make_station, folder):
    (folder / "odd.json5").write_text(PROVISIONAL)
    station = make_station(settings={
        "profiles": str(folder), "rights": {"provisional": {"users": [os.getuid()]}}})
    token = station.locked()
    case = station.open_case(token.number)
    pin = code(8)
    done = subprocess.run(
        [program("tokenctl"), "--socket", station.socket, "restore", "--case", case,
         "--provisional"],
        input=f"{token.puk}\n{pin}\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_card_that_no_family_knows_is_named_by_its_answer_to_reset(make_station, folder):
    (folder / "odd.json5").write_text("""{
      "profile": 1, "name": "card", "title": "library card", "family": "none",
      "match": { "atr": ["3B FD 13*"] },
      "standing": { "state": "refused", "reason": "It opens doors.", "next": "Give it back." },
    }""")
    station = make_station(settings={"profiles": str(folder)})
    token = station.locked()
    # That answer to reset alone refuses nothing.
    assert station.inspect(token.reader)["help"] == "possible"
    for n in range(1, 33):
        token.fault(f"ins=A4,n={n},kind=sw:6A82")
    refusal = station.refusal("Devices.Inspect", reader=token.reader)
    assert refusal.name == "TokenUnsupported" and "a library card" in refusal.fields["message"]
    assert refusal.fields["next"] == "Give it back."
    assert token.spent() == (0, 0)
