"""Places: the list of units of Viet Nam, and finding them in text or in a place column. Start at `gazetteer.py`.

`units.py` says what a unit is, `reading.py` reads lists of them, `names.py` makes the spellings that point at them, the
kernels (`_table`, `_surroundings`, `_choice`, `_kernels`) find these in tokens, `columns.py` reads place columns.
`build.py` makes the data file and is no part of a run.
"""
