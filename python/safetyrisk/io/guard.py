"""Workbooks that are made to burst: what they would become, before a parser sees them.

A workbook is a ZIP file of XML. Ten megabytes can unpack to ten gigabytes; two cells can span a
sheet of 16 384 by 1 048 576, which the parser lays out in full; one long text can be named by a
million cells. So the parts are unpacked once in pieces, counted and thrown away, and a workbook
beyond a limit is refused with the name of the limit. Entities of XML are not expanded by the
parser, so they cannot multiply. `.xlsb` and `.ods` are held to the first limit, `.ods` to the
second as well.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .._errors import InputError
from .._faults import fault
from .sizes import parse_size, print_size

if TYPE_CHECKING:
    import zipfile  # slow to import, so at run time only where it is used

__all__ = ["Limits", "check_workbook", "workbook_size"]

_PIECE = 1 << 20
# A piece is cut where its last tag begins; no tag of a workbook is longer than this.
_TAG = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What a workbook may become; :meth:`current` reads the environment.

    Attributes
    ----------
    unpacked
        Bytes of all parts together. ``SAFETYRISK_XLSX_UNPACKED``, default 2 GiB.
    cells
        Rows times columns of one sheet, up to its last cells with a value.
        ``SAFETYRISK_XLSX_CELLS``, default 64 000 000.
    texts
        Bytes of the texts of one sheet, a shared text counted in every cell that names it.
        ``SAFETYRISK_XLSX_TEXTS``, default 2 GiB.
    """

    unpacked: int = 2 << 30
    cells: int = 64_000_000
    texts: int = 2 << 30

    @classmethod
    def current(cls) -> Limits:
        """Limits of the environment, the defaults where it says nothing."""
        told = {}
        for name in ("unpacked", "cells", "texts"):
            variable = f"SAFETYRISK_XLSX_{name.upper()}"
            if text := os.environ.get(variable):
                try:
                    told[name] = parse_size(text)
                except InputError as error:
                    raise InputError(f"{variable}: {error}") from None
        return cls(**told)


def check_workbook(file: Path) -> None:
    """Refuse a workbook that would become larger than the limits allow.

    Raises
    ------
    InputError
        It would; the message names the limit and the variable that raises it.
    """
    _scan(file, Limits.current())


def workbook_size(file: Path) -> tuple[int, int, int]:
    """Rows and columns of the largest sheet of a workbook, and bytes of its parts unpacked.

    Raises
    ------
    InputError
        As `check_workbook`.
    """
    found = _scan(file, Limits.current())
    rows, columns = max(found.sheets, key=lambda size: size[0] * size[1], default=(0, 0))
    return rows, columns, found.unpacked


@dataclass
class _Found:
    unpacked: int
    sheets: list[tuple[int, int]]


def _scan(file: Path, limits: Limits) -> _Found:
    import zipfile

    found = _Found(0, [])
    try:
        with zipfile.ZipFile(file) as book, file.open("rb") as stream:
            _Scanner(file, book, stream, limits, found).all()
    except (zipfile.BadZipFile, struct.error, OSError, NotImplementedError):
        return found  # no ZIP file, or a broken one: the parser says what is wrong
    return found


class _Scanner:
    """Goes through the parts of one workbook."""

    def __init__(
        self,
        file: Path,
        book: zipfile.ZipFile,
        stream: BinaryIO,
        limits: Limits,
        found: _Found,
    ) -> None:
        self._file, self._book, self._stream = file, book, stream
        self._limits, self._found = limits, found

    def all(self) -> None:
        """Scan every part, then weigh the sheets."""
        parts = self._book.infolist()
        if sum(part.file_size for part in parts) > self._limits.unpacked:
            self._too_much("unpacked", "its parts unpack to more than")
        sheets: list[tuple[zipfile.ZipInfo, _Sheet]] = []
        texts = _Texts()
        for part in parts:
            name = part.filename.lower().lstrip("/")
            seen: _Sheet | _Texts | _Ods
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                seen = _Sheet()
                sheets.append((part, seen))
            elif name.endswith("sharedstrings.xml"):
                seen = texts
            elif name == "content.xml":
                seen = _Ods()
            else:
                for _ in self._unpacked(part, count=True):
                    pass
                continue
            for piece in self._tags(part, count=True):
                seen.add(piece)
            if isinstance(seen, _Ods) and seen.span() > self._limits.cells:
                self._too_much("cells", "a sheet spans more cells than")
        for part, sheet in sheets:
            self._weigh(part, sheet, texts)
            self._found.sheets.append(sheet.size())

    def _weigh(self, part: zipfile.ZipInfo, sheet: _Sheet, texts: _Texts) -> None:
        most = self._limits
        if sheet.span() > most.cells:
            exact = _Exact()
            for piece in self._tags(part):
                exact.add(piece)
            if exact.span() > most.cells:
                self._too_much("cells", "a sheet spans more cells than")
        if sheet.merged > most.cells:
            self._too_much("cells", "the merged cells of a sheet span more than")
        if sheet.shared * texts.longest > most.texts:
            lengths, total = texts.lengths, 0
            for piece in self._tags(part):
                for number in _SHARED.findall(piece):
                    if int(number) < len(lengths):
                        total += lengths[int(number)]
                if total > most.texts:
                    self._too_much("texts", "the texts of a sheet's cells have more bytes than")

    def _too_much(self, limit: str, what: str) -> None:
        value = getattr(self._limits, limit)
        shown = str(value) if limit == "cells" else print_size(value)
        raise fault(
            "book.too_large",
            file=self._file,
            what=what,
            limit=limit,
            shown=shown,
            variable=f"SAFETYRISK_XLSX_{limit.upper()}",
        )

    def _tags(self, part: zipfile.ZipInfo, *, count: bool = False) -> Iterator[bytes]:
        """Bytes of a part in pieces that cut no tag in two."""
        rest = b""
        for piece in self._unpacked(part, count):
            piece = rest + piece
            cut = piece.rfind(b"<")
            if cut < 0 or piece.find(b">", cut) >= 0:
                cut = len(piece)
            rest = piece[cut:]
            if len(rest) > _TAG or b"\0" in piece[:64]:
                reason = f"{part.filename[:100]}: no XML in UTF-8"
                raise fault("book.unreadable", file=self._file, reason=reason)
            yield piece[:cut]
        yield rest

    def _unpacked(self, part: zipfile.ZipInfo, count: bool) -> Iterator[bytes]:
        """Bytes of a part as they are, whatever the directory says of their number."""
        stream = self._stream
        stream.seek(part.header_offset)
        head = stream.read(30)
        name, extra = struct.unpack("<HH", head[26:30])
        stream.seek(part.header_offset + 30 + name + extra)
        packed = zlib.decompressobj(-15) if part.compress_type == 8 else None
        left = part.compress_size
        while left > 0 and not (packed is not None and packed.eof):
            data = stream.read(min(left, _PIECE))
            if not data:
                return
            left -= len(data)
            if packed is None:
                self._count(len(data) if count else 0)
                yield data
                continue
            while data:
                try:
                    piece = packed.decompress(data, _PIECE)
                except zlib.error:
                    return  # the parser says what is wrong
                data = packed.unconsumed_tail
                self._count(len(piece) if count else 0)
                yield piece

    def _count(self, size: int) -> None:
        self._found.unpacked += size
        if self._found.unpacked > self._limits.unpacked:
            self._too_much("unpacked", "its parts unpack to more than")


# The usual way to write a cell; what else may be one is counted, and looked at closely only then.
_CELL = b'<c r="'
_MAYBE = (b"<c ", b"<c>", b"<c/", b":c ", b":c>", b":c/", b"<c\n", b":c\n", b"<c\t", b":c\t",
          b"<c\r", b":c\r")  # fmt: skip
_LETTERS = [re.compile(rb'<c r="[A-Za-z]{%d}' % n) for n in range(1, 5)]
_COLUMNS = (0, 26, 702, 16_384, 1 << 40)
_DIGITS = [re.compile(rb'<c r="[A-Za-z]+[0-9]{%d}' % n) for n in range(1, 9)]
_ANY_CELL = re.compile(rb"<(?:\w+:)?(?:(row)|c)((?:\s[^<>]*?)?)(/?)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)([0-9]{1,12})[\"']")
_MERGED = re.compile(
    rb"mergeCell\s[^<>]*?ref=[\"']([A-Za-z]{1,7})([0-9]{1,9}):([A-Za-z]{1,7})([0-9]{1,9})"
)
_SHARED = re.compile(rb"\bt=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s+ref=\"[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})\"")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _Sheet:
    """A sheet's span from above, by how many letters and digits its cells are named with."""

    def __init__(self) -> None:
        self._letters = self._digits = 0
        self._all_named = True
        self._rows = self._cells = 0
        self._dimension: tuple[int, int] | None = None
        self.merged = 0
        self.shared = 0

    def add(self, piece: bytes) -> None:
        """Look at a piece."""
        named = piece.count(_CELL)
        every = sum(piece.count(start) for start in _MAYBE)
        self._all_named &= named == every
        self._cells += every
        self._rows += piece.count(b"<row")
        self.shared += piece.count(b't="s"') + piece.count(b"t='s'")
        while self._letters < 4 and _LETTERS[self._letters].search(piece):
            self._letters += 1
        while self._digits < 8 and _DIGITS[self._digits].search(piece):
            self._digits += 1
        if self._dimension is None and (found := _DIMENSION.search(piece)):
            self._dimension = (int(found[2]), _column(found[1]))
        if b"mergeCell " in piece:
            for left, top, right, bottom in _MERGED.findall(piece):
                self.merged += abs(int(bottom) - int(top)) + abs(_column(right) - _column(left)) + 1

    def span(self) -> int:
        """Rows times columns at most."""
        if not self._all_named:
            return 1 << 62
        return _COLUMNS[self._letters] * int(10**self._digits - 1)

    def size(self) -> tuple[int, int]:
        """Rows and columns as the sheet says, or as its cells suggest."""
        suggested = (self._rows, -(-self._cells // max(self._rows, 1)))
        if self._dimension is None or self._dimension[0] > 2 * self._rows + 1000:
            return suggested
        return self._dimension


class _Exact:
    """A sheet's span by all its cells."""

    def __init__(self) -> None:
        self._bottom = self._right = 0
        self._row = self._column = 0

    def add(self, piece: bytes) -> None:
        """Look at a piece."""
        for is_row, attributes, is_closed in _ANY_CELL.findall(piece):
            place = _PLACE.search(attributes) if attributes else None
            if is_row:
                self._row = int(place[2]) if place and not place[1] else self._row + 1
                self._column = 0
                continue
            row, self._column = self._row, self._column + 1
            if place and place[1]:
                row, self._column = int(place[2]), _column(place[1])
            if not is_closed:  # an empty cell spans nothing
                self._bottom = max(self._bottom, row)
                self._right = max(self._right, self._column)

    def span(self) -> int:
        """Rows times columns."""
        return self._bottom * self._right


class _Texts:
    """Lengths of the shared texts."""

    def __init__(self) -> None:
        self._lengths = [0]

    def add(self, piece: bytes) -> None:
        """Look at a piece."""
        first, *rest = re.split(rb"<(?:\w+:)?si\b", piece)
        self._lengths[-1] += len(first)
        self._lengths.extend(map(len, rest))

    @property
    def lengths(self) -> list[int]:
        """Bytes of each text, at most."""
        return self._lengths[1:]

    @property
    def longest(self) -> int:
        """The largest of them."""
        return max(self._lengths[1:], default=0)


_ODS_ROW = re.compile(rb"<table:table-row\b([^<>]*)>")
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*?)(/?)>")
_ODS_ROWS = re.compile(rb"number-rows-repeated=\"(\d{1,12})\"")
_ODS_COLUMNS = re.compile(rb"number-columns-repeated=\"(\d{1,12})\"")


class _Ods:
    """Span of the sheets of an OpenDocument file: rows and cells may be repeated by number."""

    def __init__(self) -> None:
        self._times = 1
        self._rows = self._columns = self._widest = 0

    def add(self, piece: bytes) -> None:
        """Look at a piece."""
        marks = [(m.start(), m) for m in _ODS_ROW.finditer(piece)]
        marks += [(m.start(), m) for m in _ODS_CELL.finditer(piece)]
        for _, mark in sorted(marks, key=lambda pair: pair[0]):
            if mark.re is _ODS_ROW:
                times = _ODS_ROWS.search(mark[1])
                self._times, self._columns = int(times[1]) if times else 1, 0
                continue
            times = _ODS_COLUMNS.search(mark[1])
            self._columns += int(times[1]) if times else 1
            if not mark[2]:  # it has a text
                self._rows += self._times
                self._times = 0
                self._widest = max(self._widest, self._columns)

    def span(self) -> int:
        """Rows with a text times the columns of the widest."""
        return self._rows * self._widest
