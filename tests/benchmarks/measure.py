"""Timing of peers and library in turns, calibration of the machine, tables.

Nothing here asserts a time. Results are compared, though: what computes something else than the
library is not shown beside it.
"""

from __future__ import annotations

import gc
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

LIBRARY = "safetyrisk"
# A contestant that needs longer than this for one run gets three runs and no more.
SLOW_S = 1.5


def say(text: str = "") -> None:
    """Print a line at once: a run takes minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass
class Contestant:
    """Somebody who does the work.

    Attributes
    ----------
    name
        What the table says; the library's names begin with LIBRARY.
    run
        Does the work once; its result goes to `result`.
    result
        Turns what `run` returned into something that `expected` is compared with; not timed.
    expected
        The same from the library.
    n
        Items of one run.
    threads
        How many it may use.
    """

    name: str
    run: Callable[[], Any]
    result: Callable[[Any], Any]
    expected: Any
    n: int
    threads: int = 1

    @property
    def is_library(self) -> bool:
        """Whether this is the library, to which peers are compared."""
        return self.name == LIBRARY


def same(a: Any, b: Any) -> bool:
    """Whether two results are equal; sums of floats up to the order of adding."""
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float):
        return math.isclose(a, b, rel_tol=1e-9)
    return bool(a == b)


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    kept = run()
    elapsed = time.perf_counter() - start
    del kept
    return elapsed


def race(
    title: str,
    contestants: Sequence[Contestant],
    repeats: int,
    unit: str = "M/s",
    scale: float = 1e6,
) -> None:
    """Check that all agree, time them in turns and print a table.

    In each round every contestant runs once, and each round begins with another one. The last
    column divides the rate of the library with as many threads by that of the contestant.
    """
    say(f"\n### {title}\n")
    runs: list[int] = []
    for one in contestants:
        start = time.perf_counter()
        done = one.run()  # also compiles, imports and fills caches
        first = time.perf_counter() - start
        if not same(one.result(done), one.expected):
            raise SystemExit(f"{title}: {one.name} computes something else than the library")
        del done
        runs.append(min(3, repeats) if first > SLOW_S else repeats)
    times: list[list[float]] = [[] for _ in contestants]
    gc.collect()
    gc.disable()
    for turn in range(repeats):
        for k in range(len(contestants)):
            at = (k + turn) % len(contestants)
            if turn < runs[at]:
                times[at].append(_seconds(contestants[at].run))
    gc.enable()
    rates = [
        one.n / statistics.median(spent) for one, spent in zip(contestants, times, strict=True)
    ]
    ours = {
        one.threads: rate for one, rate in zip(contestants, rates, strict=True) if one.is_library
    }
    say(f"| contestant | threads | runs | median ms | min..max | {unit} | library is ahead by |")
    say("| --- | --: | --: | --: | --: | --: | --: |")
    for one, spent, rate in zip(contestants, times, rates, strict=True):
        ahead = (
            "" if one.is_library or one.threads not in ours else f"{ours[one.threads] / rate:.2f}x"
        )
        size = "" if one.n == contestants[0].n else f", {one.n:,} of them"
        say(
            f"| {one.name}{size} | {one.threads} | {len(spent)} | {_ms(statistics.median(spent))} "
            f"| {_ms(min(spent))}..{_ms(max(spent))} | {_short(rate / scale)} | {ahead} |"
        )


def lines(
    title: str,
    head: str,
    entries: Sequence[tuple[str, Callable[[], Any], Callable[[float], str]]],
    repeats: int,
) -> None:
    """Time calls that have no peer in the table; each brings the words for its last column."""
    say(f"\n### {title}\n")
    say(f"| call | runs | median ms | min..max | {head} |\n| --- | --: | --: | --: | --: |")
    for name, call, words in entries:
        count = 1
        while (first := _seconds(lambda call=call, count=count: _loop(call, count))) < 2e-3:
            count *= 8
        turns = min(3, repeats) if first > SLOW_S else repeats
        spent = [
            _seconds(lambda call=call, count=count: _loop(call, count)) / count
            for _ in range(turns)
        ]
        median = statistics.median(spent)
        say(
            f"| {name} | {turns} | {_ms(median)} | {_ms(min(spent))}..{_ms(max(spent))} "
            f"| {words(median)} |"
        )


def _loop(call: Callable[[], Any], count: int) -> None:
    for _ in range(count):
        call()


def _ms(seconds: float) -> str:
    return _short(seconds * 1e3)


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


# Calibration ------------------------------------------------------------------------------------


@numba.njit(parallel=True, fastmath=True, cache=False)
def _read(a: np.ndarray) -> float:
    total = 0.0
    for i in numba.prange(a.size):
        total += a[i]
    return total


@numba.njit(parallel=True, fastmath=True, cache=False)
def _fma(rounds: int, parts: int) -> float:
    total = 0.0
    for part in numba.prange(parts):
        x = np.full(512, 1e-3 * part)
        for _ in range(rounds):
            for i in range(512):
                x[i] = x[i] * 0.999999 + 1e-6
        total += x[0]
    return total


def _best_of(call: Callable[[], Any], turns: int = 7) -> float:
    call()
    return statistics.median(_seconds(call) for _ in range(turns))


def calibrate(label: str, threads: int) -> dict[str, float]:
    """Print what the machine gives at this moment: GB/s read and copied, GFLOP/s."""
    a = np.ones(1 << 26)
    b = np.zeros_like(a)
    out = {"memcpy": 2 * a.nbytes / _best_of(lambda: np.copyto(b, a)) / 1e9}
    for t in range(1, threads + 1):
        numba.set_num_threads(t)
        out[f"read, {t} thr"] = a.nbytes / _best_of(lambda: _read(a)) / 1e9
        out[f"FMA loop, {t} thr"] = (
            2 * 512 * 400_000 * t / _best_of(lambda t=t: _fma(400_000, t)) / 1e9
        )
    say(
        f"\nCalibration {label}: "
        + "; ".join(
            f"{name} {value:.1f} {'GFLOP/s' if 'FMA' in name else 'GB/s'}"
            for name, value in out.items()
        )
    )
    return out


def drift(before: dict[str, float], after: dict[str, float]) -> None:
    """Say how far the machine moved during the run."""
    worst = max(before, key=lambda name: abs(math.log(after[name] / before[name])))
    change = after[worst] / before[worst] - 1
    verdict = "Measure again before you believe a ratio." if abs(change) > 0.15 else ""
    say(f"\nThe calibration moved by {change:+.0%} at most ({worst}). {verdict}".rstrip())


def machine() -> str:
    """One line: processor, cores, memory, versions."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            text = file.read()
        model = next(
            x.partition(":")[2].strip() for x in text.splitlines() if x.startswith("model name")
        )
        flags = next(x for x in text.splitlines() if x.startswith("flags")).split()
        model += ", " + (
            "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"
        )
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load:.1f} at the start; "
        f"{platform.system()}, Python {platform.python_version()}"
    )
