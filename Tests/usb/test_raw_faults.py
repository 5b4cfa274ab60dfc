"""What goes wrong on the bus, on the kernel's own USB stack and the agent's raw path. After each
fault: an end within the budget, the right word for it, tries as the token counted, and the next
restore without the agent or the reader starting anew."""

import time

import pytest

from guest_station import GuestStation
from station import Refusal, code

# ms, of each step: more than all that a step reads takes in a guest without KVM on a busy machine.
BUDGET = 4000
CAP = 8000
SETTINGS = {"budgets_ms": {
    **{step: BUDGET for step in ("connect", "read", "write", "sign", "reset")}, "hard_cap": CAP}}
SLACK = 5  # s, on top of the budget: a busy machine
PARTS = 3  # of what takes long, for machines on which it takes very long
GROWTH = 32  # KB of the agent's own memory for each time a reader went and came, at most

MUTE = ("failed", "token-mute")
FAULT = ("failed", "token-fault")
UNAVAILABLE = ("failed", "reader-unavailable")
REMOVED = ("failed", "token-removed")
LOST = ("unknown", "answer-lost")
RESTORED = ("restored", None)

# 6F an exchange, 62 power on, 65 the slot's status; {code} is the exchange with the code in it.
EXTENDED = [
    ("msg=6F,kind=stall-in", FAULT),
    ("msg=6F,n=3,kind=stall-out", FAULT),
    ("msg=62,kind=stall-in", UNAVAILABLE),
    ("msg=62,kind=stall-out", UNAVAILABLE),
    ("msg=65,kind=stall-in", UNAVAILABLE),
    ("msg=6F,n={code},kind=stall-in", LOST),
    ("msg=6F,n={code},kind=stall-out", LOST),
    ("msg=6F,n=3,kind=babble", FAULT),
    ("msg=62,kind=babble", UNAVAILABLE),
    ("msg=6F,n={code},kind=babble", LOST),
    ("each,kind=zlp-before", RESTORED),
    ("each,kind=zlp-after", RESTORED),
    ("msg=6F,kind=deaf", MUTE),
    ("msg=6F,n=3,kind=reset", MUTE),
    ("msg=62,kind=mute", MUTE),
    ("msg=65,kind=mute", MUTE),
    ("msg=6F,n=3,kind=mute", MUTE),
    ("msg=6F,n={code},kind=mute", LOST),
    ("msg=6F,n={code},kind=mute-after", LOST),
    ("msg=6F,kind=extend-forever", MUTE),
    ("msg=6F,n={code},kind=extend-forever", LOST),
    ("msg=62,kind=error:E0", RESTORED),  # the second try at power
    ("msg=65,kind=error:E0", UNAVAILABLE),
    ("msg=6F,n=3,kind=error:E0", FAULT),
]
BLOCKS = [
    ("msg=6F,kind=stall-in", FAULT),
    ("msg=6F,n=3,kind=stall-out", FAULT),
    ("msg=6F,n=3,kind=babble", FAULT),
    ("msg=6F,n=3,kind=deaf", MUTE),
    ("msg=6F,n=3,kind=extend-forever", MUTE),
    ("each,kind=zlp-before", RESTORED),
    ("each,kind=no-zlp", RESTORED),
]
CHARACTERS = [
    ("msg=6F,n=3,kind=stall-in", FAULT),
    ("msg=6F,n=3,kind=deaf", MUTE),
    ("each,kind=zlp-before", RESTORED),
]
LEVELS = {
    "extended": ("--level extended", EXTENDED),
    "tpdu, T=1": ("--level tpdu --ifsd 50", BLOCKS),
    "tpdu, T=0": ("--level tpdu --protocol T=0", CHARACTERS),
}


@pytest.fixture
def raw_station(guest, raw):
    with GuestStation(guest, "usb", settings=SETTINGS) as station:
        yield station


class Trial:
    """One reader with a locked token, restored again and again."""

    def __init__(self, station, reader):
        self.station, self.reader = station, reader
        reader.in_station(station)

    def restore(self, fault=None, within=None):
        """One restore, with a fault behind its beginning: outcome and reason."""
        self.reader.control("lock")
        before = self.reader.spent()
        permit = self.station.begin(self.reader)
        self.reader.control("forget")
        commands = len(self.reader.log())
        if fault:
            self.reader.control("fault " + fault)
        began = time.monotonic()
        result = self.station.finish(permit, self.reader)
        took = time.monotonic() - began
        self.reader.control("clear-faults")
        self.messages = [texts(m)[:2] for m in self.reader.messages()]
        self.commands = [entry["command"][2:4] for entry in self.reader.log()[commands:]]
        if within:
            assert took < within, (fault, took, result)
        # What the result says was spent is what the token counted.
        spent = [now - then for now, then in zip(self.reader.spent(), before)]
        assert spent == [0, 0], fault
        assert result["pin_spent"]["least"] == result["unblocking_spent"]["least"] == 0, result
        assert result["unblocking_spent"]["most"] == (result["outcome"] == "unknown"), result
        return result["outcome"], result.get("reason")

    def settle(self):
        """The token is there again, and what was unknown of it is known."""
        self.station.wait_for(
            lambda readers: [r["state"] for r in readers] == ["present"], "the token")
        self.look()
        assert self.station.call("Maintenance.Status")["unresolved_restores"] == 0

    def look(self, patience=30):
        """What was seen present may be the token of before the pull, which is reset once more."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return self.station.inspect(self.reader.reader)
            except Refusal as refusal:
                if refusal.name != "ReaderBusy" or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def exchange_with_the_code(self):
        """Its number among a restore's exchanges, where each command is one."""
        assert self.restore() == RESTORED
        return 1 + self.commands.index("2C")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("level", LEVELS)
def test_a_fault_ends_its_restore_and_nothing_else(raw_station, usbip, level):
    arguments, rows = LEVELS[level]
    trial = Trial(raw_station, usbip(*arguments.split(), "--locked", "--key", "9a=p256"))
    number = trial.exchange_with_the_code()
    begun = raw_station.footprint()
    for fault, wanted in rows:
        fault = fault.format(code=number)
        within = (CAP if wanted == LOST else BUDGET) / 1000 + SLACK
        assert trial.restore(fault, within) == wanted, fault
        assert trial.reader.complaints() == [], fault
        trial.settle()
    assert trial.restore() == RESTORED
    assert raw_station.footprint()[0] == begun[0]
    raw_station.verify()


@pytest.mark.parametrize("fault", ["mute", "deaf"])
def test_a_reader_that_knows_no_abort_is_reset(raw_station, usbip, fault):
    trial = Trial(raw_station, usbip("--abort", "ignored", "--locked", "--key", "9a=p256"))
    assert trial.restore(f"msg=6F,n=3,kind={fault}", BUDGET / 1000 + SLACK) == MUTE
    trial.settle()
    assert trial.restore() == RESTORED


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", ["usb"], indirect=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_unplugged_at_every_message_of_a_restore_and_at_rest(station, usbip, part):
    """Each part takes its share of the messages, and goes on at rest. Nothing here lasts as long
    as a budget, so that the budgets are the station's own."""
    rounds, warm = 20, 4
    trial = Trial(station, usbip("--locked", "--key", "9a=p256"))
    reader = trial.reader
    number = trial.exchange_with_the_code()
    messages = trial.messages
    exchanges = [n for n, kind in enumerate(messages, 1) if kind == "6F"]
    first, code_at = exchanges[0], exchanges[number - 1]
    # The last one takes the power away, when the answer is out already.
    mine = range(1 + part, len(messages), PARTS)
    assert code_at < len(messages) and warm < len(mine) < rounds
    for done, n in enumerate([*mine, *[None] * (rounds - len(mine))], 1):
        if n is not None:
            ended = trial.restore(f"out={n},kind=unplug-before")
            if n < first:
                assert ended in (UNAVAILABLE, REMOVED), n
            elif n <= code_at:
                assert ended == (REMOVED if n < code_at else LOST), n
            else:
                # Once the signature is there, the rest is not what proves the key.
                assert ended in (("unblocked-unproven", "token-removed"), RESTORED), n
            reader.put_back()
        else:
            reader.unplug()
            station.wait_for(lambda readers: not readers, "the reader's end")
            reader.plug()
        trial.settle()
        if done == warm:
            kinds, memory = station.footprint()
    assert trial.restore() == RESTORED
    after = station.footprint()
    assert after[0] == kinds
    assert after[1] < memory + GROWTH * (rounds - warm), (memory, after[1])
    station.verify()


def texts(message):
    return message if isinstance(message, str) else "".join(map(str, message))


@pytest.mark.parametrize(
    "level", ["--level extended", "--level tpdu", "--level tpdu --protocol T=0"])
def test_what_writes_is_not_cut_off_at_its_budget(guest, raw, usbip, level):
    settings = {"budgets_ms": {"write": 300, "hard_cap": 20000}}
    with GuestStation(guest, "usb", settings=settings) as station:
        reader = usbip(*level.split(), "--locked", "--key", "9a=p256")
        reader.in_station(station)
        permit = station.begin(reader)
        reader.fault("ins=2C,kind=slow:2500")
        fields = {"restore": permit["restore"], "unblocking_code": reader.puk, "new_pin": code(6)}
        refusal = station.refusal("Restore.Unblock", **fields)
        assert refusal.name == "StillWorking", refusal
        assert refusal.fields["result"]["state"] == "overdue"
        # It is held meanwhile.
        assert station.refusal("Devices.Inspect", reader=reader.reader).name in (
            "ReaderBusy", "ReaderStuck")
        last = station.follow(permit)
        assert last["outcome"] in ("restored", "unblocked-unproven"), last
        assert reader.counters() == {"pin": 3, "puk": 3, "pinSpent": 0, "pukSpent": 0}
        assert reader.complaints() == []
