"""The command line as a shell calls it, for the tests of its commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

#: Calls it with arguments; gives status and what it said on both streams.
Run: TypeAlias = Callable[..., tuple[int, str, str]]


def command_line(capsys: pytest.CaptureFixture[str]) -> Run:
    """What the fixture ``run`` is."""
    from safetyrisk import cli

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call
