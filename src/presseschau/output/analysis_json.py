"""An Analysis as the JSON that `presseschau schema` describes."""

from __future__ import annotations

from presseschau.models import Analysis
from presseschau.output.inert import inert_json


def analysis_json(analysis: Analysis) -> str:
    """The whole analysis, indented, UTF-8 as it is."""
    return inert_json(analysis.model_dump_json(indent=2)) + "\n"
