"""A language model of a few words, built on the spot: each word has a vector, words of one meaning share it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace


def write_model(folder: Path, meanings: Sequence[Sequence[str]], *, width: int = 48, pooled: bool = False) -> Path:
    """Write `model.onnx` and `tokenizer.json`; the words of one row mean the same.

    With `pooled` the model gives one vector a text, else one a token.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = [word for row in meanings for word in row]
    vocabulary = {"[UNK]": 0, "[PAD]": 1, **{word: number for number, word in enumerate(words, start=2)}}
    rng = np.random.default_rng(5)
    table = np.zeros((len(vocabulary), width), np.float32)
    for row in meanings:
        vector = rng.normal(size=width)
        for word in row:
            table[vocabulary[word]] = vector + 0.05 * rng.normal(size=width)
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    shape: list[str | int] = ["texts", width] if pooled else ["texts", "tokens", width]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["vectors" if not pooled else "each"], axis=0)]
    if pooled:
        nodes.append(helper.make_node("ReduceSum", ["each", "axes"], ["vectors"], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    return folder
