"""Who says it: whose words a German or an English text gives, through whom, and how surely.

`german.py`: whom a German sentence names, and its Konjunktiv I; `mentions.py`: what such a mention stands for;
`carried.py` and `voices.py`: the speakers of an article's sentences, carried on where a sentence names nobody;
`chain.py`: through whom words came; `stances.py`: alleged, planned, an opinion ...; `english.py`: whom an English text
names. The forms are rules (`lang/de/attribution.toml` and the files that these docstrings name), each with examples.
"""
