"""The brief: what is new, growing and fading, with its evidence, its forecast and what is not known.

`model` says its shape, `assemble` makes it, and `html`, `pdf`, `markdown`, `terminal` and `model.to_json` show it.
Nothing is imported here, so that the engine starts fast.
"""
