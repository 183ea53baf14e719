"""PNG and PDF pages: one font, checked before drawing."""

import datetime as dt
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import safetyrisk as sr
from safetyrisk import _paper

pytest.importorskip("typst")
pytest.importorskip("fontTools")


def page(text: str, size: str = 'width="100mm" height="50mm"') -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 10000 5000" '
        "font-family=\"'Noto Sans CJK SC',sans-serif\"><title>\U0001f692</title>"
        '<rect width="10000" height="5000" fill="#FFFFFF"/>'
        f'<text x="500" y="3000" font-size="1000">{text}</text></svg>'
    )


def pixels(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and the raw (filtered) bytes of a PNG."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    at, packed = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, zlib.decompress(packed)


@pytest.fixture(autouse=True)
def fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAFETYRISK_FONT", raising=False)
    monkeypatch.setattr(_paper, "_subsets", {})
    monkeypatch.setattr(_paper, "_coverage", {})


@pytest.fixture
def font() -> str:
    try:
        return str(_paper.find_font())
    except sr.NotFoundError:
        pytest.skip("no Chinese font on this machine")


def test_size_follows_paper_and_dpi(font: str) -> None:
    width, height, _ = pixels(_paper.png(page("宜"), font=font, dpi=254))
    assert (width, height) == (1000, 500)


def test_each_chinese_character_leaves_its_own_ink(font: str) -> None:
    blank = pixels(_paper.png(page(""), font=font))
    drawn = [pixels(_paper.png(page(c), font=font)) for c in "宜春重较"]
    assert len({blank, *drawn}) == 5


def test_a_page_is_the_same_bytes_whatever_was_drawn_before(font: str) -> None:
    first = _paper.png(page("宜春"), font=font)
    _paper.png(page("重大风险"), font=font)
    assert _paper.png(page("宜春"), font=font) == first


def test_a_missing_character_is_an_error_that_names_it(font: str) -> None:
    with pytest.raises(sr.InputError, match=r"\U0001f692 \(U\+1F692\)"):
        _paper.png(page("消防\U0001f692"), font=font)
    # The same when the font is already known.
    _paper.png(page("消防"), font=font)
    with pytest.raises(sr.InputError, match=r"U\+1F692"):
        _paper.png(page("消防\U0001f692"), font=font)


def test_the_font_is_cut_once_for_pages_with_known_characters(
    font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paper.png(page("宜春重大"), font=font)
    monkeypatch.setattr(_paper, "_cut", lambda *_: pytest.fail("cut again"))
    _paper.png(page("重春"), font=font)


def test_characters_are_those_of_text_elements_alone() -> None:
    svg = "<svg><title>甲</title><desc>乙</desc><text x='1'>丙&amp; \u200b丁</text></svg>"
    assert _paper.characters(svg) == frozenset("丙& 丁")


def test_font_argument_wins_over_environment(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.ttf", tmp_path / "two.ttf"
    one.write_bytes(b"")
    two.write_bytes(b"")
    monkeypatch.setenv("SAFETYRISK_FONT", str(two))
    assert _paper.find_font(one) == one
    assert _paper.find_font() == two


def test_a_font_that_is_not_there_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "missing.ttf"
    with pytest.raises(sr.NotFoundError, match=r"font= names .*missing\.ttf"):
        _paper.find_font(missing)
    monkeypatch.setenv("SAFETYRISK_FONT", str(missing))
    with pytest.raises(sr.NotFoundError, match=r"SAFETYRISK_FONT names"):
        _paper.find_font()


def test_without_any_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_paper, "_candidates", lambda: iter(()))
    with pytest.raises(sr.NotFoundError, match="fonts-noto-cjk"):
        _paper.find_font()


def test_a_file_that_is_no_font_is_refused(tmp_path) -> None:
    wrong = tmp_path / "wrong.ttf"
    wrong.write_bytes(b"not a font at all")
    with pytest.raises(sr.InputError, match=r"wrong\.ttf is no font"):
        _paper.png(page("a"), font=wrong)


def test_broken_svg_is_refused(font: str) -> None:
    with pytest.raises(sr.InputError, match="cannot be drawn"):
        _paper.png("<svg", font=font)


@pytest.mark.parametrize("dpi", [0, 5, 5000, float("nan")])
def test_dpi_out_of_range_is_refused(dpi: float) -> None:
    with pytest.raises(sr.InputError, match="10 to 1200"):
        _paper.png(page("a"), dpi=dpi)


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(sr.InputError, match="million pixels"):
        _paper.png(page("a", 'width="2000mm" height="2000mm"'), dpi=1200)


@pytest.mark.parametrize("module", ["typst", "fontTools.ttLib"])
def test_a_missing_extra_prints_the_install_line(
    module: str, font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(sr.InputError, match=r"pip install 'safetyrisk\[maps\]'"):
        _paper.png(page("a"), font=font)


# ---- PDF -----------------------------------------------------------------------------------------


def poppler(tool: str, data: bytes, folder: Path, *options: str) -> str:
    """What one of Poppler's tools says of a PDF file."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed: apt-get install poppler-utils")
    (folder / "page.pdf").write_bytes(data)
    command = [tool, *options, "page.pdf", *(["-"] if tool == "pdftotext" else [])]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout


def test_text_of_a_pdf_can_be_searched_and_its_font_is_embedded(font: str, tmp_path: Path) -> None:
    data = _paper.pdf(page("宜春市 重大风险"), font=font)
    assert "宜春市 重大风险" in poppler("pdftotext", data, tmp_path)
    fonts = poppler("pdffonts", data, tmp_path).splitlines()[2:]
    assert len(fonts) == 1
    assert fonts[0].split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, Unicode
    assert len(data) < 100_000  # the font has 20 MB


def test_a_pdf_holds_vectors_and_no_picture(font: str, tmp_path: Path) -> None:
    listed = poppler("pdfimages", _paper.pdf(page("宜春"), font=font), tmp_path, "-list")
    assert len(listed.splitlines()) == 2  # the head alone


def test_a_pdf_is_as_large_as_the_sheet_and_dated_by_the_data(font: str, tmp_path: Path) -> None:
    day = dt.date(2026, 6, 30)
    data = _paper.pdf(page("a"), font=font, title="图名", date=day)
    facts = dict(
        line.split(":", 1) for line in poppler("pdfinfo", data, tmp_path, "-rawdates").splitlines()
    )
    width, height = map(float, re.findall(r"[\d.]+", facts["Page size"])[:2])
    assert (width, height) == pytest.approx((100 / 25.4 * 72, 50 / 25.4 * 72), abs=0.001)
    assert facts["Pages"].strip() == "1"
    assert facts["Title"].strip() == "图名"
    assert facts["CreationDate"].strip().startswith("D:20260630")
    assert facts["ModDate"].strip().startswith("D:20260630")
    assert "CreationDate" not in poppler("pdfinfo", _paper.pdf(page("a"), font=font), tmp_path)


def test_a_pdf_is_the_same_bytes_every_time(font: str) -> None:
    day = dt.date(2026, 6, 30)
    first = _paper.pdf(page("宜春"), font=font, date=day)
    _paper.pdf(page("重大风险"), font=font)
    assert _paper.pdf(page("宜春"), font=font, date=day) == first
    # In another process, whose font was cut for no other page, too.
    code = (
        "import sys, datetime as dt\nfrom safetyrisk import _paper\n"
        "svg, font = sys.argv[1:]\n"
        "data = _paper.pdf(svg, font=font, date=dt.date(2026, 6, 30))\n"
        "sys.stdout.buffer.write(data)"
    )
    ran = subprocess.run([sys.executable, "-c", code, page("宜春"), font], capture_output=True)
    assert ran.stdout == first


def test_a_missing_character_is_the_same_error_as_for_png(font: str) -> None:
    said = []
    for draw in (_paper.png, _paper.pdf):
        with pytest.raises(sr.InputError, match=r"U\+1F692") as caught:
            draw(page("消防\U0001f692"), font=font)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_pages_that_keep_bringing_characters_do_not_cut_the_font_each_time(
    font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = []
    monkeypatch.setattr(_paper, "_cut", lambda _, codes: cuts.append(len(codes)) or b"")
    for text in "甲乙丙丁戊己庚辛壬癸":
        _paper._subset(Path(font), text)
    assert len(cuts) == 3
    assert cuts[0] < cuts[1] < 200
    assert cuts[2] > 3755


def test_a_font_that_no_page_names_draws_all_the_same(tmp_path: Path) -> None:
    plain = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not plain.is_file():
        pytest.skip("DejaVu Sans is not installed")
    data = _paper.pdf(page("scale 1"), font=plain)
    assert "scale 1" in poppler("pdftotext", data, tmp_path)
