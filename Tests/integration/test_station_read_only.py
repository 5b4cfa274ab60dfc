"""A record with a wrong line: the station shows what there is and does nothing."""


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
