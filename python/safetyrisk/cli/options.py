"""What stands behind options of more than one command."""

from __future__ import annotations

from typing import Any

from .._faults import fault
from ..core import load_pack
from ..scoring import Method
from ..scoring import method as find_method


class Common:
    """Arguments and options that commands share, made by a typer that is imported late."""

    def __init__(self, typer: Any) -> None:
        self.register = typer.Argument(metavar="IN", help="登记表：CSV、XLSX、Parquet 或 SQLite。")
        self.column = typer.Option("--column", help="列名对应，如 name=风险点；可重复。")
        self.fail_on = typer.Option(
            "--fail-on", help="达到该级别的问题时返回 1：error warning info never。"
        )
        self.lang = typer.Option("--lang", help="语言：zh 或 en。")


def method_of(name: str | None) -> str | Method | None:
    """A method by name, or from a pack file of the user's."""
    if name is not None and name.endswith(".json"):
        return find_method(load_pack(name))
    return name


def columns_of(pairs: list[str] | None) -> dict[str, str]:
    """Columns from texts such as ``name=风险点``."""
    out = {}
    for pair in pairs or ():
        ours, mark, theirs = pair.partition("=")
        if not mark or not ours or not theirs:
            raise fault("option.column", pair=pair)
        out[ours] = theirs
    return out


def weights_of(texts: list[str] | None) -> dict[str, float]:
    """Weights of the rule index from texts such as ``red=10``."""
    out: dict[str, float] = {}
    for text in texts or ():
        colour, _, number = text.partition("=")
        try:
            out[colour.strip()] = float(number)
        except ValueError:
            raise fault("option.weight", text=text) from None
    return out


def thresholds_of(rule: str, texts: list[str] | None) -> list[dict[str, Any]]:
    """Thresholds from texts: ``orange:red=1,orange=3`` for count, ``orange=50`` for index."""
    out: list[dict[str, Any]] = []
    for text in texts or ():
        if rule == "index":
            grade, _, least = text.partition("=")
            try:
                out.append({"grade": grade.strip(), "index": float(least)})
            except ValueError:
                raise fault("option.threshold", text=text) from None
            continue
        grade, mark, rest = text.partition(":")
        pairs = [pair.partition("=") for pair in rest.split(",")]
        if not mark or not all(name and number.isdigit() for name, _, number in pairs):
            raise fault("option.threshold", text=text)
        out.append({"grade": grade.strip()} | {n.strip(): int(v) for n, _, v in pairs})
    return out


def is_number(text: str) -> bool:
    """Whether `text` is a number as Python reads it."""
    try:
        float(text)
    except ValueError:
        return False
    return True
