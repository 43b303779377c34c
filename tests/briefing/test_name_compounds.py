import pytest

from presseschau.briefing.stories import is_name_compound


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
