"""The glossary that the options ask for: the built-in one, and the user's on top."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from presseschau.checks import Glossary


def glossary_choice(file: Path | None, english: Literal["british", "american"]) -> Glossary:
    """The built-in glossary, extended by the user's file. ConfigurationError names a bad row."""
    from presseschau.checks import UnreadableError, house_glossary, load_glossary
    from presseschau.errors import ConfigurationError

    house = house_glossary(english)
    try:
        return house.extended(load_glossary(file)) if file else house
    except UnreadableError as error:
        raise ConfigurationError(str(error)) from None
