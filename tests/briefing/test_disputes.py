import pytest

from presseschau.briefing.tables import denies


@pytest.mark.parametrize(
    "german",
    ["Brandt bestritt das am Mittwoch im Landtag.", "Das Unternehmen weist das zurück.",
     "Die Bank dementiert: Alles gut.", "Ihr Anwalt wies die Vorwürfe entschieden zurück.",
     "Das bestreitet der Verband.", "Der Minister widersprach dem."],
)  # fmt: skip
def test_takes_up_and_denies_what_stands_before_it(german):
    assert denies(german)


@pytest.mark.parametrize(
    "german",
    ["Er wies den Weg zum Bahnhof.", "Sie wies den Vorwurf des Betrugs zurück.", "Das sagte Brandt am Mittwoch.",
     "Er bestritt, dass er davon gewusst habe.", "Die Jury wies die Darstellung der Klägerin zurück.",
     "Die Studie widerspricht dem Bericht."],
)  # fmt: skip
def test_denies_nothing_or_says_itself_what(german):
    assert not denies(german)
