"""Ctrl-C while the command line loads: half a second in which nothing has been done yet.

The package imports this module before all others, and importing it is what it takes.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

__all__ = ["end_quiet_interrupt"]


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(130)


def _quiet_interrupt() -> None:
    """End the process without a traceback on Ctrl-C, if it is the command line that loads.

    Programs that import the library, and those that handle the signal themselves, are left alone.
    """
    # "-m" stands there only while Python looks for the module that it was asked to run.
    name = os.path.basename(sys.argv[0]).removesuffix(".exe") if sys.argv else ""
    if name not in ("safetyrisk", "-m"):
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        try:
            signal.signal(signal.SIGINT, _leave)
        except ValueError:  # not the main thread
            return


def end_quiet_interrupt() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, for those who clean up after themselves."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


_quiet_interrupt()
