"""The archive: what was analysed, the newest first, to be searched and narrowed down."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from presseschau.archives import search
from presseschau.desk.page import desk_of, render
from presseschau.library.search import Question


def archive(request: Request) -> Response:
    found = search(desk_of(request).archive, Question(order="newest"))
    return render(request, "archive.html.j2", found=found)


routes = [Route("/archive", archive)]
