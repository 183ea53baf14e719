"""Deadlines and cadences that a plan states under a label or in a column, and that were not read."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .model import Plan

__all__ = ["UnreadTime", "unread_times"]

_LABELS = (
    r"(?:(?:完成|整改|办结|落实|工作|办理)?时限(?:要求)?|(?:完成|整改|工作|时间)?期限|完成(?:时间|日期|节点)"
    r"|整改时间|截[止至]时间|截止日期|时间(?:节点|要求|进度)|进度要求|(?:工作|检查)?频次)"
)
_LABELLED = re.compile(
    rf"(?<![\u4e00-\u9fff]){_LABELS}[ \u3000]*(?:[】\]〕][ \u3000]*[：:]?|[：:])[ \u3000]*"
    r"([^\n\t；;。()（）【】〔〕|｜│]+)"
)
# Where the next label of the same clause begins.
_NEXT = re.compile(r"[，,、 \u3000]+[\u4e00-\u9fff]{2,8}[：:]|[ \u3000]{2,}")
_COLUMN = re.compile(rf".{{0,4}}{_LABELS}|时间")
_WORD = re.compile(r"[时期][限间]|频次|[日节][期点]|进度")
_PARTINGS = tuple(map(re.compile, (r"\t", r"[|｜│]", r" {2,}|\u3000+", r"[ \u3000]+")))
_NOTHING = re.compile(r"[\W_]*(?:无|同上)?[\W_]*")
_ONGOING = re.compile(
    r"(?:长期|持续|常态化?|经常性?|日常|贯穿全年)(?:性|坚持|推进|开展|抓好|落实|执行|实施|进行|工作)*"
)
# Without a label: 推进宣传教育，长期坚持。
_WITHOUT_LABEL = re.compile(
    r"(?<=[，,；;（(。])[ \u3000]*"
    r"((?:要|并)?(?:长期(?:坚持|推进|开展)|持续推进|常态化(?:推进|开展)|全年推进|贯穿全年))"
    r"(?=[ \u3000]*(?:[）)。；;\n]|$))"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})月(?:(\d{1,2})日|底|末)")


class UnreadTime(NamedTuple):
    """What stands where a deadline or a cadence should.

    Attributes
    ----------
    task
        Place of the task.
    span
        Code points of the text.
    text
        The words.
    ongoing
        Whether it says that there is no end (长期坚持).
    """

    task: int
    span: tuple[int, int]
    text: str
    ongoing: bool


def unread_times(plan: Plan) -> list[UnreadTime]:
    """Give what stands where a deadline or a cadence should and was read as neither."""
    if not plan.tasks:
        return []
    read = sorted(
        {(place["span"][0], place["span"][1])
         for task in plan.tasks
         for name in ("deadlines", "frequencies")
         for place in task.spans.get(name, ())}
        | {(one["span"][0], one["span"][1]) for task in plan.tasks for one in task.targets}
    )  # fmt: skip
    begins = [begin for begin, _ in read]
    tasks = sorted((task.span, i) for i, task in enumerate(plan.tasks))
    starts = [span[0] for span, _ in tasks]
    out: list[UnreadTime] = []
    last = 0
    # Of one begin the longer first; what lies in one that is told is not told again.
    stated = {*_labelled(plan.text), *_cells(plan.text), *_impossible(plan)}
    for begin, end in sorted(stated, key=lambda span: (span[0], -span[1])):
        text = plan.text[begin:end].strip()
        at = bisect_left(begins, end) - 1
        if _NOTHING.fullmatch(text) or (at >= 0 and read[at][1] > begin):
            continue
        k = bisect_right(starts, begin) - 1
        if begin < last or k < 0 or tasks[k][0][1] < begin:
            continue
        ongoing = bool(_ONGOING.fullmatch(re.sub(r"\s", "", text)))
        out.append(UnreadTime(tasks[k][1], (begin, end), text, ongoing))
        last = end
    return out


def _labelled(text: str) -> Iterator[tuple[int, int]]:
    for found in _LABELLED.finditer(text):
        begin, end = found.span(1)
        cut = _NEXT.search(text, begin, end)
        yield begin, cut.start() if cut else end
    for found in _WITHOUT_LABEL.finditer(text):
        yield found.span(1)


def _cells(text: str) -> Iterator[tuple[int, int]]:
    """Cells of columns of deadlines and cadences."""
    # How many columns the table has, and which are asked, by what may part them.
    tables: dict[re.Pattern[str], tuple[int, list[int]]] = {}
    at = 0
    for line in text.split("\n"):
        heads = _heads(line) if _WORD.search(line) else {}
        if heads:
            tables = heads
        elif tables:
            rows = {one: _parts(line, one) for one in tables}
            for one, (count, asked) in tables.items():
                if len(rows[one]) == count:
                    yield from ((at + rows[one][i][0], at + rows[one][i][1]) for i in asked)
                    break
            else:
                if all(len(parts) < 2 for parts in rows.values()):
                    tables = {}
        at += len(line) + 1


def _heads(line: str) -> dict[re.Pattern[str], tuple[int, list[int]]]:
    out = {}
    for one in _PARTINGS:
        parts = _parts(line, one)
        heads = [re.sub(r"[\s：:]", "", line[a:b]) for a, b in parts]
        asked = [i for i, head in enumerate(heads) if _COLUMN.fullmatch(head)]
        if len(parts) > 1 and asked:
            out[one] = (len(parts), asked)
    return out


def _parts(line: str, parting: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = [0, *(edge for found in parting.finditer(line) for edge in found.span()), len(line)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _impossible(plan: Plan) -> Iterator[tuple[int, int]]:
    """Days that no calendar has (2月30日)."""
    for found in _DAY.finditer(plan.text):
        month, day = int(found[1]), int(found[2] or 1)
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(plan.year or 2000, month)[1]:
            yield found.span()
