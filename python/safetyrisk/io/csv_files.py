"""CSV and its relatives: encoding, delimiter, records.

The parser is the standard library's; pyarrow reads large files, where it cannot read otherwise.
All cells stay text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from .._errors import InputError
from .._faults import fault
from .headers import IssueArgs
from .rows import EXAMPLE, HEAD_ROWS, Body, Options, Raw, find_header, named, title_issues
from .sums import NO_DATA, SUBJECTS, TRIGGERS

__all__ = ["read_csv"]

# Files of at least so many bytes are read by pyarrow when it is there; the import costs more than
# the standard library needs for smaller ones. The result is the same.
_FAST_BYTES = 1 << 20

# 3.60924E+11: what a spreadsheet writes when a code was taken for a number.
_SHORTENED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{2,3}")
# The mark that write_csv puts before a text which a spreadsheet would run as a formula.
_MARKED = re.compile(r"'+[=+\-@\t\r]")


def read_csv(file: Path, options: Options, encoding: str | None, delimiter: str | None) -> Raw:
    """Read a CSV file; see :func:`safetyrisk.io.read_raw`."""
    raw = Raw({}, options.table, file.name)
    try:
        data = file.read_bytes() if options.most is None else _beginning(file, options.most)
    except OSError as error:
        raise fault("file.unreadable", file=file, reason=error) from None
    data = _as_utf8(data, file, encoding, raw.issues)
    if not data[:4096].strip() and not data.strip():  # the second copies the file
        raise fault("file.empty", file=file)
    nul = data.find(b"\0")
    if nul >= 0:
        raise fault("csv.nul", file=file, line=data.count(bytes([10]), 0, nul) + 1)
    if delimiter is None:
        delimiter = _guess_delimiter(data, options, file)
    elif len(delimiter) != 1:
        raise InputError(f"the delimiter is one character, not {delimiter!r}")

    _refuse_too_wide(data, delimiter, file)
    records = _records(data, delimiter, file)
    head = list(islice(records, HEAD_ROWS))
    header = find_header([cells for _, cells in head], options)
    raw.issues.extend(title_issues(head, header))
    below = header.first + header.height
    headers = list(header.names)
    # Not as wide as a wider row below: cells beyond the header are too many.
    headers = headers[: max(len(cells) for _, cells in head[header.first : below])]
    width = len(headers)

    if len(data) >= _FAST_BYTES and width > 1 and below < len(head):
        fast = _fast_csv(data, delimiter, head[below][0], width, file)
        if fast is not None and not _has_sums(fast, headers, options):
            raw.first_line = head[below][0]
            return _finish_fast(raw, headers, fast, options)

    body = Body(width, headers, options)
    for line, cells in chain(head[below:], records):
        body.add(line, cells)
    body.place(raw)
    columns = body.columns()
    empty = [not any(column) for column in columns]
    for name, values in named(raw, headers, columns, options, empty):
        raw.columns[name] = _clean_texts(raw, name, values, options)
    return raw


# Bytes that a row has at most, in most registers.
_ROW_BYTES = 4096


def _beginning(file: Path, rows: int) -> bytes:
    """Read whole lines, enough for so many rows, or the file if it is not larger."""
    wanted = max(rows * _ROW_BYTES, 1 << 20)
    with file.open("rb") as stream:
        data = stream.read(wanted)
        if len(data) < wanted or not stream.read(1):
            return data
    lines = data.split(b"\n", rows + 4 * HEAD_ROWS)
    return b"\n".join(lines[:-1]) + b"\n" if len(lines) > 1 else data


# No table has so many columns; a cell takes some 60 bytes when its line is read.
_MOST_CELLS = 100_000


def _refuse_too_wide(data: bytes, delimiter: str, file: Path) -> None:
    """Refuse lines so wide that their cells would take many times the memory of the file."""
    step = 1 << 20
    mark = delimiter.encode()
    start = 0
    while start < len(data):
        end = max(data.rfind(b, start, start + step) for b in (b"\n", b"\r")) + 1
        if end == 0:  # a line longer than that
            breaks = [at for b in (b"\n", b"\r") if (at := data.find(b, start)) >= 0]
            end = min(breaks, default=len(data)) + 1
            cells = data.count(mark, start, end) + 1
            if cells > _MOST_CELLS:
                line = max(data.count(b, 0, start) for b in (b"\n", b"\r")) + 1
                raise fault("csv.too_wide", file=file, line=line, cells=cells, most=_MOST_CELLS)
        start = end


# Stands after the last line; a quotation mark that is never closed swallows it.
_END = "\0"


def _records(
    data: bytes, delimiter: str, file: Path, *, part: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Read the records of a CSV file with the line each begins on.

    `part` allows the data to end inside a quoted cell.
    """
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    reader = csv.reader(chain(text, [_END]), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except csv.Error as error:
            if part:
                return
            raise fault("csv.record", file=file, line=line, reason=error) from None
        if cells == [_END]:
            return
        if cells and cells[-1].endswith(_END):
            if part:
                return
            raise fault("csv.quote", file=file, line=line)
        yield line, cells
        line = reader.line_num + 1


def _guess_delimiter(data: bytes, options: Options, file: Path) -> str:
    best, best_score = ",", (0, 0)
    end = 0
    for _ in range(HEAD_ROWS * 4):  # lines; a header may hold line breaks
        end = data.find(b"\n", end) + 1
        if end == 0:
            end = len(data)
            break
    start = data[: min(end, 1 << 16)].decode("utf-8", errors="ignore").encode()
    for delimiter in ",\t;":
        rows = [
            cells for _, cells in islice(_records(start, delimiter, file, part=True), HEAD_ROWS)
        ]
        header = find_header(rows, options)
        score = (header.hits, sum(map(bool, header.names)))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _as_utf8(data: bytes, file: Path, encoding: str | None, issues: list[IssueArgs]) -> bytes:
    """Turn a file into UTF-8 without byte order mark, and report what it was."""
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("﻿").encode()
        except LookupError:
            raise InputError(f"there is no encoding '{encoding}'") from None
        except UnicodeDecodeError as error:
            raise fault("csv.bytes", file=file, byte=error.start, encoding=encoding) from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            if len(data) - error.start > 3:
                raise fault("csv.bytes", file=file, byte=error.start, encoding="UTF-16") from None
            text = data[: error.start].decode("utf-16") + "�"
            issues.append(IssueArgs("io.cut_character", args=("UTF-16", str(error.start))))
        issues.append(IssueArgs("io.encoding", args=("UTF-16",)))
        return text.encode()

    body = data.removeprefix(codecs.BOM_UTF8)
    mark = len(data) - len(body)
    bad = _first_bad(body, "utf-8")
    if bad is None:
        return body
    if not mark:
        bad_gb = _first_bad(body, "gb18030")
        if bad_gb is None and not _is_damaged_utf8(body):
            issues.append(IssueArgs("io.encoding", args=("GB18030",)))
            return body.decode("gb18030").encode()
        cut_gb = bad_gb is not None and len(body) - bad_gb <= 3
        if bad_gb is not None and cut_gb and not _is_cut(body, bad) and not _is_damaged_utf8(body):
            issues.append(IssueArgs("io.encoding", args=("GB18030",)))
            issues.append(IssueArgs("io.cut_character", args=("GB18030", str(bad_gb))))
            return (body[:bad_gb].decode("gb18030") + "�").encode()
    if _is_cut(body, bad):
        issues.append(IssueArgs("io.cut_character", args=("UTF-8", str(bad + mark))))
        return body[:bad] + "�".encode()
    if mark or _is_damaged_utf8(body):
        text = body.decode("utf-8", errors="replace")
        line = body.count(b"\n", 0, bad) + 1
        where = (str(bad + mark), str(line))
        issues.append(IssueArgs("io.bad_bytes", line=line, args=("UTF-8", *where)))
        return text.encode()
    raise fault("csv.encoding", file=file, byte=bad)


def _first_bad(data: bytes, encoding: str) -> int | None:
    """Offset of the first byte that does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    step = 1 << 22
    try:
        for start in range(0, len(data), step):
            decoder.decode(data[start : start + step], final=start + step >= len(data))
    except UnicodeDecodeError:
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            return error.start
    return None


def _is_cut(data: bytes, bad: int) -> bool:
    """Whether UTF-8 ends inside a character, after text that shows it to be UTF-8."""
    if len(data) - bad > 3 or data[:bad].isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return "end of data" in error.reason
    return False


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether the data is UTF-8 with a few broken bytes.

    GB18030 decodes almost any bytes, so it would turn a whole damaged UTF-8 file into nonsense
    without complaint. In real GB18030 text hardly any character is well-formed UTF-8.
    """
    text = data.decode("utf-8", errors="replace")
    broken = text.count("�")
    good = sum(not c.isascii() for c in text) - broken
    return good > 10 * broken


def _clean_texts(raw: Raw, name: str, values: list[str], options: Options) -> list[str]:
    """Report shortened codes and take off the marks of write_csv."""
    # One search over the whole column is much faster than one per cell, and mostly finds nothing.
    whole = "\n".join(values)
    if options.type_of(name) == "text" and _SHORTENED.search(whole):
        raw.issues.extend(
            IssueArgs("io.digits_lost", row=row, column=name, value=value)
            for row, value in enumerate(values)
            if _SHORTENED.fullmatch(value.strip())
        )
    if _MARKED.search(whole):
        marked = [row for row, value in enumerate(values) if _MARKED.match(value)]
        for row in marked:
            values[row] = values[row][1:]
        if marked:
            raw.issues.append(IssueArgs("io.mark_removed", column=name, args=(str(len(marked)),)))
    return values


def _fast_csv(data: bytes, delimiter: str, first_line: int, width: int, file: Path) -> Any:
    """Read the rows from `first_line` on by pyarrow, all text; None if it might differ.

    It is asked only for what cannot differ: rows of one line each, each with all its cells.
    """
    try:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.csv as pacsv
    except ModuleNotFoundError:
        return None
    if data.count(b"\r") != data.count(b"\r\n") or EXAMPLE.encode() in data:
        return None
    start = 0
    for _ in range(first_line - 1):
        start = data.index(b"\n", start) + 1
    end = len(data)
    while end > start and data[end - 1] in b"\r\n":
        end -= 1
    lines = data.count(b"\n", start, end) + 1
    names = [str(i) for i in range(width)]
    try:
        table = pacsv.read_csv(
            pa.py_buffer(memoryview(data)[start:end]),
            pacsv.ReadOptions(column_names=names, block_size=1 << 22),
            pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != lines:
        return None
    try:  # only the last line can leave a quotation mark open
        list(_records(data[data.rfind(b"\n", start, end) + 1 : end], delimiter, file))
    except InputError:
        return None
    blank = None
    for column in table.columns:
        here = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank = here if blank is None else pc.and_(blank, here)
        if not pc.any(blank).as_py():
            return table
    return None


def _has_sums(table: Any, headers: Sequence[str], options: Options) -> bool:
    """Whether a row might be a total or a signature, so that every row has to be looked at."""
    import pyarrow.compute as pc

    body = Body(table.num_columns, headers, options)
    # Texts of few characters, or those that begin a row, are all that may say so.
    mask = None
    for name, column in zip(body.names, table.columns, strict=True):
        if name not in SUBJECTS and column is not table.columns[0]:
            continue
        for trigger in TRIGGERS:
            here = pc.match_substring(column, trigger)
            mask = here if mask is None else pc.or_(mask, here)
    blank = pc.equal(pc.utf8_trim_whitespace(table.columns[0]), "")
    mask = blank if mask is None else pc.or_(mask, blank)
    for row in table.filter(mask).to_pylist():
        body.add(1, list(row.values()))
    return any(issue.code in NO_DATA for issue in body.issues)


def _finish_fast(raw: Raw, headers: Sequence[str], table: Any, options: Options) -> Raw:
    import pyarrow.compute as pc

    empty = [
        not header.strip() and not pc.any(pc.not_equal(column, "")).as_py()
        for header, column in zip(headers, table.columns, strict=True)
    ]
    for name, column in named(raw, headers, table.columns, options, empty):
        # Quick questions first: most columns hold nothing that _clean_texts looks for.
        suspicious = pc.any(pc.starts_with(column, "'")).as_py()
        if options.type_of(name) == "text" and not suspicious:
            suspicious = pc.any(pc.match_substring(column, "E+", ignore_case=True)).as_py()
        if suspicious:
            raw.columns[name] = _clean_texts(raw, name, column.to_pylist(), options)
        else:
            raw.columns[name] = column
    return raw
