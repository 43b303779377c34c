"""A pronoun is never a speaker: not in voices, in claims, or in what a note takes from stored claims."""

from __future__ import annotations

import pytest

from presseschau.analysis import Options, analyze
from presseschau.briefing.sources import claims
from presseschau.facts.speech.english import attributions
from presseschau.facts.speech.mentions import is_pronoun
from presseschau.facts.speech.voices import voices_of
from presseschau.ingest import read_article
from presseschau.models import Span
from scripted import ScriptedEngine, wanted

BEFORE = "Landrat Jens Pahlke sprach von einer schwierigen Lage."
FORMS = (
    "ich meiner mir mich du deiner dir dich er seiner ihm ihn sie ihrer ihr es wir unser uns euch ihnen "
    "sich selbst einander man jemand jemandem jemanden niemand niemandem niemanden irgendjemand irgendwer "
    "wer wem wen keiner keine keinem keinen einer eine einem einen jeder jede jedem jeden jedermann "
    "mancher manche manchem alle allen viele vielen wenige einige einigen andere anderen anderer mehrere "
    "mehreren etliche solche beide beiden etwas nichts der die den dem denen dessen deren dieser diese "
    "diesem diesen jener jene jenem jenen derselbe dieselbe denselben derjenige diejenigen selbiger "
    "letzterer letztere letzterem ersterer erstere ersterem"
)
FRAMES = (
    "{} lägen keine Hinweise vor.",
    "{} sei das nicht bekannt.",
    "{} sagte, das sei falsch.",
    "{} sagten, das sei falsch.",
    "{} zufolge ist das falsch.",
    "Laut {} ist das falsch.",
    "Das sei falsch, so {} weiter.",
    "„Das ist falsch“, sagte {}.",
    "Wie {} mitteilte, ist das falsch.",
    "Nach Angaben von {} ist das falsch.",
    "Das teilte {} mit.",
    "{} widersprach entschieden.",
    "{} hat erklärt, das sei falsch.",
    "Am Montag sagte {}, das sei falsch.",
    "{} wird vorgeworfen, das sei falsch.",
    "Aus Sicht von {} ist das falsch.",
)


@pytest.mark.parametrize("form", FORMS.split())
@pytest.mark.parametrize("large", [False, True])
def test_no_voice_is_a_pronoun(form: str, large: bool) -> None:
    assert is_pronoun(form)
    word = form.capitalize() if large else form
    for frame in FRAMES:
        said = frame.format(form.capitalize() if frame.startswith("{") else word)
        for voice in voices_of([BEFORE, said, "Es sei falsch."]):
            assert voice is None or voice.speaker in (None, "Landrat Jens Pahlke"), (said, voice)


@pytest.mark.parametrize(
    "name", ["Ida", "Woody Allen", "Manfred Mann", "das Ihrlerstein-Institut", "a man", "Wen Jiabao"]
)
def test_names_are_no_pronouns(name: str) -> None:
    assert not is_pronoun(name)


@pytest.mark.parametrize(
    ("sentences", "speaker"),
    [
        ([BEFORE, "Ihm zufolge ist die Straße gesperrt."], "Landrat Jens Pahlke"),
        ([BEFORE, "Seiner Darstellung nach ist die Straße gesperrt."], "Landrat Jens Pahlke"),
        ([BEFORE, "Ihm widersprach Anna Berg.", "Die Straße sei frei."], "Anna Berg"),
        (["Die Ministerin Eva Berg sagte, das sei so.", "Laut ihm ist es anders."], None),
        (["Der Minister sagte, das sei so.", "Jemand rief, es sei zu heiß."], None),
        (["Der Minister sagte, das sei so.", "Viele sagten, es brenne."], None),
        (["Der Minister sagte, das sei so.", "Ihm sagte die Polizei, es brenne."], "die Polizei"),
        (["Der Minister sagte, das sei so.", "„Es brennt“, sagte eine junge Frau."], "eine junge Frau"),
        (["Der Minister sagte, das sei so.", "Manche Anwohner sagten, es brenne."], "Manche Anwohner"),
        ([BEFORE, "Einer der Zeugen sagte, es brenne."], "Einer der Zeugen"),
        ([BEFORE, "Eines der Kinder sagte, es brenne."], "Eines der Kinder"),
        ([BEFORE, "Es brenne, sagte einer der jungen Zeugen."], "einer der jungen Zeugen"),
        ([BEFORE, "Die Straße ist einem der Zeugen zufolge frei."], "einem der Zeugen"),
        ([BEFORE, "Er sagte Reportern, dass es brennt."], "Landrat Jens Pahlke"),
        ([BEFORE, "Es brennt, sagte er gegenüber Reportern."], "Landrat Jens Pahlke"),
        (["Der Minister sagte, das sei so.", "Sie betonte Unterschiede und sagte, es brenne."], None),
        ([BEFORE, "Es brennt, sagte eine junge Frau."], "eine junge Frau"),
    ],
)
def test_a_pronoun_stands_for_who_fits_or_for_nobody(sentences: list[str], speaker: str | None) -> None:
    voice = voices_of(sentences)[-1]
    assert voice is not None
    assert voice.speaker == speaker


@pytest.mark.parametrize("said", ["Ihm", "ihm", "er selbst", "he", "They", "one of them", "himself", "Someone"])
async def test_no_claim_and_no_note_has_a_pronoun_for_its_speaker(said: str) -> None:
    more = "Ihm zufolge liegen keine Hinweise auf Schäden vor. Der Pegel fällt langsam."
    text = f"Hochwasser an der Elbe\n\n{BEFORE} {more}"
    article = read_article(text, source="x", lang_check="off")

    def reply(request):  # type: ignore[no-untyped-def]
        rows = [
            {"sentences": [n], "speaker": said, "via": [said], "stance": "reported", "text": "There is no damage."}
            for n in wanted(request)
        ]
        return {"claims": rows}

    analysis = await analyze(article, ScriptedEngine(reply), Options(tasks=["claims"], rounds=0))
    assert analysis.claims
    assert {claim.speaker for claim in analysis.claims} <= {"Jens Pahlke", None}
    assert not any(claim.via for claim in analysis.claims)

    stored = analysis.claims[0].model_copy(
        update={"speaker": said, "speaker_de": Span(start=0, end=len(said), text=said), "supported": True}
    )
    (one,) = claims([analysis.model_copy(update={"claims": (stored,)})])
    assert (one.claim.speaker, one.claim.speaker_de) == (None, None)


@pytest.mark.parametrize("who", ["He", "Someone", "Nobody", "Others", "One of them", "He himself"])
def test_a_sentence_of_a_note_gives_no_words_to_a_pronoun(who: str) -> None:
    assert attributions(f"{who} said the dam was leaking.") == ()
    assert attributions(f"The dam was leaking, according to {who.lower()}.") == ()
