"""Options of the whole test run, and fixtures of several files."""

import signal

import pytest

from support_cli import Run, command_line

# A shell that starts the tests in the background has them ignore what Ctrl-C sends, and tests
# and the processes that they start are to take it as at a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if "long" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="needs --long"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls the command line."""
    return command_line(capsys)
