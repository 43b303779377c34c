"""The sentence pairs of an Analysis for translators' tools: TMX 1.4, and XLIFF 2.1, to be edited and read back."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from presseschau.lang import SOURCE
from presseschau.models import Analysis, Status, TranslatedSentence
from presseschau.output.inert import one_line

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tmx(analysis: Analysis) -> str:
    """One unit a sentence that has English, in order; `tuid` is its number. A finding is a note; the state, and what a
    person decided, are props."""
    version = analysis.provenance.versions.get("presseschau", "0")
    units = [_tmx_unit(row) for row in analysis.translation or () if one_line(row.en)]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<tmx version="1.4">',
            f'<header creationtool="presseschau" creationtoolversion={_attribute(version)} segtype="sentence"'
            f' o-tmf="presseschau" adminlang="en" srclang="{SOURCE}" datatype="plaintext">',
            f"<note>{_content(analysis.provenance.notice)}</note>",
            f'<prop type="x-source">{_content(analysis.article.source)}</prop>',
            f'<prop type="x-article">{_content(analysis.article.id)}</prop>',
            *(
                f"<prop type={_attribute(f'x-own-{name}')}>{_content(value)}</prop>"
                for name, value in analysis.article.metadata.items()
            ),
            f'<prop type="x-model">{_content(analysis.provenance.model)}</prop>',
            "</header>",
            "<body>",
            *units,
            "</body>",
            "</tmx>",
            "",
        ]
    )


def _tmx_unit(row: TranslatedSentence) -> str:
    notes = [f"<note>{_content(f'{f.severity} {f.code}: {f.message}')}</note>" for f in row.findings]
    return "\n".join(
        [
            f'<tu tuid="{row.n}">',
            *notes,
            f'<prop type="x-status">{row.status}</prop>',
            *(
                f'<prop type="x-{name.replace("_", "-")}">{_content(said)}</prop>'
                for name in ("decided", "decided_by", "decided_at")
                if (said := getattr(row, name))
            ),
            *([f'<prop type="x-risk">{row.risk.value:.2f}</prop>'] if row.risk else []),
            f'<tuv xml:lang="{SOURCE}"><seg>{_content(row.de)}</seg></tuv>',
            f'<tuv xml:lang="en"><seg>{_content(row.en)}</seg></tuv>',
            "</tu>",
        ]
    )


_STATES: dict[Status, str] = {"missing": "initial", "human": "final"}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="{SOURCE}" trgLang="en">\n'
)
FOOT = "</xliff>\n"


def xliff(analysis: Analysis) -> str:
    """One file with one unit a sentence, in order: `id` is its number behind a u. A finding is a note; the state is
    initial (no English), translated, or final (a person decided)."""
    return HEAD + xliff_file(analysis) + FOOT


def xliff_file(analysis: Analysis) -> str:
    """The element `file` of the article; its id is a and how the article's id begins."""
    article = analysis.article
    units = "".join(map(_xliff_unit, analysis.translation or ()))
    return (
        f'<file id="a{article.id[:12]}" original={_attribute(article.source)}>\n'
        f'<notes><note id="n1" category="presseschau">{_content(analysis.provenance.notice)}</note></notes>\n'
        f"{units}</file>\n"
    )


def _xliff_unit(row: TranslatedSentence) -> str:
    said = "".join(
        f'<note id="n{n}" category={_attribute(f.severity)}>{_content(f"{f.code}: {f.message}")}</note>'
        for n, f in enumerate(row.findings, 1)
    )
    target = f"<target>{_content(row.en)}</target>" if one_line(row.en) else ""
    state = _STATES.get(row.status, "translated") if target else "initial"
    return (
        f'<unit id="u{row.n}">{f"<notes>{said}</notes>" if said else ""}'
        f'<segment id="s1" state="{state}" subState="presseschau:{row.decided or row.status}">'
        f"<source>{_content(row.de)}</source>{target}</segment></unit>\n"
    )


def _content(text: str | None) -> str:
    return escape(_NOT_XML.sub("", one_line(text)))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", one_line(text)))
