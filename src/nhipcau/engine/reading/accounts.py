"""Enters what a step of reading gave into the report and the rejects file. The counts themselves are in `report`."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from nhipcau.engine.reading.files import Step
from nhipcau.engine.reading.rejects import Reject, RejectSink
from nhipcau.engine.reading.report import FileReport, ReadReport
from nhipcau.engine.reading.shaping import Shaped


def shaped_step(step: Step) -> Shaped | None:
    """Judge the rows of a step, if it has any. This may be done in any thread."""
    return step.shape() if step.shape else None


def take_step(
    step: Step, shaped: Shaped | None, account: FileReport, report: ReadReport, rejects: RejectSink | None
) -> Iterator[pa.RecordBatch]:
    """Account for a step and what its rows became, and give the posts if there are any."""
    account.form = step.form
    account.columns = step.columns or account.columns
    faults = step.rejects + (shaped.rejects if shaped else [])
    if faults:
        account.rejected.update(code for _, code in faults)
        if rejects:
            rejects.write(Reject(account.name, line, code) for line, code in faults)
    if shaped is None:
        return
    batch = shaped.batch
    account.rows += batch.num_rows
    account.later += shaped.later
    report.unknown_kinds += shaped.unknown_kinds
    if batch.num_rows:
        report.has_times |= batch.column("time").null_count < batch.num_rows
        report.has_authors |= batch.column("author_key").null_count < batch.num_rows
        yield batch
