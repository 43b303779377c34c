"""An Analysis as one HTML page that needs nothing else: no network, no font, no script to be read."""

from __future__ import annotations

from presseschau.models import Analysis


def html(analysis: Analysis) -> str:
    """The page: both languages side by side, summary, claims with their evidence, findings, how it was made.

    Everything from the article or the model is escaped and freed of control characters on its way out; the page's
    Content-Security-Policy lets run only the style and the script that it carries, and lets it load nothing.
    """
    from markupsafe import Markup

    from presseschau.output.content_policy import content_policy
    from presseschau.output.environment import asset, template
    from presseschau.output.page import page

    style, script = asset("base.css") + asset("page.css"), asset("page.js")
    return template("page.html.j2").render(
        page=page(analysis),
        policy=content_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
    )
