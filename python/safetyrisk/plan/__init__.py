"""Official work plans (工作要点、实施方案、任务分解): who does what in which role, by when, how often."""

from __future__ import annotations

from .checking import PlanFindings, check
from .comparing import Changes, Coverage, compare, cover
from .duties import DutyList, duty_list
from .model import Plan, Task, Unit, parse_plan
from .owing import PlanDuties

__all__ = [
    "Changes", "Coverage", "DutyList", "Plan", "PlanDuties", "PlanFindings", "Task", "Unit", "check", "compare",
    "cover", "duty_list", "parse_plan",
]  # fmt: skip
