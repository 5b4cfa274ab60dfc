"""A Varlink client nobody here wrote, PyPI's, uses the station."""

import threading

import pytest
import varlink

from station import NAMESPACE, Refusal, code

INTERFACES = [
    "Devices", "Restore", "KeyCheck", "Cases", "Officers", "Journal", "Maintenance"]


@pytest.fixture
def client(station):
    with varlink.Client("unix:" + station.socket) as client:
        yield client


def test_it_introspects_every_interface(client):
    service = client.open("org.varlink.service")
    info = service.GetInfo()
    assert info["product"].startswith("token-agent")
    assert "org.varlink.service" in info["interfaces"]
    for name in INTERFACES:
        assert NAMESPACE + name in info["interfaces"]
        text = service.GetInterfaceDescription(NAMESPACE + name)["description"]
        interface = varlink.Interface(text)
        assert interface.name == NAMESPACE + name
    service.close()


def test_every_method_of_every_interface_is_offered(client):
    for name in INTERFACES:
        with client.open(NAMESPACE + name) as interface:
            methods = client.get_interface(NAMESPACE + name).members.values()
            names = [m.name for m in methods if type(m).__name__ == "_Method"]
            assert names
            for method in names:
                assert callable(getattr(interface, method))


@pytest.mark.parametrize("model", ["piv-yubico", "piv"])
@pytest.mark.parametrize("key", ["9a=rsa2048", "9c=p256", "9a=p384"])
def test_a_restore_with_its_progress(station, client, model, key):
    token = station.locked("--model", model, "--key", key)
    pin = code(6)
    with client.open(NAMESPACE + "Devices") as devices:
        [reader] = devices.ListReaders()["readers"]
        seen = devices.Inspect(reader["name"])["token"]
    assert seen["locked"] is True and seen["help"] == "possible"
    with client.open(NAMESPACE + "Cases") as cases:
        case = cases.Open("45/SYT", "Sở Khoa học và Công nghệ Hải Phòng", "Nguyễn Thị Ánh",
                          seen["device_numbers"][0])["case"]
    with client.open(NAMESPACE + "Restore") as restore:
        permit = restore.Begin(case, reader["name"], None, None)["permit"]
        assert permit["device_number"] == seen["device_numbers"][0]
        assert permit["pin"]["left"] == 0
        replies = [
            r["result"] for r in restore.Unblock(
                permit["restore"], token.puk, pin, None, _more=True)]
    assert {r["state"] for r in replies[:-1]} == {"running"}
    last = replies[-1]
    assert (last["state"], last["outcome"]) == ("finished", "restored")
    assert last["verdict"]["proven"] is True
    assert last["verdict"]["slot"] == key.split("=")[0]
    assert last["pin_spent"] == last["unblocking_spent"] == {"least": 0, "most": 0}
    names = [s["name"] for s in last["steps"]]
    assert [n for n in names if n in ("unblock", "verify", "sign", "reset")] == [
        "unblock", "verify", "sign", "reset"]
    assert all(s["state"] == "done" and s["time_us"] > 0 for s in last["steps"])
    assert token.counters() == {"pin": 3, "puk": 3, "pinSpent": 0, "pukSpent": 0}
    with client.open(NAMESPACE + "KeyCheck") as check:
        checked = check.Check(reader["name"], pin, None)
    assert checked["verdict"]["proven"] is True and checked["completed"] is False
    with client.open(NAMESPACE + "Journal") as journal:
        verified = journal.Verify()
        assert verified["good"] is True
        assert verified["lines"] == station.verify()
        assert journal.Head()["seq"] == verified["lines"]
    with client.open(NAMESPACE + "Cases") as cases:
        assert cases.Get(case)["case"]["state"] == "restored"


def test_it_watches_tokens_come_and_go(station, client):
    with client.open(NAMESPACE + "Devices") as devices:
        watch = devices.Watch(_more=True)
        assert next(watch)["readers"] == []
        token = station.locked()

        def until(condition):
            for change in watch:
                if condition(change["readers"]):
                    return change["readers"]

        [reader] = until(lambda readers: any(r.get("atr") for r in readers))
        assert reader["path"] == "virtual" and reader["state"] == "present"
        token.control("pull")
        assert until(lambda readers: not readers) == []
        token.control("insert")
        [again] = until(lambda readers: any(r.get("atr") for r in readers))
        assert again["name"] == reader["name"]
        assert again["insertion"] > reader["insertion"]


def test_attach_follows_a_restore_of_another_connection(station, client):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:700")
    first = station.wire()
    first.send(
        "Restore.Unblock", restore=permit["restore"], unblocking_code=token.puk, new_pin=code(6))
    with client.open(NAMESPACE + "Restore") as other:
        while other.Attach(permit["restore"])["result"]["state"] == "permitted":
            pass
        states = [r["result"] for r in other.Attach(permit["restore"], _more=True)]
    assert states[0]["state"] == "running"
    assert states[-1]["outcome"] == "restored"
    assert first.result()["result"] == states[-1]


def test_hanging_up_after_the_code_went_out_changes_nothing(station, client):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=2C,kind=slow:500")
    first = station.wire()
    first.send(
        "Restore.Unblock", _more=True, restore=permit["restore"], unblocking_code=token.puk,
        new_pin=code(6))
    while first.result()["result"]["step"] != "unblock":
        pass
    first.close()
    with client.open(NAMESPACE + "Restore") as other:
        last = list(other.Attach(permit["restore"], _more=True))[-1]["result"]
    assert last["outcome"] == "restored"


def test_hanging_up_before_the_code_went_out_cancels(station):
    token = station.locked()
    permit = station.begin(token)
    token.fault("ins=A4,kind=slow:500")
    first = station.wire()
    first.send(
        "Restore.Unblock", _more=True, restore=permit["restore"], unblocking_code=token.puk,
        new_pin=code(6))
    while first.result()["result"]["state"] != "running":
        pass
    first.close()
    follow = station.wire()
    follow.send("Restore.Attach", _more=True, restore=permit["restore"])
    with pytest.raises(Refusal) as ended:
        while True:
            if follow.result()["result"]["state"] == "finished":
                break
    assert ended.value.fields["result"]["unblocking_spent"] == {"least": 0, "most": 0}
    assert token.spent() == (0, 0)
    assert token.counters()["pin"] == 0
    assert station.restore(token)["outcome"] == "restored"


def test_cancel_before_the_code(station, client):
    token = station.locked()
    permit = station.begin(token)
    with client.open(NAMESPACE + "Restore") as restore:
        ended = restore.Cancel(permit["restore"])["result"]
        assert (ended["state"], ended["outcome"]) == ("finished", "refused")
        with pytest.raises(varlink.VarlinkError) as used:
            restore.Unblock(permit["restore"], token.puk, code(6), None)
    assert used.value.error() == NAMESPACE + "Restore.PermitInvalid"
    assert used.value.parameters()["reason"] == "used"
    assert token.spent() == (0, 0)


def test_two_restores_at_once(station):
    tokens = [station.locked("--serial", n) for n in (111, 222)]
    outcomes = {}

    def restore(token):
        outcomes[token.number] = station.restore(token)["outcome"]

    threads = [threading.Thread(target=restore, args=(t,)) for t in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"111": "restored", "222": "restored"}
