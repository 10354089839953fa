"""Early warning: `detect` for any series, `levels` for hourly counts of voices, `silence` for sources gone quiet.

What is counted, and what a warning is called in Vietnamese and English, is decided elsewhere.
"""

from __future__ import annotations
