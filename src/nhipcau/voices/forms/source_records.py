"""The words of audit records about sources, uploads and field reports."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from nhipcau.voices.models.sources import SourceKind

SHORT: Final[dict[str, Any]] = {
    "source.added": _("Source added"),
    "source.first-added": _("First press feeds added"),
    "source.changed": _("Source changed"),
    "source.stopped": _("Source stopped"),
    "source.started": _("Source started again"),
    "upload.handed-in": _("File of voices handed in"),
    "upload.columns-said": _("Columns of a file stated"),
    "upload.taken": _("File of voices let in"),
    "upload.dropped": _("File of voices dropped"),
    "field-report.given": _("Field report given"),
    "sample.sources-made": _("Sources of the sample made"),
}
SENTENCES: Final[dict[str, Any]] = {
    "source.added": _("Source “%(name)s” added: %(kind)s"),
    "source.first-added": _("%(count)s press feeds added: %(names)s"),
    "source.changed": _("Source “%(name)s” changed: %(fields)s"),
    "source.stopped": _("Source “%(name)s” stopped: %(reason)s"),
    "source.started": _("Source “%(name)s” started again: %(reason)s"),
    "upload.handed-in": _("File “%(file)s” (%(bytes)s bytes) handed in for “%(source)s”"),
    "upload.columns-said": _("Columns of the file “%(file)s” stated: %(columns)s"),
    "upload.taken": _("File “%(file)s” let in for “%(source)s”"),
    "upload.dropped": _("File “%(file)s” for “%(source)s” dropped"),
    "field-report.given": _("Field report with %(voices)s questions and concerns given"),
    "sample.sources-made": _("%(sources)s sources of the sample made"),
}
WORDED: Final[dict[str, dict[str, Any]]] = {
    "kind": {str(value): label for value, label in SourceKind.choices},
    "fields": {
        "name": _("name"),
        "matter": _("what it gives"),
        "owner": _("office in charge"),
        "area": _("area"),
        "language": _("language"),
        "terms": _("terms of use"),
        "purpose": _("purpose"),
        "retention_days": _("days kept"),
        "rhythm_minutes": _("rhythm"),
        "address": _("address"),
    },
}
