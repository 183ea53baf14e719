"""SVG pages to PNG: one font file, checked against the page before anything is drawn.

resvg draws nothing, silently, for a character that its fonts lack, and looks through every font of
the machine unless told not to. So it is given exactly one font, the page's characters are checked
against that font first, and a missing one is an error that names it. A Chinese font has 20 MB and
costs half a second a page; the font is therefore cut down once to the characters that pages use
(fontTools), and the small font is kept in memory.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from ._errors import InputError, NotFoundError
from ._extras import need

__all__ = ["characters", "find_font", "png"]

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
    "on Debian and Ubuntu: apt-get install fonts-noto-cjk"
)

# Sheets up to 1.2 m at 300 dpi; beyond that resvg wants gigabytes.
_MOST_PIXELS = 200_000_000

# Our pages have no markup inside <text>, and all of their text is in it (title and desc apart).
_TEXT = re.compile(r"<text\b[^>]*>([^<]*)</text>")
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="(\d+)mm"[^>]*?\bheight="(\d+)mm"')

_lock = threading.Lock()
# By font path and time of change: what it covers, and the last subset with what is in it.
_coverage: dict[tuple[str, int], frozenset[int]] = {}
_subsets: dict[tuple[str, int], tuple[frozenset[int], bytes, str]] = {}


def characters(svg: str) -> frozenset[str]:
    """Characters that an SVG page of this library draws.

    Titles and descriptions, which are not drawn, do not count; nor do control and format
    characters. Blanks do: a font without one draws a box in its place.

    Examples
    --------
    >>> sorted(characters("<svg><title>x</title><text x='1'>a&lt;b c</text></svg>"))
    [' ', '<', 'a', 'b', 'c']
    """
    drawn = set(unescape("".join(_TEXT.findall(svg))))
    return frozenset(c for c in drawn if unicodedata.category(c) not in ("Cc", "Cf"))


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
                raise NotFoundError(f"{where} names {os.fspath(path)}, which is no file")
            return Path(path)
    for candidate in _candidates():
        if candidate.is_file():
            return candidate
    raise NotFoundError(f"no font with Chinese characters was found; {_INSTALL_FONT}")


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
    resvg = need("resvg_py", extra="maps")
    data, family = _subset(find_font(font), characters(svg))
    # resvg_py takes fonts as files only. The folder is made for each call, so that forked workers
    # share nothing; writing a subset takes a tenth of a millisecond.
    with tempfile.TemporaryDirectory(prefix="safetyrisk-") as folder:
        path = Path(folder) / "page.font"
        path.write_bytes(data)
        try:
            drawn = resvg.svg_to_bytes(
                svg_string=svg,
                dpi=dpi,  # its default of 0 refuses sizes in millimetres
                skip_system_fonts=True,
                font_files=[str(path)],
                font_family=family,
                sans_serif_family=family,  # the last of the families that a page asks for
            )
        except ValueError as error:
            raise InputError(f"the page cannot be drawn: {error}") from None
    return bytes(drawn)


def _subset(path: Path, wanted: Iterable[str]) -> tuple[bytes, str]:
    """Font with at least the wanted characters, and the name of its family."""
    codes = frozenset(map(ord, wanted))
    key = (str(path.resolve()), path.stat().st_mtime_ns)
    with _lock:
        known = _subsets.get(key)
        if known and codes <= known[0]:
            return known[1], known[2]
        if key in _coverage:
            _check(codes, _coverage[key], path)
        with _open(path) as font:
            if key not in _coverage:
                _coverage[key] = frozenset(font.getBestCmap() or ())
                _check(codes, _coverage[key], path)
            # Together with what earlier pages had: the pages of one job have most in common, so
            # the subset soon serves them all.
            kept = codes | (known[0] if known else frozenset(range(0x20, 0x7F)) & _coverage[key])
            data, family = _cut(font, kept)
        _subsets[key] = (kept, data, family)
        return data, family


def _check(codes: frozenset[int], covered: frozenset[int], path: Path) -> None:
    missing = sorted(codes - covered)
    if not missing:
        return
    names = ", ".join(f"{chr(code)} (U+{code:04X})" for code in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    raise InputError(f"the font {path.name} has no character {names}{more}; {_INSTALL_FONT}")


def _open(path: Path) -> Any:
    ttlib = need("fontTools.ttLib", extra="maps")
    try:
        data = path.read_bytes()  # held in memory: a file left open by a broken font would leak
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
        raise InputError(f"{path} is no font that can be read: {error}") from None


def _cut(font: Any, codes: frozenset[int]) -> tuple[bytes, str]:
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
    family = font["name"].getDebugName(16) or font["name"].getDebugName(1) or "safetyrisk"
    out = BytesIO()
    font.save(out)
    return out.getvalue(), family
