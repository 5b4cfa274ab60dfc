"""What the tests with other programs share."""

import os

import pytest

import fault_table
from station import Station


@pytest.fixture
def station():
    with Station() as station:
        yield station


@pytest.fixture
def make_station():
    """Stations with settings of their own; all end with the test."""
    made = []

    def make(**more):
        station = Station(**more)
        made.append(station)
        return station.start()

    yield make
    for station in made:
        station.__exit__()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Under ./test a tool that is missing is an error and no skip."""
    report = (yield).get_result()
    if os.environ.get("TOKEN_STATION_ALL_TOOLS") and report.skipped:
        if "is not installed" in str(report.longrepr):
            report.outcome = "failed"


def pytest_terminal_summary(terminalreporter):
    """The sums of the fault table, from whichever process ran its rows."""
    rows = [tuple(row) for report in terminalreporter.getreports("passed")
            for name, row in report.user_properties if name == fault_table.TABLE]
    if rows:
        terminalreporter.section("tries stated and counted in the fault table")
        for line in fault_table.page(rows):
            terminalreporter.write_line(line)
