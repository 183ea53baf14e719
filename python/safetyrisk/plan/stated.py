"""Deadlines, cadences and numbers of a task as lists, each with the words it is about."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .model import Plan, Task

__all__ = ["Stated", "again", "matched", "of_cadences", "stated", "unread_numbers"]

# What ends a clause, and a line or cell.
_STOPS = "，,、。；;：:（）()【】〔〕|｜│\n\t"
# What a clause says about every deadline, cadence or number, and so about none.
_COMMON = re.compile(
    r"前期|[之以]?前|底|末|完成|全面|基本|力争|确保|及时|按时|达到|以上|以下|不[少低]于|至少|不超过"
    r"|(?:整改|办结|落实|工作|办理)?[时期][限间](?:要求)?|[\d零一二两三四五六七八九十百千万]+(?=[次场])|[次场]|\d|\W"
)
# Clauses are about the same from here on.
_ALIKE = 0.5
# Longer lists are matched by equal words and by their order alone.
_MOST = 60
_NUMBER = re.compile(
    r"(?<![\d.第])(\d+(?:\.\d+)?)[ \u3000]*(%|％|万?(?:轮次|公里|[家个次场户处座所条项名人起辆艘]))"
)


# How many times, in the clause of a cadence.
_TIMES = re.compile(r"(\d{1,3}|[一二两三四五六七八九十])[ \u3000]*轮?[次场]")
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}


class Stated(NamedTuple):
    """One deadline, cadence or number of a task.

    Attributes
    ----------
    value
        What it says.
    words
        How it is shown.
    about
        The rest of its clause; empty where that says nothing of its own.
    """

    value: Any
    words: str
    about: str


def stated(text: str, span: Sequence[int], value: Any, words: str) -> Stated:
    """Give what stands at `span` of `text` with the words of its clause."""
    begin, end = span
    first, last = _clause(text, begin, end)
    about = _COMMON.sub("", text[first:begin] + text[end:last])
    if not about and text[last : last + 1] in ("，", ",") and not _says(text[end:last]):
        # 6月底前，建成平台.
        last = _clause(text, last + 1, last + 1)[1]
        about = _COMMON.sub("", text[end:last])
    elif not about and first > 0 and text[first - 1] in "，,":
        # 整治甲，6月底前完成.
        about = _COMMON.sub("", text[_clause(text, first - 1, first - 1)[0] : begin])
    return Stated(value, words, about)


def _says(text: str) -> bool:
    return bool(re.sub(r"[底末之以前\W]", "", text))


def _clause(text: str, begin: int, end: int) -> tuple[int, int]:
    first, last = begin, end
    while first > 0 and text[first - 1] not in _STOPS:
        first -= 1
    while last < len(text) and text[last] not in _STOPS:
        last += 1
    return first, last


def of_cadences(plan: Plan, task: Task) -> list[Mapping[str, Any]]:
    """Targets that say how many times in each period of a cadence (每季度至少2次)."""
    out: list[Mapping[str, Any]] = []
    for place in task.spans.get("frequencies", ()):
        for target in task.targets if place["op"] else ():
            between = plan.text[place["span"][0] : target["span"][1]]
            same = target["unit"] in ("次", "场") and float(target["value"]) == place["count"]
            if same and between and not any(stop in between for stop in "。；;\n"):
                out.append(target)
                break
    return out


def again(
    text: str, within: Sequence[int], span: Sequence[int], known: set[int]
) -> list[tuple[tuple[int, int], float]]:
    """Where else a task prints a day or a cadence, and how many times in each period."""
    words = text[span[0] : span[1]]
    out: list[tuple[tuple[int, int], float]] = []
    for found in re.finditer(
        rf"(?<![\d年]){re.escape(words)}(?![底末\d])", text[within[0] : within[1]]
    ):
        begin, end = (within[0] + at for at in found.span())
        if begin in known:
            continue
        times = _TIMES.search(text, end, _clause(text, begin, end)[1])
        count = 1 if times is None else _DIGITS.get(times[1]) or int(times[1])
        out.append(((begin, end), float(max(count, 1))))
    return out


def matched(
    old: Sequence[Stated], new: Sequence[Stated], same: Callable[[Stated, Stated], bool]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair two lists: by what they are about, else by value, else by order where as many are left.

    Returns
    -------
    Pairs of places, and the places of both that have no counterpart.
    """
    left, right = list(range(len(old))), list(range(len(new)))
    pairs: list[tuple[int, int]] = []

    def take(found: Iterable[tuple[int, int]]) -> None:
        for i, j in found:
            if i in left and j in right:
                left.remove(i)
                right.remove(j)
                pairs.append((i, j))

    if len(old) == len(new) == 1:
        return [(0, 0)], [], []
    where: dict[str, list[int]] = {}
    for j, one in enumerate(new):
        where.setdefault(one.about, []).append(j)
    alike = [
        (i, j) for i, one in enumerate(old) if one.about for j in where.get(one.about, ())[:_MOST]
    ]
    take(sorted(alike, key=lambda at: (not same(old[at[0]], new[at[1]]), at)))
    if max(len(left), len(right)) <= _MOST:
        rated = [(_likeness(old[i].about, new[j].about), i, j) for i in left for j in right]
        rated.sort(key=lambda row: (-row[0], not same(old[row[1]], new[row[2]]), row[1:]))
        take((i, j) for score, i, j in rated if score >= _ALIKE)
        # A clause without words of its own is known by its value.
        bare = [(i, j) for i in left for j in right if not (old[i].about and new[j].about)]
        take((i, j) for i, j in bare if same(old[i], new[j]))
    if len(left) == len(right):
        take(list(zip(left, right, strict=True)))
    return sorted(pairs), left, right


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if min(len(one), len(other)) > 1 and (one in other or other in one):
        return 1.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def unread_numbers(text: str, known: Iterable[str]) -> list[Stated]:
    """Numbers of things in a text that are part of no target and no cadence (对3家企业)."""
    covered = [range(at, at + len(words)) for words in known if (at := text.find(words)) >= 0]
    return [
        stated(text, found.span(), (float(found[1]), found[2]), found[0])
        for found in _NUMBER.finditer(text)
        if not any(found.start() in one or found.end() - 1 in one for one in covered)
        # How many times in each period is the cadence's.
        and not ("次" in found[2] and "每" in text[slice(*_clause(text, *found.span()))])
    ]
