"""The file of decisions beside a result: RESULT.review.json."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.errors import InputError
from presseschau.models import Analysis

if TYPE_CHECKING:
    from presseschau.parts.decisions import Decisions


def review_path(result: Path) -> Path:
    """result.json -> result.review.json, in the same folder; so for result.html and any other format."""
    return result.with_suffix(".review.json")


def read_decisions(result: Path) -> Decisions:
    """The decisions beside `result`; none if there is no such file. Raises InputError for a file that is no review."""
    from pydantic import ValidationError

    from presseschau.parts.decisions import SCHEMA, Decisions

    path = review_path(result)
    try:
        found = Decisions.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Decisions()
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{path} is not a review of presseschau ({type(error).__name__}). Mend it or move it."
        ) from None
    if found.schema_version != SCHEMA:
        raise InputError(f"{path} has the schema {found.schema_version!r}; this version reads {SCHEMA!r}.")
    return found


def reviewed(analysis: Analysis, result: Path | None) -> Analysis:
    """The analysis with what was decided beside the file it was read from or goes to; unchanged for a stream."""
    if result is None or str(result) == "-" or not review_path(result).is_file():
        return analysis
    from presseschau.parts.decided import decided

    return decided(analysis, read_decisions(result))
