"""Who says it: whose words a German or an English text gives, through whom, and how surely.

`german.py`: whom a German sentence names, its Konjunktiv I, through whom words came, and how surely it says it
(alleged, planned, an opinion ...); `mentions.py`: what such a mention stands for; `carried.py` and `voices.py`: the
speakers of an article's sentences, carried on where a sentence names nobody; `english.py`: whom an English text names.
The forms are rules (`lang/de/attribution.toml` and the files that these docstrings name), each with examples.
"""
