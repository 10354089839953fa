"""Texts to unit vectors by a folder with an ONNX model and its tokenizer. What is done with them: `related`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.errors import EngineError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODELS: Final = ("model.onnx", "onnx/model.onnx")
TOKENIZER: Final = "tokenizer.json"
MOST_TOKENS: Final = 256
AT_ONCE: Final = 16
"""Texts that go through the model together."""

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What makes vectors of texts."""

    def encode(self, texts: Sequence[str], /) -> Floats:
        """Give float32[n, d], each row of length 1, or 0 for a text without a word."""


def load_encoder(folder: Path) -> Encoder:
    """Load the model of a folder: `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, as models are published.

    Parameters
    ----------
    folder
        Where they lie. The model takes `input_ids` and, if it wants them, `attention_mask` and `token_type_ids`; its
        first output is one vector a text, or one a token, of which the mean is taken.

    Raises
    ------
    EngineError
        `dense.not-installed`, `dense.missing` (folder, file), `dense.unusable` (folder, reason).
    """
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EngineError("dense.not-installed", library=error.name or "onnxruntime") from error
    model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
    if model is None or not (folder / TOKENIZER).is_file():
        raise EngineError("dense.missing", folder=str(folder), file=TOKENIZER if model else MODELS[0])
    options = onnxruntime.SessionOptions()
    # one thread: the same sums in the same order, whatever the machine
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        encoder = _OnnxEncoder(tokenizer, session)
        encoder.encode(["thử"])
    except Exception as error:  # both libraries raise bare exceptions of their own
        raise EngineError("dense.unusable", folder=str(folder), reason=str(error).splitlines()[0]) from error
    return encoder


class _OnnxEncoder:
    def __init__(self, tokenizer: Tokenizer, session: InferenceSession) -> None:
        tokenizer.enable_truncation(MOST_TOKENS)
        tokenizer.enable_padding()
        self._tokenizer = tokenizer
        self._session = session
        self._wanted = [each.name for each in session.get_inputs()]

    def encode(self, texts: Sequence[str], /) -> Floats:
        parts = [self._some(list(texts[start : start + AT_ONCE])) for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def _some(self, texts: list[str]) -> Floats:
        encodings = self._tokenizer.encode_batch(texts)
        known: dict[str, NDArray[Any]] = {
            "input_ids": np.array([each.ids for each in encodings], np.int64),
            "attention_mask": np.array([each.attention_mask for each in encodings], np.int64),
            "token_type_ids": np.array([each.type_ids for each in encodings], np.int64),
        }
        if not known["input_ids"].shape[1]:
            # no text has a word: one empty place each, that counts nothing
            known = {name: np.zeros((len(texts), 1), np.int64) for name in known}
        output = self._session.run(None, {name: known[name] for name in self._wanted})[0]
        vectors = np.asarray(output, np.float32)
        if vectors.ndim == 3:
            mask = known["attention_mask"][:, :, None].astype(np.float32)
            vectors = (vectors * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1.0)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            msg = f"the model gives an array of the shape {output.shape}; one vector a text or a token is expected"
            raise ValueError(msg)
        return unit(vectors)


def unit(vectors: Floats) -> Floats:
    """Bring rows to length 1; a row of zeros stays one."""
    length = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    return (vectors / np.maximum(length, 1e-12)).astype(np.float32)
