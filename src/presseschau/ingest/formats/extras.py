"""Formats whose library is an extra, and the error that says how to install it."""

from __future__ import annotations

from importlib.util import find_spec

from presseschau.errors import ConfigurationError

_EXTRAS = {"pdf": ("pypdf", "PDF", "pdf"), "zst": ("zstandard", ".zst", "zstd"),
           "parquet": ("pyarrow", "Parquet", "parquet")}  # fmt: skip
"""Kind of file -> its package, what its files are called, and the extra."""


def missing(kind: str) -> ConfigurationError:
    """What is raised where a file of `kind` is to be read and its package is not there."""
    package, name, extra = _EXTRAS[kind]
    return ConfigurationError(
        f"Reading {name} files needs the {package} package. Install it: pip install 'presseschau[{extra}]'"
    )


def absent() -> set[str]:
    """The kinds of files whose package is not installed."""
    return {kind for kind, (package, *_) in _EXTRAS.items() if find_spec(package) is None}
