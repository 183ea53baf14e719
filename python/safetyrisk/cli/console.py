"""How every command speaks, shows its progress and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .._core import parse_date
from .._extras import need
from .._faults import fault
from ..core import Issues
from .texts import LEVELS, STEPS, TEXTS


class IssuesError(Exception):
    """Done, with issues that count as failure."""


def _console(stderr: bool) -> Any:
    class Console(need("rich.console", extra="cli").Console):  # type: ignore[misc]
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Console(stderr=stderr, soft_wrap=True)


def say(text: str) -> None:
    """Print on standard error: what is wrong, and what to mind."""
    _console(stderr=True).print(text, markup=False, highlight=False)


def tell(text: str = "") -> None:
    """Print on standard output: what was asked for."""
    _console(stderr=False).print(text, markup=False, highlight=False)


class Bar:
    """Shows the step of a job and the rows that are done of it."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, rows="")

    def __call__(self, name: str, done: int, total: int) -> None:
        """Show the step `name`, of which `done` of `total` are done."""
        head, _, rest = name.partition(" ")
        self._bar.update(
            self._task,
            description=f"{STEPS.get(head, head)} {rest}".strip(),
            completed=done,
            total=total,
            rows="",
        )

    def rows(self, done: int, total: int) -> None:
        """Show rows done and rows in all."""
        self._bar.update(self._task, rows=f"{done:,} / {total:,} 行")


@contextmanager
def progress(quiet: bool) -> Iterator[Bar]:
    """A progress bar on standard error while a job runs; none where nobody looks at it."""
    rich = need("rich.progress", extra="cli")
    console = _console(stderr=True)
    with rich.Progress(
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("{task.fields[rows]}"),
        rich.TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    ) as bar:
        yield Bar(bar)


def check_options(lang: str, fail_on: str = "never") -> None:
    """Refuse options that would be found wrong only when the work is done."""
    if lang not in TEXTS:
        raise fault("option.value", name="--lang", value=lang, known=list(TEXTS))
    if fail_on not in (*LEVELS, "never"):
        raise fault("option.value", name="--fail-on", value=fail_on, known=[*LEVELS, "never"])


def check_day(name: str, text: str | None) -> None:
    """Refuse what is no day, under the name that the option has."""
    if text is not None and parse_date(text) is None:
        raise fault("date.malformed", name=name, text=repr(text))


def room(*outputs: Path) -> None:
    """Refuse files in folders that are not there, before the work is done."""
    for path in outputs:
        if not path.parent.exists():
            raise fault("output.folder", file=path, folder=path.parent)


def counted(counts: Mapping[str, int], lang: str, *, colours: bool = False) -> str:
    """One line of the rows in, graded, not gradable and rejected."""
    texts = TEXTS[lang]
    plain = counts.get("without_colour", 0)
    more = texts["plain"].format(plain) if plain else ""
    by_colour = texts["colours"].format(**counts, more=more) if colours else ""
    return texts["counts"].format(**counts, colours=by_colour)


def finish(issues: Issues, fail_on: str, lang: str) -> None:
    """Print what was wrong, and fail when it counts."""
    texts = TEXTS[lang]
    shown = [texts[level].format(n) for level in LEVELS if (n := issues.count(level))]
    if shown:
        say(texts["issues"].format(texts["comma"].join(shown)))
        spoken = issues.in_language(lang)
        first: dict[str, int] = {}
        for index in range(len(spoken)):
            first.setdefault(spoken.code(index), index)
        for code, count in issues.counts().items():
            issue = spoken[first[code]]
            place = "" if issue.line is None else texts["line"].format(issue.source, issue.line)
            say(f"  {code}  {count}  {texts['first'].format(place + issue.message)}")
    if fail_on == "never":
        return
    if any(issues.count(level) for level in LEVELS[: LEVELS.index(fail_on) + 1]):
        raise IssuesError
