"""In CI a test that was skipped because something is missing is a test that failed."""

import os

import pytest

REQUIRED_IN_CI = ("browser", "real_data")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    outcome = yield
    report = outcome.get_result()
    names = [name for name in REQUIRED_IN_CI if item.get_closest_marker(name)]
    if (
        os.environ.get("CI") == "true"
        and report.skipped
        and names
        and not hasattr(report, "wasxfail")
    ):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: must not be skipped in CI ({names[0]}): {reason}"
