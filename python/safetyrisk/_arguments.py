"""Arguments of calls: what is none of what was asked for is refused in one short sentence."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence

from ._core import parse_date
from ._faults import fault

__all__ = ["amount", "day", "expect", "expect_threads", "texts", "whole"]


def expect(name: str, value: object, *kinds: type, optional: bool = False) -> None:
    """Refuse an argument of a wrong type with one short sentence.

    Raises
    ------
    InputError
        `value` is of none of these types (a bool is no int).

    Examples
    --------
    >>> expect("level", 5, str)
    Traceback (most recent call last):
    safetyrisk.InputError: level is 5 (int); it is str
    """
    if (optional and value is None) or (
        isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)
    ):
        return
    names = [kind.__name__ for kind in kinds] + ["None"] * optional
    chinese = "、".join(dict.fromkeys(_TYPE_WORDS.get(name, name) for name in names))
    raise fault(
        "argument.type",
        name=name,
        value=_shown(value),
        kind=type(value).__name__,
        wanted=(" or ".join(names), chinese),
    )


_TYPE_WORDS = {
    "str": "文字", "PathLike": "路径", "int": "整数", "float": "小数", "bool": "True 或 False",
    "Mapping": "字典", "None": "None", "Sequence": "列表", "Pack": "规则包", "Plan": "工作计划",
    "Change": "变动（Dissolve、Merge、Split、MoveSector、Vacate）", "DutyGraph": "责任图谱",
}  # fmt: skip


def _shown(value: object) -> str:
    """What was given, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def day(value: object, name: str) -> str | None:
    """A day as ``YYYY-MM-DD``, from a text, a date, a datetime or a datetime64; None stays None.

    Raises
    ------
    InputError
        It is none.

    Examples
    --------
    >>> import datetime, numpy
    >>> day(datetime.date(2026, 6, 30), "on"), day(numpy.datetime64("2026-06-30T08"), "on")
    ('2026-06-30', '2026-06-30')
    """
    if value is None:
        return None
    text = value
    if isinstance(value, dt.date):
        text = value.isoformat()[:10]
    elif type(value).__name__ == "datetime64":
        text = str(value)[:10]
    if not isinstance(text, str):
        raise fault("argument.day", name=name, value=_shown(value))
    found = parse_date(text)
    if found is None:
        raise fault("date.malformed", name=name, text=repr(text))
    return found


def whole(value: object, name: str, least: int = 0) -> int | None:
    """A whole number of any integer type, or None; InputError for anything else."""
    if value is None:
        return None
    number = getattr(value, "item", lambda: value)() if not isinstance(value, int) else value
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise fault("argument.count", name=name, value=_shown(value), least=least)
    return number


def amount(value: object, name: str) -> float | None:
    """A number that is not negative, or None; InputError for anything else."""
    if value is None:
        return None
    number = getattr(value, "item", lambda: value)()
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float)
        or not 0 <= number < math.inf
    ):
        raise fault("argument.amount", name=name, value=_shown(value))
    return float(number)


def texts(value: object, name: str, *, one: bool = True) -> list[str]:
    """A list of texts; one text is a list of one, where `one` allows it."""
    if isinstance(value, str):
        if not one:
            raise fault("argument.one_text", name=name)
        return [value]
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        expect(name, value, Sequence)
    listed = [*value]  # type: ignore[misc]
    for item in listed:
        expect(name, item, str)
    return [str(item) for item in listed]


def expect_threads(threads: object) -> None:
    """Refuse a number of threads that is none.

    Raises
    ------
    InputError
        It is no whole number from 0 to 4096.
    """
    expect("threads", threads, int)
    if not 0 <= threads <= 4096:  # type: ignore[operator]
        raise fault("argument.threads", value=threads)
