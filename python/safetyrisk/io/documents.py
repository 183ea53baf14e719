"""Text of documents as people send them: .txt, .docx, .pdf, .html.

A table becomes one line for each row, cells parted by tabs, its head first. What a document leaves
to the program that shows it is written out: numbers of lists, merged cells, lines that a page
broke. Nothing is fetched and nothing is run: links stay unvisited, and a document with macros is
refused.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import _core
from .._arguments import expect
from .._errors import InputError
from .._extras import need
from .._faults import fault
from ._docx import docx_text
from ._grid import cell_text, table_lines
from .sizes import parse_size, print_size

__all__ = ["Document", "read_document"]

_SUFFIXES = {".txt": "txt", ".docx": "docx", ".pdf": "pdf", ".html": "html", ".htm": "html"}
# What must be saved as something else first.
_FOREIGN = {".doc", ".wps", ".ofd", ".docm", ".dot", ".rtf", ".odt", ".et"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
#: Memory and seconds of processor that a PDF is read within; ``SAFETYRISK_PDF_MEMORY`` and
#: ``SAFETYRISK_PDF_SECONDS`` set them otherwise.
_PDF_MEMORY = 512 << 20
_PDF_SECONDS = 20
#: Bytes that the parts of a .docx may unpack to; ``SAFETYRISK_DOCX_UNPACKED`` sets it otherwise.
_UNPACKED = 256 << 20
# As much of it may be XML: 16 MiB, a thousand pages.
_TREE = 16


@dataclass(frozen=True)
class Document:
    """Text of a document.

    Attributes
    ----------
    text
        The whole text; of .txt exactly what it holds, without a byte order mark.
    kind
        ``txt docx pdf html``.
    encoding
        ``utf-8 utf-16 gb18030``; empty where the format says it itself.
    source
        Name of the file, empty for bytes.
    issues
        What was done to the text, and what could not be read.
    """

    text: str
    kind: str
    encoding: str = ""
    source: str = ""
    issues: _core.IssueTable = field(default_factory=_core.IssueTable)


def read_document(source: str | os.PathLike[str] | bytes) -> Document:
    """Read the text of a document.

    Parameters
    ----------
    source
        A path with one of the endings ``.txt .docx .pdf .html .htm``, or the bytes of such a file.

    Raises
    ------
    InputError
        The file cannot be read, is encrypted, has no text, has macros, unpacks to too much, or is
        of another kind; the message says what to do. Or an extra is not installed.
    """
    expect("path_or_bytes", source, str, os.PathLike, bytes)
    if isinstance(source, bytes):
        return _read("(bytes)", "", source)
    if isinstance(source, str) and "\n" in source:
        raise fault("document.pasted")
    path = Path(source)
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES and suffix not in _FOREIGN:
        raise fault("document.suffix", file=path, suffix=path.suffix, known=list(_SUFFIXES))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None
    if suffix in _FOREIGN:
        raise fault("document.convert", file=path, what=suffix)
    return _read(path.name, suffix, data)


def _read(name: str, suffix: str, data: bytes) -> Document:
    if not data.strip():
        raise fault("file.empty", file=name)
    kind = _kind(name, data)
    named = _SUFFIXES.get(suffix, kind)
    if kind == "txt" and named in ("docx", "pdf") and b"\0" in data[:4096]:
        raise fault("document.unreadable", file=name, reason="it begins as no such document does")
    if kind != named and not (kind == "txt" and named == "html"):
        # A page that was saved under the name of a document is no document.
        if not (kind == "html" and named == "txt"):
            words = {"txt": ("text", "纯文本"), "pdf": "PDF", "docx": "Word", "html": "HTML"}
            raise fault("file.kind", file=name, suffix=suffix, what=words[kind])
        kind = "txt"
    issues = _core.IssueTable()
    encoding = ""
    if named == "txt":
        text, encoding = _decoded(name, data)
    elif named == "html":
        page, encoding = _decoded(name, data)
        text = _html_text(name, page)
    elif named == "pdf":
        text = _pdf_text(name, data, issues)
    else:
        text = _docx(name, data, issues)
    if not text.strip():
        raise fault("document.no_text", file=name)
    return Document(text, named, encoding, "" if not suffix else name, issues)


def _kind(name: str, data: bytes) -> str:
    """What bytes are by how they begin."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data[: 1 << 20] or _ENCRYPTED in data[-(1 << 20) :]:
            raise fault("document.encrypted", file=name)
        raise fault("document.convert", file=name, what=".doc / .wps")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_PICTURES):
        raise fault("document.picture", file=name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if data.startswith(b"{\\rtf"):
        raise fault("document.convert", file=name, what=".rtf")
    return "html" if _HTML.match(data[:4096].removeprefix(codecs.BOM_UTF8)) else "txt"


def _decoded(name: str, data: bytes) -> tuple[str, str]:
    """Text of bytes: UTF-8 where it fits, else what Chinese systems write."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return data.decode("utf-16", errors="replace"), "utf-16"
    unmarked = _utf16(data)
    if unmarked is not None:
        return unmarked, "utf-16"
    if (at := data.find(b"\0")) >= 0:
        raise fault("csv.nul", file=name, line=data.count(b"\n", 0, at) + 1)
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        first = error
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        pass
    # Text that is cut off or damaged in a few places is not another encoding: the parser counts
    # what could not be read.
    text = data.decode("utf-8-sig", errors="replace")
    if text.count("\ufffd") * 20 < len(text):
        return text, "utf-8"
    # Nearly any bytes are GB18030 of a sort, so what is damaged must still read as a plan does.
    text = data.decode("gb18030", errors="replace")
    if sum(map(_is_usual, text)) * 10 >= len(text) * 9:
        return text, "gb18030"
    raise fault("document.encoding", file=name, byte=first.start)


def _utf16(data: bytes) -> str | None:
    """Text of UTF-16 without a mark: nearly all of it is Chinese or ASCII then, and else never."""
    if len(data) < 20:
        return None
    probe = data[: min(len(data), 4096) & ~1]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = probe.decode(encoding, errors="replace")
        if sum(map(_is_usual, text)) * 10 >= len(text) * 9 and any(c >= "\u4e00" for c in text):
            return data.decode(encoding, errors="replace")
    return None


def _is_usual(c: str) -> bool:
    return (
        "\u4e00" <= c <= "\u9fff"
        or "\u3000" <= c <= "\u303f"
        or "\uff01" <= c <= "\uff5e"
        or " " <= c <= "~"
        or c in "\r\n\t“”‘’—…·"
    )


# ---- .docx -------------------------------------------------------------------------------------


def _docx(name: str, data: bytes, issues: _core.IssueTable) -> str:
    import zipfile

    limit = parse_size(os.environ.get("SAFETYRISK_DOCX_UNPACKED", "") or _UNPACKED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            there = parts.infolist()
            names = {part.filename for part in there}
            # No reader below takes more of a part than the directory says. Parts of XML become
            # trees that are some twenty times as large.
            trees = (part.file_size for part in there if part.filename.endswith((".xml", ".rels")))
            if sum(part.file_size for part in there) > limit or sum(trees) > limit // _TREE:
                raise fault("document.too_large", file=name, shown=print_size(limit),
                            variable="SAFETYRISK_DOCX_UNPACKED")  # fmt: skip
            if any(part.flag_bits & 1 for part in there):
                raise fault("document.encrypted", file=name)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise fault("document.unreadable", file=name, reason=str(error)) from None
    if "OFD.xml" in names:
        raise fault("document.convert", file=name, what=".ofd")
    if not any(part.startswith("word/") for part in names):
        what = "XLSX" if "xl/workbook.xml" in names else "ZIP"
        raise fault("file.kind", file=name, suffix=".docx", what=what)
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise fault("document.macros", file=name)
    docx = need("docx", extra="docs")
    try:
        document = docx.Document(io.BytesIO(data))
        text, links = docx_text(document)
    except Exception as error:  # python-docx passes on what zipfile, lxml and its own code raise
        if "macroEnabled" in str(error):
            raise fault("document.macros", file=name) from None
        raise fault("document.unreadable", file=name, reason=_short(error)) from None
    if links:
        issues.add("plan.links_not_followed", source=name, value=str(links))
    return text


def _short(error: BaseException) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 120 else words[:119] + "…"


# ---- .pdf --------------------------------------------------------------------------------------

_PAGE_NUMBER = re.compile(
    r"[\s\-—–－─·•.]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[\s\-—–－─·•.]*"
)
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|"
    r"\d{1,3}\s*[.．、)）]|[①-⑳●•○◆◇■□▲△★☆▪▫※►▶◎]|第[一二三四五六七八九十百\d]{1,4}[章节条]|附件|抄送|主送)"
)
_ENDS = "。！!？?：:"
# A label at the end of a line: what stands under it is in the next.
_LABEL_LAST = re.compile(r"[；;。，,（(【\[][\u4e00-\u9fff]{2,8}[：:]$")
# As much of a page's width its text takes at least where lines are broken by the margin.
_FILLED = 0.6
# Half-width characters that a full line of a document has at least.
_FULL = 50


def _pdf_text(name: str, data: bytes, issues: _core.IssueTable) -> str:
    need("pypdfium2", extra="docs")
    found = _pdf_pages(name, data)
    pages: list[list[Any]] = found["pages"]
    if found["kind"] == "encrypted":
        raise fault("document.encrypted", file=name)
    empty: list[int] = []
    removed = _furniture(pages)
    for number, lines in enumerate(pages, 1):
        for end in (0, -1):
            if lines and isinstance(lines[end], str) and _PAGE_NUMBER.fullmatch(lines[end]):
                del lines[end]
                removed += 1
        if not lines:
            empty.append(number)
    if not any(pages) and found["error"]:
        raise fault("document.unreadable", file=name, reason=found["error"])
    if not any(pages):
        raise fault("document.scanned", file=name)
    for number in empty:
        issues.add("plan.page_without_text", source=name, value=str(number))
    lines = _one_table(pages)
    # Lines that end far from the margin were broken by nobody but the writer.
    if found.get("filled", 1) < _FILLED:
        text, joined = "\n".join(lines) + "\n", 0
    else:
        text, joined = _paragraphs(lines)
    if joined or removed:
        issues.add("plan.page_lines", source=name, value=str(joined), args=[str(removed)])
    return text


def _bare(line: str) -> str:
    return re.sub(r"\d+", "0", line).replace(" ", "")


def _furniture(pages: Sequence[list[Any]]) -> int:
    """Take away what stands at the top or foot of most pages; give how many lines that were."""
    removed = 0
    for end in (0, -1):
        for _ in range(2):
            lines = [page[end] for page in pages if page and isinstance(page[end], str)]
            same = Counter(map(_bare, lines))
            if not same:
                break
            line, count = same.most_common(1)[0]
            # An item or a heading may come twice by chance.
            if count < 2 or count * 10 < len(pages) * 6 or _NUMBERED.match(line):
                break
            for page in pages:
                if page and isinstance(page[end], str) and _bare(page[end]) == line:
                    del page[end]
                    removed += 1
    return removed


def _pdf_pages(name: str, data: bytes) -> dict[str, Any]:
    """What the pages hold, read by an interpreter of its own within bounds."""
    memory = parse_size(os.environ.get("SAFETYRISK_PDF_MEMORY", "") or _PDF_MEMORY)
    given = os.environ.get("SAFETYRISK_PDF_SECONDS", "") or str(_PDF_SECONDS)
    if not given.isdecimal() or int(given) < 1:
        raise fault("argument.count", name="SAFETYRISK_PDF_SECONDS", value=given, least=1)
    seconds = int(given)
    if not sys.executable:  # pragma: no cover  # Python within another program
        return _pdf_pages_here(data)
    head = json.dumps({"path": sys.path, "memory": memory, "seconds": seconds})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).with_name("_pdf_pages.py"))],
            input=head.encode() + b"\n" + data, capture_output=True, check=False,
            # Waiting for a core and reading the disk are no work.
            timeout=5 * seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise fault("document.too_slow", file=name, seconds=seconds) from None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        found = {"pages": [], "kind": "memory" if b"MemoryError" in done.stderr else "crash"}
    killed = -done.returncode
    if killed in (getattr(signal, "SIGXCPU", -1), getattr(signal, "SIGKILL", -1)):
        raise fault("document.too_slow", file=name, seconds=seconds)
    # pdfium ends the process where it gets no memory.
    ended = {getattr(signal, one, -1) for one in ("SIGABRT", "SIGILL", "SIGTRAP")}
    if found["kind"] == "memory" or killed in ended:
        raise fault("document.too_large", file=name, shown=print_size(memory),
                    variable="SAFETYRISK_PDF_MEMORY")  # fmt: skip
    if done.returncode != 0 or found["kind"] == "crash":
        raise fault("document.unreadable", file=name, reason="its reader ended")
    return found


def _pdf_pages_here(data: bytes) -> dict[str, Any]:
    from ._pdf_pages import pages_of

    return pages_of(data)


def _one_table(pages: Sequence[Sequence[Any]]) -> list[str]:
    """Lines of all pages; a table that a page broke is one."""
    entries: list[Any] = []
    for page in pages:
        for i, one in enumerate(page):
            if isinstance(one, str):
                entries.append(one)
                continue
            rows = [[None if cell is None else cell_text(cell) for cell in row] for row in one]
            before = entries[-1] if i == 0 and entries else None
            if not isinstance(before, list) or len(before[0]) != len(rows[0]):
                entries.append(rows)
                continue
            # The head is repeated; a row without its number is the end of the last one.
            heads = 0
            while heads < min(len(rows), len(before)) and rows[heads] == before[heads]:
                heads += 1
            rows = rows[heads:]
            numbered = "序" in (before[0][0] or "")
            if rows and numbered and not rows[0][0] and before[-1][0]:
                last = before[-1]
                for k, cell in enumerate(rows[0]):
                    if cell and last[k] is not None and cell != last[k]:
                        last[k] += cell
                del rows[0]
            before.extend(rows)
    lines: list[str] = []
    for one in entries:
        lines.extend([one] if isinstance(one, str) else table_lines(one))
    return lines


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def _is_open(text: str) -> bool:
    """Whether a bracket is open at the end."""
    tail = text[-400:]
    return max(tail.rfind("("), tail.rfind("（")) > max(tail.rfind(")"), tail.rfind("）"))


def _paragraphs(lines: Sequence[str]) -> tuple[str, int]:
    """Put together again what the right margin broke; give the text and how often."""
    # Rows of tables have tabs and are as wide as they are.
    widths = sorted(_width(line) for line in lines if "\t" not in line)
    full = widths[len(widths) * 9 // 10] * 0.86 if widths else 0
    if len(widths) < len(lines):  # of a page with a table perhaps no line is full
        full = max(full, _FULL)
    out: list[str] = []
    joined = 0
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else ""
        goes_on = (
            i > 0
            and "\t" not in before + line
            and _width(before) >= full
            and (before[-1] not in _ENDS or _is_open(out[-1]) or _LABEL_LAST.search(before))
            and not _NUMBERED.match(line)
        )
        if not goes_on:
            out.append(line)
            continue
        joined += 1
        # Latin words need the blank that the line end was.
        gap = " " if before[-1].isascii() and before[-1].isalpha() and line[:1].isascii() else ""
        out[-1] += gap + line.lstrip()
    return "\n".join(out) + "\n", joined


# ---- .html -------------------------------------------------------------------------------------

_HIDDEN = {
    "script", "style", "noscript", "template", "head", "nav", "footer", "form", "button", "select",
    "option", "input", "textarea", "iframe", "object", "embed", "svg", "canvas", "audio", "video",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "big", "cite", "code", "em", "font", "i", "ins", "label", "mark", "o:p",
    "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr",
}  # fmt: skip
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def _html_text(name: str, page: str) -> str:
    html = need("lxml.html", extra="docs")
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True,
                                 remove_pis=True)  # fmt: skip
        data = page.encode("utf-8", errors="replace")
        root = html.document_fromstring(data, parser=parser)
    except Exception as error:  # lxml has errors of its own, and ValueError
        raise fault("document.unreadable", file=name, reason=_short(error)) from None
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise fault("document.unreadable", file=name, reason="nested too deeply")
    lines = _Lines()
    _walk(root, lines)
    return "\n".join(lines.done()) + "\n"


class _Lines:
    """Lines as they are gathered."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []

    def add(self, text: str) -> None:
        """Add words to the open line."""
        self._open.append(text)

    def end(self) -> None:
        """End the open line."""
        line = _BLANKS.sub(" ", "".join(self._open)).strip()
        self._open.clear()
        if line:
            self._out.append(line)

    def rows(self, lines: Iterable[str]) -> None:
        """Add lines as they are."""
        self.end()
        self._out.extend(lines)

    def done(self) -> list[str]:
        """All lines."""
        self.end()
        return self._out


def _walk(root: Any, lines: _Lines) -> None:
    """Gather what a page shows, in its order, without recursion: pages may nest without end."""
    steps: list[tuple[Callable[[], None] | None, Any]] = [(None, root)]
    while steps:
        do, node = steps.pop()
        if do is not None:
            do()
            continue
        if isinstance(node, str):
            lines.add(node)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        after: list[tuple[Callable[[], None] | None, Any]] = []
        if node.tail and node is not root:
            after.append((None, node.tail))
        if not tag or tag in _HIDDEN or _INVISIBLE.search(node.get("style") or ""):
            steps.extend(after)
            continue
        if tag == "br":
            lines.end()
            steps.extend(after)
            continue
        if tag == "table" and (rows := _grid(node)) is not None:
            lines.rows(table_lines(rows))
            steps.extend(after)
            continue
        is_block = tag not in _INLINE
        if is_block:
            lines.end()
            after.append((lines.end, None))
        steps.extend(after)
        inner: list[tuple[Callable[[], None] | None, Any]] = []
        if tag == "li" and (number := _list_number(node)):
            inner.append((None, number))
        if node.text:
            inner.append((None, node.text))
        inner.extend((None, child) for child in node)
        steps.extend(reversed(inner))


def _list_number(item: Any) -> str:
    """The number that a browser writes before an item of a list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or "none" in (parent.get("style") or ""):
        return ""
    words = "".join(item.itertext()).strip()
    if _NUMBERED.match(words):
        return ""
    first = parent.get("start") or "1"
    before = sum(1 for _ in item.itersiblings("li", preceding=True))
    return f"{(int(first) if first.isdigit() else 1) + before}."


# Tables with more columns than this only lay out a page, or mean harm.
_WIDEST = 256


def _grid(table: Any) -> list[list[str | None]] | None:
    """Cells of a table of data; None for one that only lays out the page."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows = list(table.iter("tr"))
    if max((len(row.xpath("./td|./th")) for row in rows), default=0) < 2:
        return None
    grid: list[list[str | None]] = []
    below: dict[int, tuple[str | None, int]] = {}
    for row in rows:
        cells: list[str | None] = []

        def covered(cells: list[str | None]) -> None:
            while (held := below.get(len(cells))) is not None:
                text, left = held
                if left > 1:
                    below[len(cells)] = (text, left - 1)
                else:
                    del below[len(cells)]
                cells.append(text)

        for cell in row.xpath("./td|./th"):
            covered(cells)
            lines = _Lines()
            _walk(cell, lines)
            text = cell_text(lines.done())
            wide, high = _spanned(cell, "colspan"), _spanned(cell, "rowspan")
            for i in range(wide):
                shown = text if i == 0 else None  # None: goes on from the left
                if high > 1:
                    below[len(cells)] = (shown, high - 1)
                cells.append(shown)
        covered(cells)
        if len(cells) > _WIDEST:
            return None
        grid.append(cells)
    return grid


def _spanned(cell: Any, name: str) -> int:
    number = (cell.get(name) or "").strip()
    return min(max(int(number), 1), 100) if number.isdigit() and len(number) < 5 else 1
