"""Work safety made computable: risks graded 红橙黄蓝, explained, rolled up and mapped.

>>> import safetyrisk as sr
>>> g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, method="lec")
>>> g.counts()["orange"]
1
"""

from __future__ import annotations

import logging

from . import core, io, region, render, scoring
from ._api import Divisions, grade, map  # noqa: A004  (the name that the user types is sr.map)
from ._core import __version__
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
from .render import Map, palettes
from .scoring import Explanation, Graded, methods

__all__ = [
    "Divisions",
    "Error",
    "Explanation",
    "Grade",
    "Graded",
    "InputError",
    "Issue",
    "Issues",
    "Map",
    "NotFoundError",
    "Pack",
    "RollUp",
    "__version__",
    "convert",
    "core",
    "grade",
    "io",
    "load_pack",
    "map",
    "methods",
    "packs",
    "palettes",
    "region",
    "render",
    "scoring",
]

logging.getLogger("safetyrisk").addHandler(logging.NullHandler())
