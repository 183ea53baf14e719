"""The one place where this room takes packs from the library."""

from __future__ import annotations

from .. import _core

__all__ = ["alias_pack", "palette_pack"]


def alias_pack() -> str:
    """Canonical JSON of the pack ``aliases.headers``."""
    return _canonical("aliases.headers")


def palette_pack() -> str:
    """Canonical JSON of the default palette."""
    return _canonical("palette.safe")


def _canonical(identity: str) -> str:
    text: str = next(pack.canonical for pack in _core.packs() if pack.id == identity)
    return text
