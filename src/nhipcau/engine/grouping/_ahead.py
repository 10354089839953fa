"""Asking memory for what will be needed soon. Private.

A kernel that goes from row to row by what it reads waits for memory at each of them; asked for beforehand, they come
while other work goes on. It changes no result.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

READ, SOON, DATA = 0, 3, 1  # https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic


@intrinsic
def look_ahead(typing_context: Any, array: Any, place: Any) -> Any:
    """Let the row of an array at a place, a tuple of int64, come into the cache."""
    del typing_context

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        places = cgutils.unpack_tuple(builder, arguments[1])
        made = context.make_array(kind)(context, builder, arguments[0])
        row = cgutils.get_item_pointer(context, builder, kind, made, places, wraparound=False)
        address, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [address, whole, whole, whole])
        prefetch = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
        builder.call(prefetch, [builder.bitcast(row, address), whole(READ), whole(SOON), whole(DATA)])
        return context.get_dummy_value()

    return types.void(array, place), generate
