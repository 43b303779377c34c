"""What a note is told by the German of its sources: quantities, denials, compounds with a name."""

import pytest

from presseschau.briefing.quantities import quantities
from presseschau.briefing.stories import is_name_compound
from presseschau.briefing.tables import denies


def amounts(german):
    return [(int(one.amount), one.whole, one.part_of and int(one.part_of)) for one in quantities(german)]


@pytest.mark.parametrize(
    "german", ["Die A 49 ist gesperrt.", "Er trägt die Rückennummer 9.", "Auf der Autobahn (A10) stockt es.",
               "Hinweise unter der Nummer 06431 91400."],
)  # fmt: skip
def test_what_a_figure_names_is_no_amount(german):
    assert amounts(german) == []


@pytest.mark.parametrize(
    "german", ["Von den 1400 Schließfächern brachen sie rund 1100 auf.", "Aufgebrochen wurden 1100 der 1400 Fächer."]
)
def test_a_part_knows_its_whole(german):
    assert sorted(amounts(german)) == [(1100, False, 1400), (1400, True, None)]


def test_injured_passengers_are_injured():
    (one,) = quantities("Zwölf Fahrgäste wurden verletzt.")
    assert one.thing.name == "injured"


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


@pytest.mark.parametrize("word", ["emmertalbrücke", "lahnbank", "werrastadt", "koreakrieg", "pfälzerwald"])
def test_a_common_noun_behind_a_name(word):
    assert is_name_compound(word)


@pytest.mark.parametrize(
    "word",
    ["busunglück", "feuerwehrkommandant", "schließfächer", "angreifer", "cyberangriff", "staatsanwaltschaft", "brücke",
     "bürgermeisterin", "mitglieder", "verkehrsminister"],
)  # fmt: skip
def test_german_throughout(word):
    assert not is_name_compound(word)
