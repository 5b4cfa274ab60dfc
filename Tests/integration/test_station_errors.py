"""Every typed error of every interface, provoked through the socket, with the fields its
interface text promises."""

import os
import pathlib
import re
import tempfile

import pytest

from station import NAMESPACE, ROOT, Refusal, Station, Wire, code
from test_station_officers import PASSWORDS, sign_in, with_password, write_list


def promised():
    """Errors of all interfaces and their fields, read out of the interfaces' own texts."""
    errors = {}
    for source in (ROOT / "Sources/StationInterface/Interfaces").glob("*.swift"):
        text = re.sub(r"#.*", "", source.read_text().split('#"""')[1].split('"""#')[0])
        interface = re.search(r"interface ([\w.]+)", text)[1]
        for name, body in re.findall(r"error (\w+) \(((?:[^()]|\([^()]*\))*)\)", text):
            body = re.sub(r"\([^()]*\)", "x", body)
            errors[interface + "." + name] = {
                field: "?" not in kind for field, kind in
                (part.split(":") for part in body.split(",") if part.strip())}
    return {e: {f.strip(): needed for f, needed in fields.items()} for e, fields in errors.items()}


PROMISED = promised()
PROVOKED = {}


def provokes(name):
    """Marks a function as the way to one error: it gets a station and returns the Refusal."""

    def mark(function):
        PROVOKED[NAMESPACE + name] = function
        return function

    return mark


def unblock_fields(permit, token, **more):
    return {"restore": permit["restore"], "unblocking_code": token.puk, "new_pin": code(6), **more}


# Devices

@provokes("Devices.ReaderNotFound")
def _(station):
    return station.refusal("Devices.Inspect", reader="nobody's")


@provokes("Devices.PadUnusable")
def _(station):
    # No virtual token's reader has a pad, and no permit says so.
    token = station.locked()
    permit = station.begin(token)
    assert "pad" not in permit
    refusal = station.refusal("Restore.Unblock", restore=permit["restore"], at_pad=True)
    assert refusal.name == "PadUnusable", refusal
    # The permit is as it was.
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "restored"
    return station.refusal("KeyCheck.Check", reader=token.reader, at_pad=True)


@provokes("Devices.NoToken")
def _(station):
    # Pulled and put back between Begin and Unblock: another insertion.
    token = station.locked()
    permit = station.begin(token)
    token.pull()
    token.insert()
    refusal = station.refusal("Restore.Unblock", **unblock_fields(permit, token))
    assert refusal.name in ("Failed", "NoToken"), refusal
    with pytest.raises(Refusal) as empty:
        raise refusal
    return empty.value


@provokes("Devices.ReaderBusy")
def _(station):
    token = station.locked()
    number = token.number
    token.fault("ins=A4,kind=slow:1500")
    before = len(token.log())
    with Wire(station.socket) as other:
        other.send("Devices.Inspect", reader=token.reader)
        while len(token.log()) == before:
            pass
        refusal = station.refusal("Devices.Inspect", reader=token.reader)
        assert other.result()["token"]["serial"] == number
    return refusal


@provokes("Devices.ReaderStuck")
def _(station):
    token = station.locked()
    token.fault("ins=A4,kind=mute")
    assert station.refusal("Devices.Inspect", reader=token.reader).name == "TokenMute"
    return station.refusal("Devices.Inspect", reader=token.reader)


@provokes("Devices.TokenRemoved")
def _(station):
    token = station.locked()
    token.fault("ins=CB,kind=pull-before")
    return station.refusal("Devices.Inspect", reader=token.reader)


@provokes("Devices.TokenMute")
def _(station):
    token = station.locked()
    token.fault("ins=CB,kind=mute")
    return station.refusal("Devices.Inspect", reader=token.reader)


@provokes("Devices.TokenUnsupported")
def _(station):
    token = station.locked()
    # No selection of any applet succeeds.
    for n in range(1, 9):
        token.fault(f"ins=A4,n={n},kind=sw:6A82")
    return station.refusal("Devices.Inspect", reader=token.reader)


@provokes("Devices.TokenFault")
def _(station):
    token = station.locked()
    token.fault("ins=CB,kind=truncate:600")
    return station.refusal("Devices.Inspect", reader=token.reader)


@provokes("Devices.Cancelled")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=A4,kind=slow:1000")
    with Wire(station.socket) as wire:
        wire.send("Restore.Unblock", **unblock_fields(permit, token))
        while station.call("Restore.Attach", restore=permit["restore"])["result"]["state"] == "permitted":
            pass
        station.call("Restore.Cancel", restore=permit["restore"])
        with pytest.raises(Refusal) as ended:
            wire.result()
    return ended.value


@provokes("Devices.JournalUnavailable")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    damage(station)
    return station.refusal("Restore.Unblock", **unblock_fields(permit, token))


def damage(station):
    """The journal's file, with something in it that does not chain."""
    with open(station.journal, "a") as file:
        file.write('{"seq":1}\n')


# Restore

@provokes("Restore.RestoreNotFound")
def _(station):
    return station.refusal("Restore.Attach", restore="r-0000000000000000")


@provokes("Restore.Refused")
def _(station):
    token = station.token("--key", "9a=p256")
    case = station.open_case(token.number)
    return station.refusal("Restore.Begin", case=case, reader=token.reader)


@provokes("Restore.TokenMismatch")
def _(station):
    token = station.locked()
    case = station.open_case("another number")
    return station.refusal("Restore.Begin", case=case, reader=token.reader)


@provokes("Restore.ComparisonNeeded")
def _(station):
    token = station.locked()
    case = station.open_case(token.number, holder="Nguyen Thi Anh")
    return station.refusal("Restore.Begin", case=case, reader=token.reader)


@provokes("Restore.TokenChanged")
def _(station):
    token = station.token("--key", "9a=p256")
    case = station.open_case(token.number)
    permit = station.begin(token, case, pin_forgotten=True)
    token.control("lock")
    return station.refusal("Restore.Unblock", **unblock_fields(permit, token))


@provokes("Restore.PermitInvalid")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    fields = unblock_fields(permit, token)
    station.call("Restore.Unblock", **fields)
    return station.refusal("Restore.Unblock", **fields)


@provokes("Restore.CodeUnfit")
def _(station):
    token = station.locked()
    return station.refusal(
        "Restore.Unblock", **unblock_fields(station.begin(token), token, new_pin="12"))


@provokes("Restore.LastTry")
def _(station):
    token = station.locked("--puk-tries", "2")
    assert station.restore(token, puk=code(8))["error"] == "WrongUnblockingCode"
    return station.refusal("Restore.Unblock", **unblock_fields(station.begin(token), token))


@provokes("Restore.WrongUnblockingCode")
def _(station):
    token = station.locked()
    return station.refusal(
        "Restore.Unblock", **unblock_fields(station.begin(token), token, unblocking_code=code(8)))


@provokes("Restore.UnblockingCodeBlocked")
def _(station):
    # A token without metadata hides the count until the answer to the last try.
    token = station.locked("--model", "piv", "--puk-tries", "1")
    return station.refusal(
        "Restore.Unblock", **unblock_fields(station.begin(token), token, unblocking_code=code(8)))


@provokes("Restore.Failed")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=sw:6A80")
    return station.refusal("Restore.Unblock", **unblock_fields(permit, token))


@provokes("Restore.OutcomeUnknown")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=pull-during")
    return station.refusal("Restore.Unblock", **unblock_fields(permit, token))


@provokes("Restore.StillWorking")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1500")
    with Wire(station.socket) as wire:
        refusal = station.refusal("Restore.Unblock", **unblock_fields(permit, token))
        wire.send("Restore.Attach", _more=True, restore=permit["restore"])
        while True:
            state = wire.result()["result"]
            if state["state"] == "finished":
                break
    assert state["outcome"] == "restored"
    return refusal


# KeyCheck

@provokes("KeyCheck.PINUnfit")
def _(station):
    token = station.token("--key", "9a=p256")
    return station.refusal("KeyCheck.Check", reader=token.reader, pin="123")


@provokes("KeyCheck.WrongPIN")
def _(station):
    token = station.token("--key", "9a=p256")
    return station.refusal("KeyCheck.Check", reader=token.reader, pin=code(6))


@provokes("KeyCheck.PINBlocked")
def _(station):
    token = station.locked()
    return station.refusal("KeyCheck.Check", reader=token.reader, pin=token.pin)


@provokes("KeyCheck.LastTry")
def _(station):
    token = station.token("--key", "9a=p256", "--pin-tries", "1")
    return station.refusal("KeyCheck.Check", reader=token.reader, pin=token.pin)


@provokes("KeyCheck.NoKey")
def _(station):
    token = station.token("--key", "9d=p256")
    return station.refusal("KeyCheck.Check", reader=token.reader, pin=token.pin)


@provokes("KeyCheck.RestoreNotWaiting")
def _(station):
    token = station.token("--key", "9a=p256")
    return station.refusal(
        "KeyCheck.Check", reader=token.reader, pin=token.pin, restore="r-0000000000000000")


# Cases

@provokes("Cases.CaseNotFound")
def _(station):
    return station.refusal("Cases.Get", case="2026-999999")


@provokes("Cases.CaseClosed")
def _(station):
    token = station.locked()
    case = station.open_case(token.number)
    station.call("Cases.Close", case=case, reason="withdrawn")
    return station.refusal("Restore.Begin", case=case, reader=token.reader)


@provokes("Cases.CaseBusy")
def _(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:1000")
    with Wire(station.socket) as wire:
        wire.send("Restore.Unblock", _more=True, **unblock_fields(permit, token))
        while wire.result()["result"]["state"] != "running":
            pass
        return station.refusal("Restore.Begin", case=permit["case"], reader=token.reader)


@provokes("Cases.FieldInvalid")
def _(station):
    return station.refusal(
        "Cases.Open", request_number="", managing_body="b", holder="h", device_number="d")


def paper(station):
    """A request of one device on record: its form, and what the station answered."""
    form = {"kind": "restore", "request_number": "9/UBND", "managing_body": "b",
            "devices": [{"device_number": "11112222"}]}
    return form, station.call("Cases.Receive", form=form)


@provokes("Cases.ActRefused")
def _(station):
    number = paper(station)[1]["cases"][0]
    return station.refusal("Cases.Record", case=number)


@provokes("Cases.RequestNotFound")
def _(station):
    return station.refusal("Cases.GetRequest", request="R2026-999999")


@provokes("Cases.RequestKnown")
def _(station):
    return station.refusal("Cases.Receive", form=paper(station)[0])


@provokes("Cases.NoticeKnown")
def _(station):
    number = paper(station)[1]["cases"][0]
    station.call("Cases.Refuse", case=number, reasons=["not-locked"])
    told = {"case": number, "to": "managing-body", "reference": "9/SKHCN"}
    station.call("Cases.SendNotice", **told)
    return station.refusal("Cases.SendNotice", **told)


@provokes("Cases.DeviceOpen")
def _(station):
    found = paper(station)[1]["cases"][0]
    refusal = station.refusal(
        "Cases.Open", request_number="10/UBND", managing_body="b", holder="h",
        device_number="1111-2222")
    assert refusal.fields["case"] == found
    return refusal


@provokes("Cases.PaperUnavailable")
def _(station):
    number = paper(station)[1]["cases"][0]
    return station.refusal("Cases.GetPaper", case=number, paper="receipt")


# Maintenance

# Officers

@provokes("Officers.SignInRequired")
def _(station):
    # Nobody is signed in, and whoever reads the record must be.
    with Station(settings={"sign_in": {"required": ["auditor", "technician"]},
                           "roles": {"auditor": {"users": [os.getuid()]},
                                     "counter": {"users": [os.getuid()]}}}) as strict:
        return strict.refusal("Journal.Show", **{"from": 1, "count": 1})


@provokes("Officers.SignInRefused")
def _(station):
    return station.refusal("Officers.SignIn", officer="nobody", password="correct horse")


def two_officers(act):
    """A station that wants two, Lan signed in, and a restore begun: what `act` makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "officers.json5"
        write_list(path, with_password("lan"), with_password("hai"))
        with Station(settings={"officers": str(path), "sign_in": {"two_person": True}}) as station:
            wire = sign_in(station, "lan")
            token = station.locked()
            refusal = act(station, token, station.begin(token))
            wire.close()
            return refusal


@provokes("Officers.ApprovalRequired")
def _(station):
    return two_officers(lambda station, token, permit: station.refusal(
        "Restore.Unblock", **unblock_fields(permit, token)))


@provokes("Officers.ApprovalRefused")
def _(station):
    return two_officers(lambda station, token, permit: station.refusal(
        "Officers.Approve", restore=permit["restore"], officer="lan",
        password=PASSWORDS["lan"]))


@provokes("Officers.NotSignedIn")
def _(station):
    return station.refusal("Officers.SignOff")


@provokes("Maintenance.CommandRefused")
def _(station):
    token = station.locked()
    return station.refusal(
        "Maintenance.Exchange", reader=token.reader, command="0020008006313233343536")


def commission(token, puk):
    return {
        "reader": token.reader, "serial": token.number, "technician": "Lan", "name": "odd",
        "wrong_pins": 3, "ways": [{"form": "puk", "unblocking_code": puk, "pin": code(8)}]}


@provokes("Maintenance.CommissionRefused")
def _(station):
    token = station.locked()
    refusal = station.refusal("Maintenance.Commission", **commission(token, token.puk))
    assert refusal.fields["reasons"] == ["no-right"] and token.spent() == (0, 0)
    return refusal


@provokes("Maintenance.CommissionEnded")
def _(station):
    token = station.locked()
    refusal = station.refusal("Maintenance.Commission", **commission(token, code(8)))
    assert refusal.fields["commission"]["unblocking_spent"] == {"least": 1, "most": 1}
    assert token.spent() == (0, 1)
    return refusal


# What needs another station than the others.
SETTINGS = {
    "Maintenance.CommissionEnded": {"rights": {"commission": {"users": [os.getuid()]}}},
    # Without the right Begin refuses already.
    "Restore.LastTry": {"rights": {"last_try": {"users": [os.getuid()]}}},
    "Devices.ReaderStuck": {"budgets_ms": {"read": 300}},
    "Devices.TokenMute": {"budgets_ms": {"read": 300}},
    "Restore.StillWorking": {"budgets_ms": {"write": 300, "hard_cap": 20000}},
}
# Where the error comes inside another, as the reason of a restore that ended.
INSIDE = {"Devices.NoToken", "Devices.Cancelled", "Devices.JournalUnavailable"}
# Tested where what provokes it can be had.
ELSEWHERE = {
    "Devices.ReaderUnavailable": "test_station_pcsc.py",
    "Devices.TokenDisturbed": "test_station_pcsc.py",
    "KeyCheck.PINNotEntered": "../usb/test_pinpad.py",
}


def test_every_error_has_its_way_to_be_provoked():
    assert {e.removeprefix(NAMESPACE) for e in PROMISED} == (
        {e.removeprefix(NAMESPACE) for e in PROVOKED} | set(ELSEWHERE))


def assert_fields(refusal):
    fields = PROMISED[refusal.full]
    assert set(refusal.fields) <= set(fields), refusal
    missing = {f for f, needed in fields.items() if needed} - set(refusal.fields)
    assert not missing, refusal
    assert refusal.fields["message"].endswith(".")
    assert refusal.fields["next"].endswith((".", ")"))


@pytest.mark.parametrize("name", sorted(e.removeprefix(NAMESPACE) for e in PROVOKED))
def test_the_error(make_station, name):
    station = make_station(settings=SETTINGS.get(name))
    before = len(station.tokens)
    refusal = PROVOKED[NAMESPACE + name](station)
    assert_fields(refusal)
    if name in INSIDE and refusal.full != NAMESPACE + name:
        word = re.sub(r"(?<!^)([A-Z])", r"-\1", name.split(".")[1]).lower()
        assert refusal.fields["result"]["reason"] == word, refusal
    else:
        assert refusal.full == NAMESPACE + name
    for token in station.tokens:
        assert_account(token, refusal)


def assert_account(token, refusal):
    """What an error says was spent is what the token counted; all of it in this table is."""
    said = refusal.fields.get("result") or refusal.fields.get("account") or {}
    if "unblocking_spent" not in said or refusal.name == "LastTry":
        return
    pin, puk = token.spent()
    assert said["unblocking_spent"]["least"] <= puk <= said["unblocking_spent"]["most"], refusal
    assert said["pin_spent"]["least"] <= pin <= said["pin_spent"]["most"], refusal


# What the interface texts promise besides.

@pytest.mark.parametrize("reason,fields", [
    ("too_short", {"new_pin": "48251"}),
    ("too_long", {"new_pin": "482519375"}),
    ("not_printable", {"new_pin": "4825é1"}),
    ("published_default", {"new_pin": "123456"}),
    ("too_short", {"unblocking_code": "48251"}),
    ("too_long", {"unblocking_code": "482519375"}),
])
def test_a_code_that_cannot_be_leaves_the_permit(station, reason, fields):
    token = station.locked()
    permit = station.begin(token)
    refusal = station.refusal("Restore.Unblock", **{**unblock_fields(permit, token), **fields})
    assert refusal.name == "CodeUnfit" and refusal.fields["reason"] == reason
    assert refusal.fields["field"] == list(fields)[0]
    assert token.spent() == (0, 0)
    assert station.unblock(permit, token.puk, code(6))["outcome"] == "restored"


def test_a_pin_that_is_the_unblocking_code_is_refused(station):
    token = station.locked()
    permit = station.begin(token)
    refusal = station.refusal(
        "Restore.Unblock", **unblock_fields(permit, token, new_pin=token.puk))
    assert refusal.fields["reason"] == "same_as_other"


def test_a_new_begin_takes_the_place_of_a_permit_nobody_used(station):
    token = station.locked()
    case = station.open_case(token.number)
    first = station.begin(token, case)
    second = station.begin(token, case)
    refusal = station.refusal("Restore.Unblock", **unblock_fields(first, token))
    assert refusal.name == "PermitInvalid" and refusal.fields["reason"] == "used"
    assert station.unblock(second, token.puk, code(6))["outcome"] == "restored"


def test_a_token_swapped_between_the_steps_is_not_touched(station):
    token = station.locked("--serial", "111")
    permit = station.begin(token)
    token.pull()
    other = station.locked("--serial", "222")
    assert other.reader == permit["reader"]
    refusal = station.refusal("Restore.Unblock", **unblock_fields(permit, token))
    assert "result" in refusal.fields
    assert other.spent() == (0, 0) and other.counters()["pin"] == 0
    assert not any(e["command"].startswith("002C") for e in other.log())


def test_standard_errors(station):
    wire = station.wire()
    for message, error in [
        ('{"method":"vn.tokenstation.Devices.Dance"}', "MethodNotFound"),
        ('{"method":"vn.tokenstation.Ballet.Dance"}', "InterfaceNotFound"),
        ('{"method":"vn.tokenstation.Devices.Inspect"}', "InvalidParameter"),
        ('{"method":"vn.tokenstation.Devices.Inspect","parameters":{"reader":7}}',
         "InvalidParameter"),
        ('{"method":"vn.tokenstation.Devices.Inspect","parameters":{"reader":"a","b":1}}',
         "InvalidParameter"),
    ]:
        wire.raw(message.encode() + b"\0")
        with pytest.raises(Refusal) as refused:
            wire.result()
        assert refused.value.full == "org.varlink.service." + error, message


@pytest.mark.skipif(os.getuid() != 0, reason="documented: another user's calls need root")
def test_a_caller_without_a_role_is_refused_and_journalled_once_a_minute(make_station):
    station = make_station(settings={"socket_group": "65534"})
    os.chmod(station.folder, 0o755)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with Wire(station.socket) as wire:
                for _ in range(20):
                    wire.send("Cases.List")
                    os.write(writing, wire.reply()["error"].encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading) as answers:
        assert answers.read().split() == ["org.varlink.service.PermissionDenied"] * 20
    assert station.call("Journal.Verify")["good"] is True
    refused = [line for line in station.lines() if line["kind"] == "caller.refused"]
    assert len(refused) == 1 and refused[0]["who"]["uid"] == 65534
