"""Enters what a step of reading gave into the report and the rejects file. The counts themselves are in `report`."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from nhipcau.engine.reading.files import Step
from nhipcau.engine.reading.rejects import Reject, RejectSink
from nhipcau.engine.reading.report import FileReport, ReadReport


def take_step(
    step: Step, account: FileReport, report: ReadReport, rejects: RejectSink | None
) -> Iterator[pa.RecordBatch]:
    """Account for a step, and give its posts if it has any."""
    account.form = step.form
    account.columns = step.columns or account.columns
    shaped = step.shaped
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
