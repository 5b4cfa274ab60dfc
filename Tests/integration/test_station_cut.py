"""A record whose last lines are gone while the agent runs: nobody is told that it holds."""

import json
import os
import subprocess

import pytest

from station import Station, program


def tokenctl(station, *words):
    return subprocess.run(
        [program("tokenctl"), "--socket", station.socket, *words], capture_output=True, text=True,
        timeout=60)


@pytest.fixture
def cut(request):
    with Station() as station:
        token = station.locked()
        assert station.restore(token)["outcome"] == "restored"
        path = station.state / "journal.ndjson"
        lines = path.read_bytes().splitlines(keepends=True)
        os.truncate(path, sum(map(len, lines[:request.param])))
        yield station, request.param


@pytest.mark.parametrize("cut", [0, 3], indirect=True)
@pytest.mark.parametrize("words", [
    ["journal", "export"], ["report"], ["journal", "verify"]], ids=" ".join)
def test_what_is_read_of_it_ends_and_names_the_first_line_that_is_missing(cut, words):
    station, left = cut
    said = tokenctl(station, *words)
    assert said.returncode != 0
    assert f"line {left + 1} is missing" in " ".join((said.stdout + said.stderr).split())
    # From there on nothing is done that could not be put on record.
    status = json.loads(tokenctl(station, "--json", "status").stdout)
    assert "is missing" in json.dumps(status)
