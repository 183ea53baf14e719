"""PNG pages: one font, checked before drawing."""

import struct
import sys
import zlib

import pytest

import safetyrisk as sr
from safetyrisk import _raster

pytest.importorskip("resvg_py")
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
    monkeypatch.setattr(_raster, "_subsets", {})
    monkeypatch.setattr(_raster, "_coverage", {})


@pytest.fixture
def font() -> str:
    try:
        return str(_raster.find_font())
    except sr.NotFoundError:
        pytest.skip("no Chinese font on this machine")


def test_size_follows_paper_and_dpi(font: str) -> None:
    width, height, _ = pixels(_raster.png(page("宜"), font=font, dpi=254))
    assert (width, height) == (1000, 500)


def test_each_chinese_character_leaves_its_own_ink(font: str) -> None:
    blank = pixels(_raster.png(page(""), font=font))
    drawn = [pixels(_raster.png(page(c), font=font)) for c in "宜春重较"]
    assert len({blank, *drawn}) == 5


def test_a_page_is_the_same_bytes_whatever_was_drawn_before(font: str) -> None:
    first = _raster.png(page("宜春"), font=font)
    _raster.png(page("重大风险"), font=font)
    assert _raster.png(page("宜春"), font=font) == first


def test_a_missing_character_is_an_error_that_names_it(font: str) -> None:
    with pytest.raises(sr.InputError, match=r"\U0001f692 \(U\+1F692\)"):
        _raster.png(page("消防\U0001f692"), font=font)
    # The same when the font is already known.
    _raster.png(page("消防"), font=font)
    with pytest.raises(sr.InputError, match=r"U\+1F692"):
        _raster.png(page("消防\U0001f692"), font=font)


def test_the_font_is_cut_once_for_pages_with_known_characters(
    font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _raster.png(page("宜春重大"), font=font)
    monkeypatch.setattr(_raster, "_cut", lambda *_: pytest.fail("cut again"))
    _raster.png(page("重春"), font=font)


def test_characters_are_those_of_text_elements_alone() -> None:
    svg = "<svg><title>甲</title><desc>乙</desc><text x='1'>丙&amp; \u200b丁</text></svg>"
    assert _raster.characters(svg) == frozenset("丙& 丁")


def test_font_argument_wins_over_environment(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.ttf", tmp_path / "two.ttf"
    one.write_bytes(b"")
    two.write_bytes(b"")
    monkeypatch.setenv("SAFETYRISK_FONT", str(two))
    assert _raster.find_font(one) == one
    assert _raster.find_font() == two


def test_a_font_that_is_not_there_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "missing.ttf"
    with pytest.raises(sr.NotFoundError, match=r"font= names .*missing\.ttf"):
        _raster.find_font(missing)
    monkeypatch.setenv("SAFETYRISK_FONT", str(missing))
    with pytest.raises(sr.NotFoundError, match=r"SAFETYRISK_FONT names"):
        _raster.find_font()


def test_without_any_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_raster, "_candidates", lambda: iter(()))
    with pytest.raises(sr.NotFoundError, match="fonts-noto-cjk"):
        _raster.find_font()


def test_a_file_that_is_no_font_is_refused(tmp_path) -> None:
    wrong = tmp_path / "wrong.ttf"
    wrong.write_bytes(b"not a font at all")
    with pytest.raises(sr.InputError, match=r"wrong\.ttf is no font"):
        _raster.png(page("a"), font=wrong)


def test_broken_svg_is_refused(font: str) -> None:
    with pytest.raises(sr.InputError, match="cannot be drawn"):
        _raster.png("<svg", font=font)


@pytest.mark.parametrize("dpi", [0, 5, 5000, float("nan")])
def test_dpi_out_of_range_is_refused(dpi: float) -> None:
    with pytest.raises(sr.InputError, match="10 to 1200"):
        _raster.png(page("a"), dpi=dpi)


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(sr.InputError, match="million pixels"):
        _raster.png(page("a", 'width="2000mm" height="2000mm"'), dpi=1200)


@pytest.mark.parametrize("module", ["resvg_py", "fontTools.ttLib"])
def test_a_missing_extra_prints_the_install_line(
    module: str, font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(sr.InputError, match=r"pip install 'safetyrisk\[maps\]'"):
        _raster.png(page("a"), font=font)
