"""The exceptions that the library raises on purpose; the compiled core raises the same classes."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["Error", "InputError", "NotFoundError"]


class Error(Exception):
    """Base of every exception safetyrisk raises on purpose.

    Attributes
    ----------
    code
        Stable code ``area.what`` of those that the command line can meet, else empty.
    values
        What the sentence names.
    """

    code: str = ""
    values: Mapping[str, object] = {}

    def in_language(self, lang: str) -> str:
        """Give the sentence in ``"zh"`` or ``"en"``; English where there is only that."""
        if lang == "en":
            return str(self)
        from ._core_faults import recognise
        from ._faults import sentence

        if not self.code:
            return recognise(str(self))[1] or str(self)
        return sentence(self.code, self.values, lang)


class InputError(Error, ValueError):
    """The call is wrong; the message says what, its value and the rule."""


class NotFoundError(Error, KeyError):
    """The thing asked for is not there; the message says where it was sought."""

    def __str__(self) -> str:
        # KeyError prints the repr of its argument; these messages are sentences.
        return Exception.__str__(self)


for _one in (Error, InputError, NotFoundError):
    _one.__module__ = "safetyrisk"
