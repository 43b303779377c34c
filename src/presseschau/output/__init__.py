"""Values as text: pure, no I/O but the templates."""

from __future__ import annotations

from presseschau.models import Analysis


def rendered(analysis: Analysis, format: str) -> str:
    """The analysis as "json", "md" or "html"."""
    if format == "json":
        return analysis.model_dump_json(indent=2) + "\n"
    if format == "html":
        from presseschau.output.html import html

        return html(analysis)
    from presseschau.output.markdown import markdown

    return markdown(analysis)
