"""Tests that really commit are followed by emptying the database, which the guard of the audit log would refuse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from nhipcau.network.auditguard import guard, unguard


@pytest.fixture(scope="session", autouse=True)
def log_that_tests_can_empty() -> Iterator[None]:
    """Only the flush after a test takes the triggers away; all that tests do themselves meets them."""
    with pytest.MonkeyPatch.context() as patch:
        flush = BaseDatabaseOperations.execute_sql_flush

        def flush_all(self, statements):
            unguard(self.connection)
            flush(self, statements)
            guard(self.connection)

        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_all)
        yield
