"""The glossary that the options ask for: the built-in one, and the user's on top."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from presseschau.checks import Glossary


def glossary_choice(file: Path | None, english: Literal["british", "american"]) -> Glossary:
    """The built-in glossary, extended by the user's file. Raises an input error that names the bad row."""
    from presseschau.checks import house_glossary, load_glossary

    house = house_glossary(english)
    return house.extended(load_glossary(file)) if file else house
