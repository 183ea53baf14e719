"""How alike tasks of two plans are: by pairs of characters that both have, rare ones counting more."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from .model import Task

__all__ = ["best_of", "likeness", "pairs"]

_NOISE = re.compile(
    r"[\W\d_]|进一步|切实|扎实|着力|全面|持续|深入|强化|加强|推进|开展|组织|落实|完成|安全|工作|管理"
)
_PLACES = re.compile(
    r"各?(?:县|市|区|乡|镇|省)[（(、][^）)]{1,8}[）)]|[（(][^（）()]{0,120}[）)]\s*$"
)
# Below it two tasks are not about the same.
_LEAST = 0.05


# Pairs of the title, of title and text, and what both weigh.
_Weighed = tuple[frozenset[str], frozenset[str], float, float]


def _grams(text: str) -> frozenset[str]:
    bare = _NOISE.sub("", text) or re.sub(r"\W", "", text)
    return frozenset(bare[i : i + 2] for i in range(max(len(bare) - 1, 1))) if bare else frozenset()


def _body(task: Task) -> str:
    """What a task says without its clause of units."""
    text = task.text
    for name in sorted({unit.name for unit in task.units}, key=len, reverse=True):
        text = text.replace(name, "")
    return _PLACES.sub("", text)


def likeness(old: Sequence[Task], new: Sequence[Task]) -> dict[tuple[int, int], float]:
    """Likeness of tasks, 0…1, by their places; pairs that share nearly nothing are left out.

    Half is how alike the titles are, half how much of the one's title and text the other has.
    """
    titles = [[_grams(task.title) for task in tasks] for tasks in (old, new)]
    whole = [
        [_grams(_body(task)) | title for task, title in zip(tasks, side, strict=True)]
        for tasks, side in zip((old, new), titles, strict=True)
    ]
    seen = Counter(gram for side in whole for grams in side for gram in grams)
    weight = {gram: 1.0 / math.sqrt(count) for gram, count in seen.items()}

    def heavy(grams: frozenset[str]) -> float:
        # In one order, so that the last digit does not hang on the order of a set.
        return math.fsum(weight[gram] for gram in sorted(grams))

    sums = [[(heavy(t), heavy(w)) for t, w in zip(*side, strict=True)]
            for side in zip(titles, whole, strict=True)]  # fmt: skip
    where: dict[str, list[int]] = {}
    for j, grams in enumerate(whole[1]):
        for gram in grams:
            where.setdefault(gram, []).append(j)
    out: dict[tuple[int, int], float] = {}
    for i, grams in enumerate(whole[0]):
        for j in sorted({j for gram in grams for j in where.get(gram, ())}):
            one = _score(
                (titles[0][i], grams, *sums[0][i]), (titles[1][j], whole[1][j], *sums[1][j]), heavy
            )
            if one >= _LEAST:
                out[i, j] = one
    return out


def _score(one: _Weighed, other: _Weighed, heavy: Callable[[frozenset[str]], float]) -> float:
    title, all_, title_sum, all_sum = one
    title2, all2, title_sum2, all_sum2 = other
    if title == title2:
        return 1.0
    if not (title_sum and title_sum2):
        return 0.0
    alike = 2 * heavy(title & title2) / (title_sum + title_sum2)
    # 锂电产业 in the one may be a sentence of the other.
    within = max(heavy(title & all2) / title_sum, heavy(title2 & all_) / title_sum2)
    text = 2 * heavy(all_ & all2) / (all_sum + all_sum2)
    held = heavy(all_ & all2) / min(all_sum, all_sum2)
    return round(0.3 * alike + 0.2 * within + 0.3 * text + 0.2 * held, 4)


def pairs(scores: dict[tuple[int, int], float], least: float) -> dict[int, int]:
    """Old to new, each once, most alike first; of equals the ones that stand first."""
    out: dict[int, int] = {}
    taken: set[int] = set()
    for (i, j), score in sorted(scores.items(), key=lambda row: (-row[1], row[0])):
        if score < least:
            break
        if i not in out and j not in taken:
            out[i] = j
            taken.add(j)
    return out


def best_of(scores: dict[tuple[int, int], float], i: int) -> list[tuple[float, int]]:
    """What is most like the `i`-th, best first."""
    return sorted(((-score, j) for (one, j), score in scores.items() if one == i))
