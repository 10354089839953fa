"""Issues that say the same in different words, by a language model that the operator brings; without one, nothing.

`encoder` reads the model and makes vectors of texts, `related` finds which vectors are nearer than chance. Grouping
does not use this. Nothing is loaded before `load_encoder` is called, and nothing is ever downloaded.
"""

from nhipcau.engine.dense.encoder import Encoder, load_encoder
from nhipcau.engine.dense.related import Related, related

__all__ = ["Encoder", "Related", "load_encoder", "related"]
