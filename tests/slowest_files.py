"""Say at the end which test files took longest: ``pytest -p tests.slowest_files``."""

from collections import Counter

import pytest

SHOWN = 10


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up the phases of each test by file, whichever worker ran it."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"{SHOWN} slowest test files")
    for file, spent in seconds.most_common(SHOWN):
        terminalreporter.write_line(f"{spent:8.1f} s  {file}")
    terminalreporter.write_line(f"{sum(seconds.values()):8.1f} s  all {len(seconds)} files")
