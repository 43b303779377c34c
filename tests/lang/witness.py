"""Public functions in which a rule must show: `WITNESSES[rule.witness](language, example)`."""

import re

from presseschau.briefing import (
    accounts,
    contexts,
    corrections,
    following,
    likeness,
    quantities,
    readings,
    statements,
    stories,
    tables,
    timeline,
    wordings,
)
from presseschau.briefing.stories import is_name_compound
from presseschau.checks import check_claim, check_pair
from presseschau.checks.claim import selection
from presseschau.checks.naming.english_name import english_name
from presseschau.checks.pair import omission
from presseschau.checks.pair.german_words import german_noun
from presseschau.facts import _concepts, compare, facts
from presseschau.facts.names.kept_words import is_german
from presseschau.facts.numbers.differences import zones
from presseschau.facts.speech import english, german, voices
from presseschau.facts.time import moments
from presseschau.ingest import dates, read_article
from presseschau.ingest.article import find_instruction
from presseschau.ingest.formats.html import read_page
from presseschau.ingest.formats.page_about import is_life, people
from presseschau.ingest.layout import blocks, credits, dateline, furniture, sorting, ticker
from presseschau.ingest.layout import furniture as walls
from presseschau.ingest.text.repair import restore
from presseschau.models import Claim, Evidence, Moment
from presseschau.notes import Source, SourceClaim, SourceSentence

FIELDS = tuple(_concepts())


def _pair(lang, example):
    german, english = (example.text, example.other) if lang == "de" else (example.other, example.text)
    return compare(facts(german, "de"), facts(english, "en")), check_pair(german, english)


def _events(lang, example):
    return stories.event_words(
        [
            read_article(f"Bericht\n\n{text}", source="", lang_check=False)
            for text in (example.other or example.text, "Ein Zug fuhr ab.")
        ]
    )


def _followed(lang, example):
    article = read_article(f"{example.text}\n\nEs brannte {example.text}.", source="", lang_check=False)
    return following.features([article]), following.is_series(article), following.taken_up(article)


def _corrections(lang, example):
    source = Source(n=1, id="a", published="2026-05-18", sentences=(), kept=(example.other or example.text,))
    return corrections.corrections((), [source])


def _taken_back(lang, example, note=""):
    note = note or f"Im Artikel nannten wir {example.text} Euro für die Brücke. Richtig ist: 7001 Euro."
    corrected = Source(n=1, id="a", published="2026-05-18", sentences=(), outlet="Bote", kept=(note,))
    earlier = Source(n=2, id="b", published="2026-05-17", sentences=(), outlet="Bote")
    told = Evidence(n=2, start=0, end=9, text=f"Die Brücke kostet {example.text} Euro.")
    claim = Claim(id="c1", text="Guests came.", sentences=(2,), evidence=(told,))
    return corrections.taken_back([SourceClaim(id="2.c1", source=2, claim=claim)], [corrected, earlier])


def _taken_back_at_once(lang, example):
    return _taken_back(lang, example._replace(text="410"), f"Anders als berichtet kostet die Brücke {example.text}.")


def _sources(*texts):
    """A paper for each text, its sentences between bars."""
    sentences = [
        [
            SourceSentence(n=n, de=de, en=None, start=0, end=len(de), role="body")
            for n, de in enumerate(text.split(" | "))
        ]
        for text in texts
    ]
    return [
        Source(n=n, id=str(n), published="2026-05-18", outlet=str(n), sentences=tuple(own))
        for n, own in enumerate(sentences, start=1)
    ]


def _told(sources, english):
    """A claim for each source, on all of its sentences."""
    return [
        SourceClaim(
            id=f"{s.n}.c1", source=s.n,
            claim=Claim(
                id="c1", text=english, sentences=tuple(one.n for one in s.sentences),
                evidence=tuple(Evidence(n=one.n, start=0, end=len(one.de), text=one.de) for one in s.sentences),
            ),
        )
        for s in sources
    ]  # fmt: skip


def _readings(lang, example):
    german = example.other or example.text
    sources, figures = _sources(german), re.findall(r"[0-9]+", german)
    english = f"It is {' or '.join(figures)}, or {' million or '.join(figures)} million."
    return readings.readings(_told(sources, english), sources)


def _named_bodies(lang, example):
    sources = _sources(example.text, example.text)
    return readings.named_bodies(_told(sources, example.text), sources, {1: "a", 2: "b"})


def _wordings(lang, example):
    """Two papers: in German on the cause of a fire, in English with the two claims of the example."""
    sources = _sources(example.text, "Ein Blitz war die Ursache des Brands.")
    text = ("The fire was caused by a fault.", "Lightning caused the fire.")
    if lang == "en":
        sources, text = _sources("Holm sprach.", "Berg sprach."), (example.text, example.other)
    both = [
        c.model_copy(update={"claim": c.claim.model_copy(update={"text": t})})
        for c, t in zip(_told(sources, ""), text, strict=True)
    ]
    return wordings.wordings(both, sources, {1: "a", 2: "b"})


def _accounts(lang, example):
    """What sets a claim apart from another one, which says nothing else."""
    told = _told(_sources("Holm sprach.", "Berg sprach."), "")
    one, other = (
        statements.statement(c.model_copy(update={"claim": c.claim.model_copy(update={"text": text})}))
        for c, text in zip(told, (example.text, example.other or "The town is old."), strict=True)
    )
    return accounts.measures(one, other, 0.5, ([0.0], [0.0]), ((), ()))


def _contexts(lang, example):
    """What a claim is of and about, beside another one."""
    when = Moment(text="am 12. Mai", date="2026-05-12")
    told = _told(_sources("Holm sprach am 12. Mai.", "Berg sprach."), "")
    one, other = (
        statements.statement(c.model_copy(update={"claim": c.claim.model_copy(update={"text": t, "when": when})}))
        for c, t in zip(told, (example.text, example.other), strict=True)
    )
    apart = [contexts.differ_in(name, one, other) for name in ("again", "intended", "did_not", "ahead")]
    about = contexts.other_subject(one, other, one.words[-1:], other.words[-1:])
    return (
        one.states,
        one.years,
        one.words,
        apart,
        about,
        contexts.as_well(one),
        wordings.doer(one, other),
        wordings.day_of(one),
    )


def _written(lang, example):
    figure = re.search(r"\d[\d,]*", example.other or example.text)
    return readings.written(example.other or example.text, *figure.span(), whole=True)


def _timeline(lang, example):
    text = f"Bericht\n\n{example.text}"
    article = read_article(text, source="", lang_check=False, metadata={"date": "2026-05-13"})
    evidence = tuple(Evidence.of(s) for s in article.sentences if s.role == "body")
    claim = Claim(id="c1", text="A test is due on Friday.", sentences=(2,), evidence=evidence, stance="planned")
    source = Source(n=1, id=article.id, published="2026-05-18", sentences=())
    return timeline.timeline([SourceClaim(id="1.c1", source=1, claim=claim)], [source])


def _left(lang, example):
    return check_pair(*example.other.split(" | "))


def _claim(lang, example):
    english, _, german = (example.other if " | " in example.other else f"{example.text} | {example.other}").partition(
        " | "
    )
    article = read_article(f"Bericht aus Kiel\n\n{german}", source="", lang_check=False)
    return check_claim(english, [s for s in article.sentences if s.role != "headline"], article)


def _named_before(lang, example):
    article = read_article(f"Bericht aus Kiel\n\nUdo Holm kam. {example.text}", source="", lang_check=False)
    return check_claim("Udo Holm denies this.", article.sentences[-1:], article, "Udo Holm")


def _named_beside(lang, example):
    text = f"Bericht aus Kiel\n\nDer Verband Nordring warnt. Es brenne, sagte {example.text} Udo Holm."
    article = read_article(text, source="", lang_check=False)
    return check_claim("There is a fire.", article.sentences[-1:], article, "Nordring")


def _named_at_the_top(lang, example):
    text = (
        f"Bericht aus Kiel\n\nBrenk baut in Kiel um. Eine Halle wird frei.\n\nEs brenne, sagte {example.text} Udo Holm."
    )
    article = read_article(text, source="", lang_check=False)
    return check_claim("There is a fire.", article.sentences[-1:], article, "Brenk")


def _said_behind(lang, example):
    article = read_article(f"Bericht aus Kiel\n\nEin Zug fuhr ab. {example.text}", source="", lang_check=False)
    return check_claim("A train left, Udo Holm said.", article.sentences[1:2], article, "Udo Holm")


def _found_before(lang, example):
    text = f"Bericht aus Kiel\n\n{example.text} Am Sonntag setzt der Gesang später ein."
    article = read_article(text, source="", lang_check=False)
    return check_claim("On Sundays the singing starts later.", article.sentences[-1:], article, "the researchers")


def _not_known(lang, example):
    return selection.not_known(read_article(f"Bericht aus Kiel\n\n{example.text}", source="", lang_check=False))


def _wall(lang, example):
    line = example.other or example.text
    tests = walls.is_pitch, walls.is_offer, walls.cuts_short, walls.breaks_off, walls.is_consent
    return [test(line) for test in tests]


def _credits(lang, example):
    line = example.other or example.text
    return (
        credits.read_credit(line),
        credits.trailing_credit(line),
        credits.inner_credit(line),
        credits.outlet_in(line),
        credits.paper_in(line),
        credits.is_signature(line),
        credits.credited_person(line),
    )


def _english_speech(lang, example):
    found = english.attributions(example.text)
    return found, [(one.name, one.phrase) for one in found], english.voiced(example.text)


def _german_speech(lang, example):
    sentences = (example.other or example.text).split("\n")
    read = [(german.attributions(s), german.passed_on(s, (0, 0)), german.relied_on(s)) for s in sentences]
    return voices.voices_of(sentences, [1] * len(sentences)), read


_PROSE = (
    "Der Rat der Stadt hat am Montag lange beraten und dann den Haushalt beschlossen. Das sagte der Sprecher am Abend. "
)


def _page(lang, example):
    """A page that shows the example as headline, link, address, line and last words."""
    text = example.text
    page = (
        f'<html><link rel="next" href="{text}"><body><h1>{text}</h1><p class="lead">{_PROSE} {text}</p>'
        f'<p>{_PROSE * 3}</p><p><a href="{text}">Uwe Holm</a></p><p>{_PROSE * 2} {text}</p><div>{text}</div>'
        f'<a href="/n">{text}</a></body></html>'
    )
    return read_page(page.encode(), "page"), people(example.other or text), is_life(f"Eva Muster{text}", "Eva Muster")


WITNESSES = {
    "page": _page,
    "speech_de": _german_speech,
    "mood": lambda lang, example: german.subjunctives(example.text),
    "stance": lambda lang, example: [german.stance(example.text, voiced) for voiced in (True, False)],
    "naming": lambda lang, example: english_name(example.other or example.text),
    "introduces": lambda lang, example: german.introduces(example.text),
    "speech_en": _english_speech,
    "facts": lambda lang, example: [getattr(facts(example.other or example.text, lang), field) for field in FIELDS],
    "moments": lambda lang, example: moments.moments(example.text, "2026-05-15"),
    "pair": _pair,
    "claim": _claim,
    "named_before": _named_before,
    "named_beside": _named_beside,
    "named_at_the_top": _named_at_the_top,
    "stands_alone": lambda lang, example: selection.stands_alone(example.text),
    "found_before": _found_before,
    "said_behind": _said_behind,
    "not_known": _not_known,
    "left": _left,
    "omission": lambda lang, example: omission.light_parts(example.text),
    "noun": lambda lang, example: [german_noun(example.text, bare=bare) for bare in (False, True)],
    "evidence": lambda lang, e: compare(facts(e.text, lang), facts(e.other, "en" if lang == "de" else "de"), "within"),
    "within": lambda lang, e: compare(facts(e.other, "en" if lang == "de" else "de"), facts(e.text, lang), "within"),
    "german": lambda lang, example: is_german(example.other or example.text),
    "compound": lambda lang, example: is_name_compound(example.text),
    "events": _events,
    "followed": _followed,
    "alike": lambda lang, example: likeness.nouns(example.other or example.text),
    "corrections": _corrections,
    "recalled": lambda lang, e: corrections.recalled(
        read_article(f"{e.text}\n\nDie Brücke ist 80 Meter lang, nicht 90.", source="", lang_check=False)
    ),
    "taken_off": lambda lang, e: corrections.taken_off(
        read_article(f"{e.text}\n\nDie Brücke ist 80 Meter lang, nicht 90.", source="", lang_check=False)
    ),
    "timeline": _timeline,
    "taken_back": _taken_back,
    "taken_back_at_once": _taken_back_at_once,
    "addressed": lambda lang, example: find_instruction(example.other or example.text),
    "quantities": lambda lang, example: quantities.quantities(example.other or example.text),
    "readings": _readings,
    "named_bodies": _named_bodies,
    "written": _written,
    "wordings": _wordings,
    "accounts": _accounts,
    "contexts": _contexts,
    "states": lambda lang, example: readings.state(example.text),
    "disputes": lambda lang, example: tables.denies(example.other or example.text),
    "zones": lambda lang, example: zones(example.text),
    "ticker": lambda lang, example: ticker.read_entry(example.text),
    "residue": lambda lang, example: restore(example.other),
    "interview": lambda lang, e: [
        blocks.is_interview([e.text] * 3),
        blocks.is_interview(["Wer kam?"] * 3, e.text),
        blocks.is_own_word(e.text),
    ],
    "dates": lambda lang, example: dates.read_line(example.text),
    "dateline": lambda lang, example: dateline.read_dateline(example.text),
    "place": lambda lang, example: dateline.read_place(example.other or example.text, example.other or example.text),
    "byline": lambda lang, example: credits.read_byline(example.other or example.text),
    "names": lambda lang, example: credits.bare_names(example.text),
    "credits": _credits,
    "boilerplate": lambda lang, example: furniture.is_boilerplate(example.text),
    "heading": lambda lang, example: furniture.stop_heading(example.text),
    "link": lambda lang, example: furniture.is_link_line(example.text),
    "teaser": lambda lang, example: furniture.reads_on(example.text),
    "wall": _wall,
    "note": lambda lang, example: sorting.is_note(example.text),
    "note_head": lambda lang, example: sorting.can_head(example.other or example.text),
    "agencies": lambda lang, example: credits.agency_in(example.text),
}
