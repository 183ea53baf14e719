"""The interactive map: one self-contained HTML file from a payload of columns.

The file opens from disk without a network. Its Content-Security-Policy allows
the one script and the one style sheet that stand in it, by their SHA-256, and
nothing else, so that markup in the data could not run even if it got out of
its data block. The viewer is our own (``assets/viewer.*``) and uses no library.

Payload (``format`` 1), all columns plain lists:

``lang`` (``"zh"`` or ``"en"``), ``title``, ``subtitle``, ``footer``, ``approval``
    (the 审图号; shown only if not empty), ``source``, ``data_date``, ``rule``, ``crs``
    texts; ``null`` or empty ones are left out of the page.
``palette``
    ``#RRGGBB`` for ``red orange yellow blue unassessed``.
``unit``
    Degrees in one integer of a coordinate.
``regions``
    ``code name grade counts polygons``. ``grade`` is 0 (未评估) or 1…4 (blue…red);
    ``counts`` is ``[red, orange, yellow, blue, not gradable, rejected]``;
    ``polygons`` is a list of polygons of rings, a ring being ``[lon, lat, dlon,
    dlat, …]``: the first corner, then differences.
``points``
    ``id name enterprise lon lat grade score explanation region``. ``grade`` 0 is
    未定级; ``lon`` and ``lat`` may be ``null`` (searchable, not drawn);
    ``explanation`` is an index into ``explanations``, ``region`` one into
    ``regions`` or -1.
``explanations``
    Texts; line breaks are kept.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["page"]

# "<" cannot end a script element or open a comment in it; U+2028 and U+2029 end a
# line in old readers of scripts; a lone surrogate has no UTF-8 form.
_UNSAFE = re.compile("[<>&\u2028\u2029\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r'("(?:\\.|[^"\\\n])*"|`[^`]*`)| *([{}()\[\],;:?=<>*/%&|^!]) *')
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def page(payload: Mapping[str, Any]) -> str:
    """HTML text of the interactive map of ``payload``.

    The same payload gives the same text. No text of the payload can leave the
    place it is put in, whatever it holds.

    Parameters
    ----------
    payload
        As in the module's docstring; a missing ``regions``, ``points`` or
        ``explanations`` counts as empty.

    Returns
    -------
    str
        A whole HTML document, to be written as UTF-8.

    Raises
    ------
    ValueError
        ``format`` is not 1, or a number is NaN or infinite (JSON has neither).

    Examples
    --------
    >>> text = page({"format": 1, "title": "</script>"})
    >>> text.startswith("<!doctype html>"), text.count("</script>")
    (True, 4)
    """
    if payload.get("format") != 1:
        raise ValueError(f"payload format is {payload.get('format')!r}, not 1")
    script, style = _lean(_asset("viewer.js")), re.sub(r"\n *", "", _asset("viewer.css"))
    lang = "en" if payload.get("lang") == "en" else "zh"
    main = {key: value for key, value in payload.items() if key != "explanations"}
    # Explanations stand behind the script: the map is drawn before they are read.
    return _fill(
        _asset("viewer.html"),
        {
            "lang": "en" if lang == "en" else "zh-CN",
            "policy": _policy(script, style),
            "title": _title(payload),
            "style": style,
            "script": script,
            "words": _json(json.loads(_asset("viewer.json"))[lang]),
            "payload": _json(main),
            "explanations": _json(payload.get("explanations") or []),
        },
    )


def _asset(name: str) -> str:
    return Path(__file__).with_name("assets").joinpath(name).read_text(encoding="utf-8")


def _lean(source: str) -> str:
    # Comments, indentation, blanks around punctuation and the line ends that mean nothing stay
    # at home; quoted text is kept. The assets keep to what this needs: comments fill their line
    # or stand six blanks behind the code, no regular expression holds a quote or a blank.
    source = re.sub(r"^ *(?://|/\*\*).*$|      //.*$|^ +", "", source, flags=re.MULTILINE)
    source = _BLANKS.sub(lambda found: found[1] or found[2], source)
    return re.sub(r"\n+", "\n", re.sub(r"(?<=[;{,(\[])\n+|\n+(?=[})\]])", "", source.strip()))


def _fill(template: str, values: Mapping[str, str]) -> str:
    # One pass: a slot's text inside a value is not a slot.
    return _SLOT.sub(lambda slot: values[slot[1]], template)


def _policy(script: str, style: str) -> str:
    return (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {_sha256(script)}; style-src {_sha256(style)}"
    )


def _sha256(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _title(payload: Mapping[str, Any]) -> str:
    # A NUL or a lone surrogate cannot be written in HTML, not even as a reference.
    text = re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", str(payload.get("title") or ""))
    return html.escape(text)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
