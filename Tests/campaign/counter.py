"""An officer at the counter who restores tokens whatever befalls the station, and judges each
restore when the dust has settled."""

import contextlib
import dataclasses
import re
import socket
import threading
import time

from judge import judge
from ledger import Record, in_files
from station import Refusal, Station, Wire, code

# Within which an answer must be there, and the station be back, on a machine that is busy.
DEADLINE = 20
# The simulated tokens' number, and what their certificates say.
SERIAL = 40000001
HOLDER, BODY = "Nguyễn Thị Ánh", "Sở Khoa học và Công nghệ Hải Phòng"


class Answer:
    """What came of a call: a reply, an error, or that the agent hung up or was not there."""

    def __init__(self, reply=None, error=None):
        self.reply, self.error = reply, error

    @property
    def result(self):
        """Of a restore, also where it stands in an error."""
        return (self.reply or (self.error.fields if self.error else {})).get("result")


@dataclasses.dataclass
class Visit:
    """One token brought to the counter: what was asked, what was answered."""

    token: object
    is_right: bool
    pin: str
    before: dict
    case: str = None
    restore: str = None
    result: dict = None
    # Whether the agent died meanwhile, and was started again.
    has_died: bool = False
    # From the first question to the last answer.
    seconds: float = 0


class Journald:
    """What the agent tells journald, in a file."""

    def __init__(self, folder):
        self.path, self.file = folder / "journald", folder / "journald.lines"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with open(self.file, "ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(self.socket.recv(1 << 18) + b"\n")

    def close(self):
        self.socket.close()


class Counter:
    def __init__(self, sheet, chance, **settings):
        self.sheet, self.chance = sheet, chance
        self.station = Station(**settings)
        self.journald = Journald(self.station.folder)
        self.station.settings["journald"] = str(self.journald.path)
        self.codes = set()
        # New PINs are few, so that all can be looked for after each restore.
        self.pins = [code(8) for _ in range(2)]
        self.record = None
        # Whether an end is by us; whether the fault may end the agent.
        self.mine = self.may_end = False
        # Set when a visit's codes go out.
        self.sending = threading.Event()
        self.last = []
        # After each how manieth restore the agent's memory is looked through.
        self.scans = 1
        self.state = self.station.state

    def __enter__(self):
        self.station.start()
        self.record = Record(self.state / "journal.ndjson")
        self.errors = self.declared()
        self.codes.update(self.pins)
        return self

    def __exit__(self, *failure):
        try:
            if failure[0] is None:
                self.close_books()
        finally:
            self.journald.close()
            self.station.__exit__()

    def declared(self):
        """The names of all errors the interfaces have."""
        names = {"org.varlink.service." + name for name in (
            "InterfaceNotFound", "MethodNotFound", "MethodNotImplemented", "InvalidParameter",
            "PermissionDenied", "ExpectedMore")}
        for interface in self.station.call("org.varlink.service.GetInfo")["interfaces"]:
            text = self.station.call(
                "org.varlink.service.GetInterfaceDescription", interface=interface)
            names |= {f"{interface}.{name}" for name in re.findall(
                r"^\s*error (\w+)", text["description"], re.M)}
        return names

    # Asking.

    def token(self, *words, **more):
        token = self.station.locked(*words, **more)
        self.codes.add(token.puk)
        return token

    def ask(self, method, **parameters):
        wire = None
        try:
            wire = Wire(self.station.socket, DEADLINE)
            wire.send(method, **parameters)
            return Answer(wire.result())
        except Refusal as refusal:
            if refusal.full not in self.errors:
                self.sheet.note("wrong answers", f"{method}: {refusal}, which is not declared")
            return Answer(error=refusal)
        except TimeoutError:
            self.sheet.note("hangs", f"{method}: no answer in {DEADLINE} s")
        except (OSError, EOFError):
            pass
        except ValueError as error:
            self.sheet.note("wrong answers", f"{method}: {error}")
        finally:
            if wire:
                wire.close()
        return Answer()

    def visit(self, token, strike=contextlib.nullcontext, is_right=None, settle=None):
        """One restore of a token, with a fault in it; strike() is a context for its length. Now and
        then with a wrong code, where the last try is far."""
        if is_right is None:
            is_right = token.counters()["puk"] < 3 or self.chance.random() < 0.8
        token.lock()
        token.control("clear-log")
        self.record.read()
        visit = Visit(token, is_right, self.chance.choice(self.pins), token.counters())
        self.sheet.restores += 1
        number, puk = token.number, token.puk if is_right else self.wrong(token)
        self.sending.clear()
        began = time.monotonic()
        with strike():
            self.serve(visit, number, puk)
            visit.seconds = time.monotonic() - began
        if settle:
            settle()
        self.settle(visit)
        judge(self, visit)
        return visit

    def serve(self, visit, number, puk):
        answer = self.open(number)
        if answer.error and answer.error.name == "DeviceOpen":
            # Of the visit before this one, which came to nothing.
            self.ask("Cases.Close", case=answer.error.fields["case"], reason="rút đề nghị")
            answer = self.open(number)
        if not answer.reply:
            return
        visit.case = answer.reply["case"]
        answer = self.ask("Restore.Begin", case=visit.case, reader=visit.token.reader)
        if not answer.reply:
            return
        visit.restore = answer.reply["permit"]["restore"]
        self.sending.set()
        visit.result = self.ask(
            "Restore.Unblock", restore=visit.restore, unblocking_code=puk,
            new_pin=visit.pin).result

    def open(self, number):
        return self.ask("Cases.Open", request_number="45/SYT", managing_body=BODY,
                        holder=HOLDER, device_number=number)

    def undisturbed(self, token):
        """A restore that nothing happens to: its time. It shows that the row is worth something."""
        visit = self.visit(token, is_right=True)
        self.expect_undisturbed(visit)
        return visit.seconds

    def expect_undisturbed(self, visit):
        wanted = "restored" if visit.is_right else "failed"
        if not visit.result or visit.result["outcome"] != wanted:
            self.sheet.note("wrong answers", f"undisturbed, a restore came to {visit.result}")

    def wrong(self, token):
        while (wrong := code(8)) == token.puk:
            pass
        self.codes.add(wrong)
        return wrong

    # When the dust settles.

    def revive(self):
        """Starts the agent again where it ended, or where its journal has stopped, as a technician
        would; whether it did."""
        process = self.station.process
        if process is not None and process.poll() is None:
            head = self.ask("Journal.Head").reply
            if head is None or head["writable"]:
                return False
            self.station.stop()
            process = None
        if process is not None and process.returncode < 0 and not self.mine and not self.may_end:
            self.sheet.note(
                "wrong answers", f"the agent ended by signal {-process.returncode}: "
                + self.station.errors()[-300:])
        self.mine = False
        self.sheet.deaths += 1
        began = time.monotonic()
        self.station.start()
        if time.monotonic() - began > DEADLINE:
            self.sheet.note("hangs", "the agent took too long to start")
        return True

    def kill(self):
        """kill -9, by us."""
        self.mine = True
        self.station.kill()

    def settle(self, visit):
        """Until the token is at rest in its reader and everything known of it is on record."""
        visit.has_died = self.revive()
        token = visit.token
        if not visit.has_died:
            self.find(visit)
        if visit.restore and not visit.has_died and (
                not visit.result or visit.result["state"] != "finished"):
            visit.result = self.follow(visit.restore)
        # A token whose connection has just failed may be gone again before it is back.
        end = time.monotonic() + DEADLINE
        while True:
            try:
                names = [r["name"] for r in self.at_rest()]
            except AssertionError as late:
                return self.sheet.note("hangs", str(late))
            except (OSError, EOFError):
                # Hung up on with those who waited for a descriptor.
                continue
            if token.reader not in names:
                [token.reader] = names
            seen = self.ask("Devices.Inspect", reader=token.reader)
            if seen.reply:
                break
            if time.monotonic() > end:
                return self.sheet.note("hangs", f"the token is not served again: {seen.error}")
        status = self.ask("Maintenance.Status").reply or {}
        if status.get("unresolved_restores") != 0:
            self.sheet.note(
                "events lost", f"{status.get('unresolved_restores')} restores stay unresolved")

    def find(self, visit):
        """The restore of a visit whose answer never came."""
        if visit.case and not visit.restore:
            listed = self.ask("Restore.List").reply or {"restores": []}
            for result in listed["restores"]:
                if result["case"] == visit.case:
                    visit.restore, visit.result = result["restore"], result

    def at_rest(self):
        """The readers, once each holds its token and nothing runs."""
        return self.station.wait_for(
            lambda readers: readers and all(
                r.get("atr") and r["state"] == "present" for r in readers),
            "a token at rest in its reader", timeout=DEADLINE)

    def follow(self, restore):
        """The end of a restore whose answer came before it, or never; one that was not begun is
        given up."""
        result = self.ask("Restore.Attach", restore=restore).result
        if result and result["state"] == "permitted":
            return self.ask("Restore.Cancel", restore=restore).result
        with Wire(self.station.socket, DEADLINE) as wire:
            wire.send("Restore.Attach", _more=True, restore=restore)
            try:
                while (answer := wire.reply()) is not None:
                    result = Answer(answer.get("parameters")).result
                    if not result or result["state"] == "finished":
                        return result
            except TimeoutError:
                self.sheet.note("hangs", f"restore {restore} has no end")

    def close_books(self):
        """The whole file once more, by others, and every file looked through for codes."""
        self.revive()
        try:
            self.station.verify()
        except AssertionError as wrong:
            self.sheet.note("events lost", str(wrong))
        told = self.ask("Journal.Verify").reply
        if not (told and told["good"]):
            self.sheet.note("events lost", f"Journal.Verify: {told}")
        errors = self.station.folder / "agent.err"
        for place in (self.state, errors, self.journald.file):
            if place.exists():
                for found in in_files(place, sorted(self.codes)):
                    self.sheet.note("secrets found", found)
