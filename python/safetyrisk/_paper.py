"""SVG pages to PNG and PDF: one font, checked against the page before anything is drawn.

Typst draws both; an SVG page in it stays vectors and text. It draws nothing, silently, for a
character that its fonts lack, and looks through every font of the machine unless told not to. So
it is given exactly one font, the page's characters are checked against that font first, and a
missing one is an error that names it. A Chinese font has 20 MB; it is cut down to the characters
that pages use (fontTools), and the small font is kept in memory for the pages that follow.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from ._errors import InputError
from ._extras import need
from ._faults import fault

__all__ = ["characters", "check_characters", "find_font", "pdf", "png"]

# Font packages of the Python package index (SIL Open Font License) and the file in each.
_FONT_PACKAGES = (
    ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
    ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"),
)

# Where systems keep a Chinese face, best first.
_FONT_PATHS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",  # Debian, Ubuntu
    "/usr/share/fonts/opentype/noto/NotoSansCJKsc-Regular.otf",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",  # Fedora, openEuler
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts/NotoSansCJK-VF.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",  # Arch
    "/usr/share/fonts/truetype/NotoSansCJK-Regular.ttc",  # openSUSE
    "/usr/share/fonts/adobe-source-han-sans/SourceHanSansSC-Regular.otf",
    "/usr/share/fonts/adobe-source-han-sans/SourceHanSansCN-Regular.otf",
    "/usr/share/fonts/adobe-source-han-sans-cn/SourceHanSansCN-Regular.otf",
    "/usr/share/fonts/opentype/source-han-sans/SourceHanSansSC-Regular.otf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
)

_INSTALL_FONT = (
    "give a font file with font=, set SAFETYRISK_FONT to one, or install one, "
    "on Debian and Ubuntu: apt-get install fonts-noto-cjk",
    "请用 --font 或环境变量 SAFETYRISK_FONT 指定字体文件，或安装字体"
    "（Debian、Ubuntu：apt-get install fonts-noto-cjk）",
)

# Sheets up to 1.2 m at 300 dpi; beyond that drawing wants gigabytes.
_MOST_PIXELS = 200_000_000

# Our pages have no markup inside <text>, and all of their text is in it (title and desc apart).
_TEXT = re.compile(r"<text\b[^>]*>([^<]*)</text>")
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="(\d+)mm"[^>]*?\bheight="(\d+)mm"')
_FAMILIES = re.compile(r'\bfont-family="[^"]*"')

# The page and nothing but the page. What varies comes in as texts, so that none of it is code.
_SHEET = """\
#let given = sys.inputs
#let wide = float(given.width) * 1mm
#let high = float(given.height) * 1mm
#set page(width: wide, height: high, margin: 0mm)
#set text(lang: given.lang)
#set document(
  title: given.title,
  date: if given.year == "" { none } else {
    datetime(year: int(given.year), month: int(given.month), day: int(given.day))
  },
)
#image(bytes(given.svg), format: "svg", width: wide, height: high, alt: given.title)
"""

# After so many cuts for pages with new characters the font is cut for all usual ones.
_NARROW_CUTS = 2

_lock = threading.Lock()
# By font path and time of change: what it covers, and the last subset: what is in it, the font, and
# how many were cut before.
_coverage: dict[tuple[str, int], frozenset[int]] = {}
_subsets: dict[tuple[str, int], tuple[frozenset[int], bytes, int]] = {}


def characters(svg: str) -> frozenset[str]:
    """Characters that an SVG page of this library draws.

    Titles and descriptions, which are not drawn, do not count; nor do control and format
    characters. Blanks do: a font without one draws a box in its place.

    Examples
    --------
    >>> sorted(characters("<svg><title>x</title><text x='1'>a&lt;b c</text></svg>"))
    [' ', '<', 'a', 'b', 'c']
    """
    drawn = set(html.unescape("".join(_TEXT.findall(svg))))
    return frozenset(c for c in drawn if unicodedata.category(c) not in ("Cc", "Cf"))


def check_characters(svg: str, font: str | os.PathLike[str] | None = None) -> Path:
    """Find the font of a page and check that it has every character that the page draws.

    Raises
    ------
    InputError
        It lacks one (the message names it), or ``safetyrisk[maps]`` is not installed.
    NotFoundError
        There is no font.
    """
    need("typst", extra="maps")
    path = find_font(font)
    _subset(path, characters(svg))
    return path


def find_font(font: str | os.PathLike[str] | None = None) -> Path:
    """Find the font file that pages are drawn with.

    Parameters
    ----------
    font
        Path of a .ttf, .otf or .ttc file. When it is not given: the file that the environment
        variable ``SAFETYRISK_FONT`` names, else that of an installed font package, else a known
        font of the system.

    Raises
    ------
    NotFoundError
        The file named is not there, or none was found; the message says what to install.
    """
    for path, where in ((font, "font="), (os.environ.get("SAFETYRISK_FONT"), "SAFETYRISK_FONT")):
        if path:
            if not Path(path).is_file():
                raise fault("font.no_file", where=where, file=os.fspath(path))
            return Path(path)
    for candidate in _candidates():
        if candidate.is_file():
            return candidate
    raise fault("font.missing", cure=_INSTALL_FONT)


def _candidates() -> Iterator[Path]:
    for package, name in _FONT_PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(folder).rglob(name))
    yield from map(Path, _FONT_PATHS)
    local = os.environ.get("LOCALAPPDATA")
    if local:
        yield Path(local) / "Microsoft/Windows/Fonts/NotoSansSC-Regular.otf"


def png(svg: str, *, font: str | os.PathLike[str] | None = None, dpi: float = 150.0) -> bytes:
    """Draw an SVG page as PNG.

    Parameters
    ----------
    svg
        A page as the renderer writes it.
    font
        Font file; see :func:`find_font`.
    dpi
        Dots per inch of paper, 10 to 1200. An A3 sheet has 2480 x 1754 pixels at 150 and
        4961 x 3508 at 300.

    Returns
    -------
    bytes
        The PNG file.

    Raises
    ------
    InputError
        The page has a character that the font lacks (the message names it), `dpi` is out of range,
        the picture would have more than 200 million pixels, the SVG cannot be read, or
        ``safetyrisk[maps]`` is not installed.
    NotFoundError
        There is no font.
    """
    if not 10 <= dpi <= 1200:
        raise InputError(f"dpi is {dpi}; it must be 10 to 1200")
    size = _SIZE.search(svg[:2000])
    if size:
        pixels = int(size[1]) * int(size[2]) * (dpi / 25.4) ** 2
        if pixels > _MOST_PIXELS:
            raise InputError(
                f"a sheet of {size[1]} by {size[2]} mm at {dpi:g} dpi has {pixels / 1e6:.0f} "
                f"million pixels, more than {_MOST_PIXELS // 1_000_000} million; "
                "use a smaller dpi"
            )
    return _draw(svg, font, "png", ppi=float(dpi))


def pdf(
    svg: str,
    *,
    font: str | os.PathLike[str] | None = None,
    title: str = "",
    date: dt.date | None = None,
    lang: str = "zh",
) -> bytes:
    """Write an SVG page as a PDF file of one page, as vectors and text.

    Parameters
    ----------
    svg
        A page as the renderer writes it.
    font
        Font file; see :func:`find_font`. The characters in use are embedded.
    title, lang
        The document's.
    date
        The day that the file says it was made on; without it the file has none. The same page
        gives the same bytes.

    Returns
    -------
    bytes
        The PDF file. Its page has the size of the sheet; its text can be selected and searched.

    Raises
    ------
    InputError
        The page has a character that the font lacks (the message names it), the SVG cannot be
        read, or ``safetyrisk[maps]`` is not installed.
    NotFoundError
        There is no font.
    """
    return _draw(svg, font, "pdf", title=title, date=date, lang=lang)


def _draw(
    svg: str,
    font: str | os.PathLike[str] | None,
    kind: str,
    ppi: float | None = None,
    title: str = "",
    date: dt.date | None = None,
    lang: str = "zh",
) -> bytes:
    typst = need("typst", extra="maps")
    path = find_font(font)
    wanted = characters(svg)
    data = _subset(path, wanted)
    if kind == "pdf":
        # The file names glyphs by their number in the font, so its bytes would tell which pages
        # were drawn before. A subset of a subset is the same bytes as one of the whole font.
        with _open(path, data) as small:
            data = _cut(small, frozenset(map(ord, wanted)))
    size = _SIZE.search(svg[:2000])
    if not size:
        raise InputError("the page cannot be drawn: it does not say its size in millimetres")
    # Typst takes fonts as files only. The folder is made for each call, so that forked workers
    # share nothing; writing a subset takes a tenth of a millisecond.
    with tempfile.TemporaryDirectory(prefix="safetyrisk-") as folder:
        (Path(folder) / "page.otf").write_bytes(data)
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        families = fonts.families()
        if not families:
            raise fault("font.unreadable", font=path, reason="")
        family = html.escape("'" + families[0].replace("'", "") + "'")
        given = {
            "svg": _FAMILIES.sub(lambda _: f'font-family="{family}"', svg, count=1),
            "width": size[1],
            "height": size[2],
            "title": title,
            "lang": lang,
            "year": str(date.year) if date else "",
            "month": str(date.month) if date else "",
            "day": str(date.day) if date else "",
        }
        try:
            drawn = typst.compile(
                _SHEET.encode(),
                font_paths=fonts,
                ignore_system_fonts=True,
                format=kind,
                ppi=ppi,
                sys_inputs=given,
            )
        except typst.TypstError as error:
            raise InputError(f"the page cannot be drawn: {error}") from None
    return bytes(drawn)


def _subset(path: Path, wanted: Iterable[str]) -> bytes:
    """Font with at least the wanted characters."""
    codes = frozenset(map(ord, wanted))
    key = (str(path.resolve()), path.stat().st_mtime_ns)
    with _lock:
        known = _subsets.get(key)
        if known and codes <= known[0]:
            return known[1]
        if key in _coverage:
            _check(codes, _coverage[key], path)
        with _open(path) as font:
            if key not in _coverage:
                _coverage[key] = frozenset(font.getBestCmap() or ())
                _check(codes, _coverage[key], path)
            # Together with what earlier pages had, and, when pages keep bringing new characters as
            # those of a province's counties do, with all that are in common use: one cut of two
            # seconds instead of one of a quarter of a second for each page.
            cuts = known[2] + 1 if known else 0
            usual = _usual() if cuts >= _NARROW_CUTS else frozenset(range(0x20, 0x7F))
            kept = codes | (known[0] if known else frozenset()) | (usual & _coverage[key])
            data = _cut(font, kept)
        _subsets[key] = (kept, data, cuts)
        return data


def _usual() -> frozenset[int]:
    """ASCII, signs and the 3 755 characters of level 1 of GB/T 2312."""
    rows = (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
    pairs = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    usual = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    return frozenset(map(ord, usual)) | frozenset(range(0x20, 0x7F))


def _check(codes: frozenset[int], covered: frozenset[int], path: Path) -> None:
    missing = sorted(codes - covered)
    if not missing:
        return
    names = ", ".join(f"{chr(code)} (U+{code:04X})" for code in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    raise fault("font.character", font=path.name, names=names + more, cure=_INSTALL_FONT)


def _open(path: Path, data: bytes | None = None) -> Any:
    """Open the font at `path`, or `data` made from it."""
    ttlib = need("fontTools.ttLib", extra="maps")
    try:
        data = (
            data or path.read_bytes()
        )  # held in memory: a file left open by a broken font would leak
        if not data.startswith(b"ttcf"):
            return ttlib.TTFont(BytesIO(data), lazy=True)
        number = 0
        with ttlib.TTCollection(BytesIO(data), lazy=True) as collection:
            for index, face in enumerate(collection.fonts):
                name = face["name"].getDebugName(4) or ""
                if re.search(r"\b(SC|CN|GB)\b", name) and "Mono" not in name:
                    number = index
                    break
        return ttlib.TTFont(BytesIO(data), fontNumber=number, lazy=True)
    except (OSError, ttlib.TTLibError) as error:
        raise fault("font.unreadable", font=path, reason=f": {error}") from None


def _cut(font: Any, codes: frozenset[int]) -> bytes:
    subset = need("fontTools.subset", extra="maps")
    options = subset.Options(
        hinting=False,
        layout_features=[],  # spacing as the advance widths have it, which the layout counts on
        name_IDs=[1, 2, 4, 6, 16],
        notdef_outline=True,
        drop_tables=[*subset.Options._drop_tables_default, "BASE", "VORG", "vhea", "vmtx", "DSIG"],
        recalc_timestamp=False,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()
