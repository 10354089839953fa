"""Sessions in the database, looked up by a query that is compiled once: it comes before every page."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from nhipcau.running.prepared import Prepared, blank

_HELD = Prepared(lambda: Session.objects.filter(session_key=blank("key"), expire_date__gt=blank("now")))


class SessionStore(DatabaseSessions):
    """Where the sessions of this installation are kept."""

    def _get_session_from_db(self) -> Session | None:
        """Give the row of the session, or forget a key that has none."""
        row = _HELD.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
        return row
