"""Who says it: whose words a German or an English text gives, through whom, and how surely.

A German sentence names its source (`german.py`, in the forms of `forms.py`, with the verbs of `reporting.py`); what the
mention stands for is in `mentions.py`. Over an article speakers are carried on (`voices.py`, `carried.py`). `chain.py`:
through whom words came; `stances.py`: alleged, planned, an opinion ...; `english.py`: whom an English text names.
"""
