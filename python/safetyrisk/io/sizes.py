"""Sizes of memory and files, as people write them."""

from __future__ import annotations

import re

from .._faults import fault

__all__ = ["parse_size", "print_size"]

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
          "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}  # fmt: skip
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


def parse_size(value: str | int) -> int:
    """Bytes of a size: a number, or a text with ``B KB MB GB TB`` or ``KiB MiB GiB TiB``.

    Raises
    ------
    InputError
        It is no size, or none above zero.

    Examples
    --------
    >>> parse_size("4 GiB"), parse_size("1.5MB"), parse_size(1000)
    (4294967296, 1500000, 1000)
    """
    found = _SIZE.fullmatch(str(value))
    if found is None or found[2].upper() not in _UNITS:
        raise fault("option.size", value=value)
    size = int(float(found[1]) * _UNITS[found[2].upper()])
    if size < 1:
        raise fault("option.zero", value=value)
    return size


def print_size(size: float) -> str:
    """Write a size with three digits and a unit.

    Examples
    --------
    >>> print_size(4 * 2**30), print_size(1536), print_size(12)
    ('4.00 GiB', '1.50 KiB', '12 B')
    """
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= factor:
            return (
                f"{size / factor:.3g} {unit}"
                if size >= 10 * factor
                else f"{size / factor:.2f} {unit}"
            )
    return f"{size:.0f} B"
