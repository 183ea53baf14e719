"""Optional packages: imported when first needed, with one clear error when absent."""

from __future__ import annotations

import importlib
from types import ModuleType

from ._faults import fault

__all__ = ["need"]

# Packages whose name on the package index is not the name they are imported by.
_PACKAGES = {
    "python_calamine": "python-calamine",
    "xlsxwriter": "XlsxWriter",
    "fontTools": "fonttools",
    "docx": "python-docx",
}


def need(module: str, extra: str) -> ModuleType:
    """Import an optional module.

    Parameters
    ----------
    module
        Name as in an import statement, ``"pyarrow.parquet"``.
    extra
        The extra of this package that installs it: ``tables``, ``maps``, ``docs``, ``cli``; empty for a
        package that no extra installs.

    Raises
    ------
    InputError
        It is not installed; the message has the line that installs it.

    Examples
    --------
    >>> need("json", extra="tables").loads("[1]")
    [1]
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != top:
            raise  # the package is there, but something that it needs itself is not
        package = _PACKAGES.get(top, top)
        command = f"pip install {package if not extra else repr(f'safetyrisk[{extra}]')}"
        raise fault("extra.missing", package=package, command=command) from None
