"""Work safety made computable: risks graded 红橙黄蓝, explained, rolled up and mapped.

>>> import safetyrisk as sr
>>> g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, method="lec")
>>> g.counts()["orange"]
1
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

from . import _start, core, region, scoring  # noqa: F401  (_start before all else)
from ._api import (
    compare,
    explain,
    grade,
    major_hazard,
    map,  # noqa: A004  (the name that the user types is sr.map)
    read_plan,
    regrade,
)
from ._core import __version__
from ._divisions import Divisions
from ._saving import save, save_errors, template
from .core import (
    Error,
    Grade,
    InputError,
    Issue,
    Issues,
    NotFoundError,
    Pack,
    load_pack,
    packs,
)
from .region import RollUp, convert
from .scoring import Explanation, Graded, Level, MajorHazards, methods

if TYPE_CHECKING:
    from . import duty, graph, hazard, io, mcda, plan, render
    from ._audit import Audit, audit
    from ._beyond_change import counterfactual, sensitivity
    from ._beyond_doubt import disagreement, uncertain
    from ._beyond_several import combine, current
    from ._regrade import Regraded
    from ._responsibility import ResponsibilityGraph, read_hazards
    from ._verify import Verification, verify
    from .graph import Dissolve, Merge, MoveSector, Split, Vacate
    from .io.compare import Comparison
    from .plan import Plan, parse_plan
    from .render import Map, palettes

__all__ = [
    "Audit",
    "Comparison",
    "Dissolve",
    "Divisions",
    "Error",
    "Explanation",
    "Grade",
    "Graded",
    "InputError",
    "Issue",
    "Issues",
    "Level",
    "MajorHazards",
    "Map",
    "Merge",
    "MoveSector",
    "NotFoundError",
    "Pack",
    "Plan",
    "Regraded",
    "ResponsibilityGraph",
    "RollUp",
    "Split",
    "Vacate",
    "Verification",
    "__version__",
    "audit",
    "combine",
    "compare",
    "convert",
    "core",
    "counterfactual",
    "current",
    "disagreement",
    "duty",
    "explain",
    "grade",
    "graph",
    "hazard",
    "io",
    "load_pack",
    "major_hazard",
    "map",
    "mcda",
    "methods",
    "packs",
    "palettes",
    "parse_plan",
    "plan",
    "read_hazards",
    "read_plan",
    "region",
    "regrade",
    "render",
    "save",
    "save_errors",
    "scoring",
    "sensitivity",
    "template",
    "uncertain",
    "verify",
]

logging.getLogger("safetyrisk").addHandler(logging.NullHandler())

# Rooms that few sessions need at once are imported when first asked for.
_LAZY = {
    "Audit": "_audit",
    "Verification": "_verify",
    "Regraded": "_regrade",
    "audit": "_audit",
    "verify": "_verify",
    "duty": "duty",
    "graph": "graph",
    "hazard": "hazard",
    "Dissolve": "graph",
    "Merge": "graph",
    "MoveSector": "graph",
    "ResponsibilityGraph": "_responsibility",
    "read_hazards": "_responsibility",
    "Split": "graph",
    "Vacate": "graph",
    "combine": "_beyond_several",
    "counterfactual": "_beyond_change",
    "current": "_beyond_several",
    "disagreement": "_beyond_doubt",
    "sensitivity": "_beyond_change",
    "io": "io",
    "mcda": "mcda",
    "render": "render",
    "Comparison": "io.compare",
    "Map": "render",
    "Plan": "plan",
    "palettes": "render",
    "parse_plan": "plan",
    "plan": "plan",
    "uncertain": "_beyond_doubt",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'safetyrisk' has no attribute {name!r}")
    module = importlib.import_module(f".{_LAZY[name]}", __name__)
    return module if name == _LAZY[name] else getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
