"""The desk: a page in the browser, over the same functions as the command line (extra `desk`).

Read in this order: `app.py` (what there is), `security.py` (who may use it), `page.py` (what every page gets), then the
pages: a file each, which gives its `routes`. Nothing is decided, analysed or searched here that is not done by
`results`, `archives` or the rooms behind them.
"""
