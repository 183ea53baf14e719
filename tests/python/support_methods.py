"""A second, slow evaluator of method packs: exact fractions, one row at a time, from the JSON alone.

It shares nothing with the library, so that the two can be held against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

Value = Fraction | str | None
Pack = Mapping[str, Any]


class NotGradableError(Exception):
    """Something that is needed is missing, or no rule holds."""


class RejectedError(Exception):
    """An input that cannot be."""


@dataclass
class Outcome:
    """What a method says of one row."""

    status: str = "graded"
    score: float | None = None
    label: str | None = None
    grade: str | None = None
    override: str | None = None
    values: dict[str, Value] = field(default_factory=dict)


def exact(value: Any) -> Fraction:
    """The fraction that the shortest decimal of a number says."""
    return Fraction(Decimal(repr(value) if isinstance(value, float) else str(value)))


def in_range(text: str, x: Fraction) -> bool:
    low, high = (part.strip() for part in text[1:-1].split(","))
    above = low == "-inf" or (x >= exact(low) if text[0] == "[" else x > exact(low))
    below = high == "inf" or (x <= exact(high) if text[-1] == "]" else x < exact(high))
    return above and below


def read_input(item: Pack, raw: Any) -> Value:
    """One cell as its input reads it."""
    if raw is None:
        if item.get("needed", True):
            raise NotGradableError(item["id"])
        return None
    kind = item["kind"]
    if kind == "choice":
        for choice in item["choices"]:
            if raw in (choice["id"], choice["zh"], choice["en"], *choice.get("also", [])):
                return str(choice["id"])
        raise RejectedError(item["id"])
    if kind == "flag":
        if not isinstance(raw, bool):
            raise RejectedError(item["id"])
        return Fraction(int(raw))
    x = exact(raw)
    if kind == "steps" and x not in [exact(step["value"]) for step in item["steps"]]:
        raise RejectedError(item["id"])
    if kind == "count" and (x < 0 or x.denominator != 1):
        raise RejectedError(item["id"])
    if kind == "number":
        places = item.get("decimals")
        if not in_range(item["range"], x) or (places is not None and (x * 10**places) % 1 != 0):
            raise RejectedError(item["id"])
    return x


def constant(value: Any) -> Value:
    return value if isinstance(value, str) else exact(value)


class Row:
    """The values of one row while the steps are taken."""

    def __init__(self, values: dict[str, Value], optional: set[str], content: Pack) -> None:
        self.values = values
        self.optional = optional
        self.steps = {
            step["id"]: step for part in ("inputs", "steps") for step in content.get(part, [])
        }

    def need(self, name: str) -> Any:
        value = self.values[name]
        if value is None:
            raise NotGradableError(name)
        return value

    def holds(self, condition: list[Any]) -> bool:
        name, operator, right = condition
        left = self.values[name]
        if left is None:
            if name in self.optional:
                return False
            raise NotGradableError(name)
        if operator == "in":
            return left in [constant(one) for one in right]
        if isinstance(right, dict):
            other: Any = self.need(right["of"])
        elif isinstance(right, bool):
            other = Fraction(int(right))
        else:
            other = constant(right)
        compare: dict[str, Callable[[Any, Any], bool]] = {
            "=": lambda a, b: a == b,
            "!=": lambda a, b: a != b,
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
        }
        return bool(compare[operator](left, other))

    # ---- the closed set of steps -----------------------------------------------------------------

    def scale(self, step: Pack) -> Value:
        x = self.need(step["of"])
        hits = [
            row for row in step["rows"]
            if (x in row["is"] if "is" in row else in_range(row["range"], x))
        ]  # fmt: skip
        assert len(hits) == 1, (step["id"], x)
        return constant(hits[0]["value"])

    def product(self, step: Pack) -> Value:
        out = Fraction(1)
        for name in step["of"]:
            out *= self.need(name)
        return out

    def best(self, step: Pack) -> Value:
        filled: list[Any] = [v for v in (self.values[name] for name in step["of"]) if v is not None]
        best = max if step["do"] == "largest" else min
        # A value that none of them can pass does not wait for the others.
        if len(filled) < step.get("at_least_filled", 1) and (
            not filled or best(filled) != best(self.reach(name, best) for name in step["of"])
        ):
            raise NotGradableError(step["id"])
        return best(filled)

    def reach(self, name: str, best: Callable[..., Any]) -> Fraction:
        """The most (least) that an input on steps, or a step that looks a value up, can be."""
        step = self.steps[name]
        if step.get("kind") == "steps":
            return Fraction(best(exact(one["value"]) for one in step["steps"]))
        if step["do"] == "table":
            return Fraction(best(exact(cell) for row in step["cells"] for cell in row))
        return Fraction(best(exact(row["value"]) for row in step["rows"]))

    def sum(self, step: Pack) -> Value:
        out = Fraction(0)
        for term in step["of"]:
            name, weight = (term, 1) if isinstance(term, str) else (term["step"], term["weight"])
            out += self.need(name) * exact(weight)
        out /= exact(step.get("divide_by", 1))
        rounding: dict[str, Callable[[Fraction], int]] = {
            "up": math.ceil, "down": math.floor, "half_up": lambda x: math.floor(x + Fraction(1, 2)),
        }  # fmt: skip
        if "round" in step:
            out = Fraction(rounding[step["round"]](out))
        if "at_least" in step:
            out = max(out, exact(step["at_least"]))
        if "at_most" in step:
            out = min(out, exact(step["at_most"]))
        return out

    def table(self, step: Pack) -> Value:
        row = step["row_keys"].index(self.need(step["rows"]))
        column = step["column_keys"].index(self.need(step["columns"]))
        return constant(step["cells"][row][column])

    def points(self, item: Pack) -> Fraction:
        value = self.need(item["input"])
        if isinstance(item["points"], dict):
            by_word = item["points"].get("is", item["points"])
            return exact(by_word.get(value, 0))
        return exact(item["points"]) * value

    def checklist(self, step: Pack) -> Value:
        out = exact(step["points"])
        for item in step["items"]:
            out += self.points(item)
        out = max(out, exact(step["floor"])) if "floor" in step else out
        out = min(out, exact(step["ceiling"])) if "ceiling" in step else out
        for item in step.get("bonuses", []):
            out += self.points(item)
        return out

    def count(self, step: Pack) -> Value:
        flags = [self.values[name] for name in step["of"]]
        hits = sum(1 for flag in flags if flag == 1)
        if None in flags and not ("enough" in step and hits >= step["enough"]):
            raise NotGradableError(step["id"])
        return Fraction(hits)

    def first(self, step: Pack) -> Value:
        for rule in step["rules"]:
            if all(self.holds(condition) for condition in rule["when"]):
                return constant(rule["value"])
        if "else" not in step:
            raise NotGradableError(step["id"])
        return constant(step["else"])

    def ratio(self, step: Pack) -> Value:
        over, under = Fraction(1), Fraction(1)
        for name in step["over"]:
            over *= self.need(name)
        for name in step["under"]:
            under *= self.need(name)
        if under == 0:
            raise RejectedError(step["id"])
        return over / under * exact(step.get("times", 1))

    def take(self, step: Pack) -> Value:
        name = "best" if step["do"] in ("largest", "smallest") else step["do"]
        out: Value = getattr(self, name)(step)
        return out


def product_inputs(content: Pack, given: Mapping[str, Any]) -> dict[str, Value]:
    """Factors of a product; by parts the worst of those filled in."""
    out: dict[str, Value] = {}
    for factor in content["factors"]:
        names = [factor["id"], *(part["id"] for part in factor.get("parts", []))]
        filled = [exact(given[name]) for name in names if given.get(name) is not None]
        if not filled:
            raise NotGradableError(factor["id"])
        for x in filled:
            if "steps" in factor:
                fits = x in [exact(step["value"]) for step in factor["steps"]]
            else:
                fits = in_range(factor["range"], x) and (x * 10 ** factor["decimals"]) % 1 == 0
            if not fits:
                raise RejectedError(factor["id"])
        out[factor["id"]] = max(filled)
    return out


def read_inputs(content: Pack, given: Mapping[str, Any]) -> tuple[dict[str, Value], bool]:
    """Values by name, and whether all that is needed is there."""
    if content["form"] == "product":
        return product_inputs(content, given), True
    values: dict[str, Value] = {}
    complete = True
    for item in content["inputs"]:
        try:
            values[item["id"]] = read_input(item, given.get(item["id"]))
        except NotGradableError:
            values[item["id"]] = None
            complete = False
    return values, complete


def veto_of(content: Pack, row: Row) -> Pack | None:
    """The first veto that holds; one whose input is missing does not."""
    for veto in content.get("vetoes", []):
        try:
            if all(row.holds(condition) for condition in veto["when"]):
                return dict(veto)
        except NotGradableError:
            continue
    return None


def score_of(content: Pack, row: Row) -> tuple[Any, Pack | None]:
    """The result of the steps and its band."""
    if content["form"] == "product":
        answer = row.product({"of": list(row.values)})
    else:
        for step in content["steps"]:
            try:
                row.values[step["id"]] = row.take(step)
            except NotGradableError:
                row.values[step["id"]] = None
        answer = row.need(content["result"])
    hits = [
        band for band in content.get("bands", [])
        if (answer in band["is"] if "is" in band else in_range(band["range"], answer))
    ]  # fmt: skip
    if "bands" in content:
        assert len(hits) == 1, answer
    return answer, hits[0] if hits else None


def run(content: Pack, given: Mapping[str, Any]) -> Outcome:
    values, complete = read_inputs(content, given)
    optional = {item["id"] for item in content.get("inputs", []) if not item.get("needed", True)}
    row = Row(values, optional, content)
    veto = veto_of(content, row)
    out = Outcome(values=values)
    try:
        # Rules and vetoes may stop before what is missing; the other steps ask for it themselves.
        by_rule = any(step["do"] == "first" for step in content.get("steps", []))
        if not complete and (by_rule or content.get("vetoes")):
            raise NotGradableError
        answer, band = score_of(content, row)
    except NotGradableError:
        if veto is None:
            raise
        band = None  # a veto decides without a score
    else:
        if "score" in content and isinstance(answer, Fraction):
            out.score = float(answer)
    if veto is not None:
        (band,) = [one for one in content["bands"] if one["label"] == veto["label"]]
        out.override = veto["id"]
    if band is not None:
        out.label, out.grade = band["label"], band.get("grade")
    return out


def evaluate(pack: Pack, given: Mapping[str, Any]) -> Outcome:
    """Grades one row by the pack's JSON."""
    try:
        return run(pack["content"], given)
    except NotGradableError:
        return Outcome("not_gradable")
    except RejectedError:
        return Outcome("rejected")
