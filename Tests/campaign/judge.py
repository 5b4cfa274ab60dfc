"""What is wrong with a visit, once the dust has settled: the agent's answers and the record held
against what the token counted."""

from ledger import Story, in_memory, interval

OUTCOMES_OPEN = ("restored", "unblocked-unproven")


def judge(counter, visit):
    try:
        counter.last = counter.record.read()
        story = Story(counter.last)
    except ValueError as broken:
        counter.sheet.note("events lost", str(broken))
        raise
    judge_events(counter.sheet, visit, story)
    judge_tries(counter.sheet, visit, story)
    judge_outcome(counter, visit, story)
    counter.sheet.ends[final(visit, story)] += 1
    if counter.sheet.restores % counter.scans == 0:
        for found in in_memory(counter.station.pid, [visit.token.puk, *counter.pins]):
            counter.sheet.note("secrets found", found)


def final(visit, story):
    """What it came to, by the record: each outcome on the way."""
    ends = [end["outcome"] for ends in story.ends.values() for end in ends]
    return ", then ".join(ends) or ("nothing begun" if not story.begun else "nothing sent")


def sends(visit):
    """Unblocking codes that the token got."""
    return [e for e in visit.token.log() if e["command"][2:4] == "2C" and e["data"]]


def judge_events(sheet, visit, story):
    lost = []
    if visit.case and visit.case not in story.cases:
        lost.append(f"case {visit.case} was answered for and is not on record")
    if visit.restore and visit.restore not in story.begun:
        lost.append(f"permit {visit.restore} was answered for and is not on record")
    if sends(visit) and not story.intended:
        lost.append("a code went out and no intent is on record")
    for restore in story.intended:
        end = story.last(restore)
        if end is None or end["outcome"] == "unknown":
            lost.append(f"restore {restore} has an intent and no outcome")
    told = visit.result and visit.result["state"] == "finished" and visit.result
    if told and "could not be written" not in told["message"]:
        outcomes = [end["outcome"] for end in story.ends.get(visit.restore, [])]
        if told["outcome"] not in outcomes:
            lost.append(f"{told['outcome']} was answered, on record is {outcomes}")
    for text in lost:
        sheet.note("events lost", text)


def judge_tries(sheet, visit, story):
    after = visit.token.counters()
    account = visit.result if visit.result and visit.result["state"] == "finished" else None
    for name, field, answered in [("pinSpent", "pinTriesSpent", "pin_spent"),
                                  ("pukSpent", "triesSpent", "unblocking_spent")]:
        counted = after[name] - visit.before[name]
        both = [story.stated(field)] + ([interval(account[answered])] if account else [])
        for least, most in both:
            if not least <= counted <= most or most - least > 1:
                sheet.note(
                    "tries unaccounted",
                    f"{name}: {least} to {most} stated, {counted} counted")
    if len(sends(visit)) > 1:
        sheet.note("tries unaccounted", "an unblocking code was sent twice")


def judge_outcome(counter, visit, story):
    is_open = visit.token.counters()["pin"] > 0
    wrong = []
    ends = [story.last(restore)["outcome"] for restore in story.ends]
    if visit.result and visit.result["state"] == "finished":
        ends.append(visit.result["outcome"])
    for outcome in ends:
        if outcome != "unknown" and (outcome in OUTCOMES_OPEN) != is_open:
            wrong.append(f"{outcome} where the token is {'open' if is_open else 'locked'}")
    if is_open and not visit.is_right:
        wrong.append("a wrong code opened the token")
    if visit.case:
        shown = counter.ask("Cases.Get", case=visit.case).reply or {"case": {"state": None}}
        state = shown["case"]["state"]
        if (state in OUTCOMES_OPEN) != is_open or state in ("unknown", "in-progress"):
            wrong.append(f"the case is {state}, the token {'open' if is_open else 'locked'}")
        if state == "unblocked-unproven":
            checked = counter.ask("KeyCheck.Check", reader=visit.token.reader, pin=visit.pin,
                               restore=visit.restore).reply
            if not (checked and checked["verdict"]["proven"] and checked["completed"]):
                wrong.append(f"an unblocked token's key is not proven later: {checked}")
    for text in wrong:
        counter.sheet.note("wrong answers", text)
