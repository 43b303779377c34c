import pytest

from presseschau.briefing.quantities import quantities


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
