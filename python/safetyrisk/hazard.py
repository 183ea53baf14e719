"""The register of hazards (隐患台账): stock, flow, age, and who found what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from . import _core
from ._display import details, table_html
from ._result import MadeTable
from .core import Issues

__all__ = ["HazardTable", "Hazards"]

_HEADERS = {
    "hazard": "隐患", "earlier": "上次", "enterprise": "企业", "grade": "级别", "channel": "来源",
    "sector": "行业领域", "county": "县", "town": "乡镇", "city": "市", "province": "省",
    "village": "村", "open": "未销号", "overdue": "逾期", "stopped": "停产停业", "days_mean": "平均天数",
    "days_oldest": "最长天数", "to_30": "30 天内", "to_90": "31–90 天", "to_180": "91–180 天",
    "to_365": "181–365 天", "over_365": "一年以上", "period": "时期", "found": "新增", "closed": "销号",
    "self": "自查", "all": "全部", "channel_unknown": "来源不明", "rate": "自查率", "rate_low": "下限",
    "rate_high": "上限", "average": "平均", "below": "低于平均", "group": "组", "criterion": "判定依据",
    "found_on": "发现日", "found_by": "发现人", "responsible": "整改责任", "verified_by": "验收人",
    "closed_by": "销号人", "closed_on": "销号日", "days_open": "天数", "days": "间隔天数",
    "open_major_hazards": "未销号重大隐患",
}  # fmt: skip
_WORDS = {"general": "一般", "major": "重大", True: "是", False: "否"}


class HazardTable(MadeTable):
    """An answer of a :class:`Hazards`."""

    def _repr_html_(self) -> str:
        shown = 30
        rows = []
        for row in self._rows(shown):
            said = {
                name: _WORDS.get(value, value) if isinstance(value, str | bool) else value
                for name, value in row.items()
            }
            for name in ("rate", "rate_low", "rate_high", "average"):
                if isinstance(said.get(name), float):
                    said[name] = f"{said[name]:.1%}"
            if isinstance(said.get("days_mean"), float):
                said["days_mean"] = f"{said['days_mean']:.0f}"
            rows.append(said)
        table = table_html(rows, {name: _HEADERS.get(name, name) for name in self._made.names})
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        return details(f"{len(self)} 行", table, more)


class Hazards:
    """A register of hazards; made by :meth:`safetyrisk.ResponsibilityGraph.hazards`.

    A hazard is open on a day when it was found by then and not closed by then. Rows in = used +
    rejected: ``.issues`` names what was left out. The rules of the closing loop are RH-01 to RH-07
    of :meth:`safetyrisk.ResponsibilityGraph.check`.

    `by` of the methods lists groups: ``grade channel sector enterprise``, or the level of a region
    (``province city county town village``). A hazard of several sectors counts in each.
    """

    def __init__(self, register: _core.HazardRegister, issues: Issues) -> None:
        self._register = register
        self._issues = issues

    @property
    def issues(self) -> Issues:
        """What is wrong with rows of the register and of its events."""
        return self._issues

    def counts(self) -> dict[str, int]:
        """Rows in and used."""
        return {"rows_in": self._register.rows_in, "used": len(self._register)}

    def stock(self, on: str | dt.date, by: Sequence[str] = ()) -> HazardTable:
        """Open hazards on a day.

        Returns
        -------
        HazardTable
            The groups, ``open overdue stopped days_mean days_oldest to_30 to_90 to_180 to_365
            over_365`` (open for so many days).
        """
        return HazardTable(self._register.stock(str(on), list(by)), "hazard_stock")

    def flow(
        self,
        start: str | dt.date,
        end: str | dt.date,
        period: str = "month",
        by: Sequence[str] = (),
    ) -> HazardTable:
        """Found, closed and open by ``month``, ``quarter`` or ``year``."""
        return HazardTable(
            self._register.flow(str(start), str(end), period, list(by)), "hazard_flow"
        )

    def self_rate(
        self,
        start: str | dt.date,
        end: str | dt.date,
        grade: str | None = "major",
        by: Sequence[str] = (),
    ) -> HazardTable:
        """Share that enterprises found themselves (自查率), with Wilson's interval of 95 %.

        Hazards without a channel are in neither part of the share and are counted apart.
        ``below``: the interval lies below the average of all.
        """
        return HazardTable(
            self._register.self_rate(str(start), str(end), grade, list(by)), "hazard_self_rate"
        )

    def duplicates(self, days: int = 7) -> HazardTable:
        """Hazards that may be one, by enterprise, criterion and day. Nothing is merged."""
        return HazardTable(self._register.duplicates(days), "hazard_duplicates")

    def recurrences(self, months: int = 12) -> HazardTable:
        """Hazards that came back at the same enterprise after one was closed."""
        return HazardTable(self._register.recurrences(months), "hazard_recurrences")

    def backcheck(self, enterprise: str, on: str | dt.date) -> HazardTable:
        """Every hazard of an enterprise and who found, owned, verified and closed it (倒查).

        Raises
        ------
        NotFoundError
            The register has no hazard of that enterprise.
        """
        return HazardTable(self._register.backcheck(enterprise, str(on)), "hazard_backcheck")

    def open_major(self, on: str | dt.date) -> HazardTable:
        """Open 重大 hazards by enterprise: the column ``open_major_hazards`` that scoring takes."""
        return HazardTable(self._register.open_major(str(on)), "open_major_hazards")

    def __len__(self) -> int:
        return len(self._register)

    def __repr__(self) -> str:
        return (
            f"<safetyrisk hazards: {len(self)} of {self._register.rows_in} rows, "
            f"{len(self._issues)} issues>"
        )
