"""The archive as one SQLite file: what was analysed, what people decided, the runs; to search, join, correct.

Read in this order: `schema.py` (the tables), `rows.py` (a result in them and back), `store.py` (in and out), `words.py`
and `search.py`, `memory.py`.
"""
