"""Places: the list of units of Viet Nam, and finding them in text or in a place column. Start at `gazetteer.py`.

`units.py` holds the rows, `names.py` the spellings that point at them, `matching.py` the search in text (its kernels in
`_kernels.py`), `columns.py` place columns. `build.py` makes the data file and is no part of a run.
"""
