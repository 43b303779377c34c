"""The sentence pairs of an Analysis as TMX 1.4, for translators' tools."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from presseschau.lang import SOURCE
from presseschau.models import Analysis, TranslatedSentence
from presseschau.output.inert import one_line

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tmx(analysis: Analysis) -> str:
    """One unit a sentence that has English, in order; `tuid` is its number. A finding is a note; the state, and what a
    person decided, are props."""
    version = analysis.provenance.versions.get("presseschau", "0")
    units = [_unit(row) for row in analysis.translation or () if one_line(row.en)]
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


def _unit(row: TranslatedSentence) -> str:
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


def _content(text: str | None) -> str:
    return escape(_NOT_XML.sub("", one_line(text)))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", one_line(text)))
