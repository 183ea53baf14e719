"""Official work plans (工作要点、实施方案、任务分解): who does what in which role, by when, how often."""

from __future__ import annotations

from .checking import PlanFindings, check
from .comparing import compare
from .model import Plan, Task, Unit, parse_plan

__all__ = ["Plan", "PlanFindings", "Task", "Unit", "check", "compare", "parse_plan"]
