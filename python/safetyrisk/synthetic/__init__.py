"""Synthetic registers, an invented city, a county's invented duties: for examples and tests.

No enterprise, risk point or score made here is real: names begin with 示例, credit codes carry
the region 99, which GB/T 2260 assigns to nobody, and the places of towns inside a county are
drawn at random. What is like life is the shape of the data: the kinds of enterprises a county
lives on, how many risk points each has, which hazards they are, and a few grave ones among many
that are not.

The same arguments give the same bytes on every machine and with every version of Python and
NumPy: random numbers come from a counter (SplitMix64), each thing draws from a stream named
after it, and only additions, multiplications, divisions and comparisons touch coordinates.
"""

from __future__ import annotations

from .city import FictionalCity, fictional_city
from .county import FictionalCounty, fictional_county
from .defects import plant_defects
from .flaws import plant
from .kinds import KINDS
from .register import register
from .year import FictionalYear, fictional_year

__all__ = [
    "KINDS",
    "FictionalCity",
    "FictionalCounty",
    "FictionalYear",
    "fictional_city",
    "fictional_county",
    "fictional_year",
    "plant",
    "plant_defects",
    "register",
]
