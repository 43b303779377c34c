"""Two results of one article side by side: another one of the archive, or one that was sent as a file."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from presseschau.desk.article import number_of, read
from presseschau.desk.page import desk_of, render
from presseschau.desk.security import bare_name, post
from presseschau.errors import InputError
from presseschau.models import Analysis
from presseschau.output.comparison_text import facts_in_words, figures
from presseschau.results import compare
from presseschau.stored import analysis_of


def compare_two(request: Request) -> Response:
    """With another result of the archive."""
    other = request.query_params.get("other", "")
    if not other.isdecimal():
        raise HTTPException(422, "Nothing was chosen to compare with.")
    desk = desk_of(request)
    return _compared(request, read(desk.archive, int(other[:18])).decided, "the other result in the archive")


def compare_file(request: Request, form: FormData) -> Response:
    """With the result in a file that was sent."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        raise HTTPException(422, "No file was chosen to compare with.")
    name = bare_name(file.filename) or "the file"
    article = read(desk_of(request).archive, number_of(request)).stored.article.id
    return _compared(request, _result_in(file.file.read(), name, article), name)


def _compared(request: Request, second: Analysis, name: str) -> Response:
    """The result of this page as people decided, A, beside the second, B."""
    view = read(desk_of(request).archive, number_of(request))
    made = compare(view.decided, second)
    return render(
        request, "compare.html.j2", made=made, figures=figures(made), facts=facts_in_words, second=name,
        number=view.number,
    )  # fmt: skip


def _result_in(text: bytes, name: str, article: str) -> Analysis:
    """The result of this article in a file, which may hold several, one per line. Raises InputError."""
    if b"\n" not in text.strip() or text.lstrip()[:2] in (b"{\n", b"{\r"):
        return analysis_of(text, name)
    for line in filter(None, map(bytes.strip, text.splitlines())):
        if article.encode() in line:
            return analysis_of(line, name)
    raise InputError(f"{name} holds no result of this article.")


routes = [
    Route("/article/{number:int}/compare", compare_two),
    post("/article/{number:int}/compare", compare_file, repeatable=True),
]
