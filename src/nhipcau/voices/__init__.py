"""LISTEN: where voices come from. Today: public feeds (`feeds.py`). What is done with voices is the engine's matter."""
