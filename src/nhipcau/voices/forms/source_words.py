"""What can be wrong with a source, a file or a field report, in words with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from nhipcau.site.errors import DomainError, words_for


def source_words(error: DomainError) -> str:
    """One sentence for what is wrong with a field of a source, or with a step."""
    values = error.values
    return {
        "length": _("Name: write between 1 and %(limit)s characters."),
        "choice": _("Choose one of the list."),
        "office-closed": _("Office in charge: this office is closed. Choose one that is there."),
        "language": _("Language: write its code, such as vi or en."),
        "too-long": _("This is too long: at most %(limit)s characters."),
        "range": _("This number is not between what is allowed; the most is %(limit)s."),
        "address": _("Address: write the whole address of the feed, https://…, without a user name."),
        "address-private": _("Address: it lies inside a private network, which is not asked."),
        "address-twice": _("Address: another source asks this feed already."),
        "name-taken": _("Name: there are too many sources of this name."),
        "none-chosen": _("Choose at least one feed."),
        "reason": _("Reason: write between 3 and %(limit)s characters."),
        "stopped": _("This source was stopped already."),
        "running": _("This source is not stopped."),
        "being-forgotten": _("All of this source is being deleted. It can be started again when that is done."),
        "name-differs": _("Name: this is not the name of the source. Write it as it stands above."),
    }.get(values.get("problem", ""), error.code) % values


def upload_words(error: DomainError) -> str:
    """One sentence for why a file is not taken."""
    if error.code == "upload-elsewhere":
        return _("This file stands elsewhere by now. Look at it again.")
    values = error.values
    return {
        "no-files": _("This source takes no files now: it is stopped, or of another kind."),
        "ending": _(
            "Files end in .csv, .tsv, .jsonl, .json or .parquet, also packed with .gz. Save it as one of these."
        ),
        "too-large": _("The file is larger than %(limit)s MB. Divide it and hand the parts in one after another."),
        "no-room": _("There is not enough room on the disk of the centre. Ask whoever runs it."),
        "many": _("There are %(limit)s files waiting already. Take them in or drop them first."),
        "nothing-readable": _(
            "There is nothing in this file that can be read as voices: it needs a column with texts."
        ),
        "twice": _("This very file was brought in for this source before."),
        "column": _("One of the columns is not in the file. Choose from the list."),
    }.get(values.get("problem", ""), error.code) % values


def report_words(error: DomainError) -> str:
    """One sentence for what is wrong with a field report."""
    values = error.values
    return {
        "key": _("This form is damaged. Open it anew."),
        "choice": _("Choose one of the list."),
        "later": _("This day is still to come."),
        "long-ago": _("This day is more than %(limit)s days ago."),
        "missing": _("Write at least one question or concern."),
        "many": _("Write at most %(limit)s lines; send the rest with a second report."),
        "too-long": _("A line has at most %(limit)s characters."),
        "range": _("How many people: a number between 1 and %(limit)s."),
    }.get(values.get("problem", ""), error.code) % values


def failure_words(code: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """What went wrong with a source or file, and what to do about it."""
    said = {**values, "again": _moment(values.get("retry_at"))}
    if code == "feed.http-status":
        return _status_words(values.get("status"))
    later = _("It is asked again by itself; if it stays so, open the address in a browser.")
    address = _("Look up the address of the feed on the page of the publisher, and correct it.")
    publisher = _("Tell the publisher, or take another feed of theirs.")
    found = {
        "feed.bad-response": (_("The server's answer is not valid."), later),
        "feed.bad-url": (_("This is no web address."), address),
        "feed.encoding": (_("The content is packed in a way that cannot be unpacked."), publisher),
        "feed.invalid-xml": (_("The content is no valid XML."), publisher),
        "feed.no-such-host": (_("There is no such host."), address),
        "feed.not-a-feed": (_("What lies at this address is no RSS, Atom or JSON feed."), address),
        "feed.odd-host": (_("The host is written in an unusual form, which is not opened."), address),
        "feed.private-address": (
            _("The address leads into a private network. It was not asked."),
            _("If a public name leads there, somebody may have changed it: ask the publisher. Nothing was sent."),
        ),
        "feed.scheme": (_("Only http and https are asked."), address),
        "feed.timeout": (_("The server did not answer in time."), later),
        "feed.too-large": (_("The content is larger than a feed may be, or does not end."), publisher),
        "feed.too-many-redirects": (_("The address leads from one to the next without an end."), address),
        "feed.truncated": (_("The content was cut off."), later),
        "feed.unreachable": (_("No connection to the server."), later),
        "feed.unsafe-xml": (_("The XML declares something dangerous and was refused."), publisher),
        "feed.wait": (
            _("The server asks to wait until %(again)s."),
            _("It is asked again then; nothing is to be done."),
        ),
        "upload.file-gone": (_("The file is no longer there."), _("Hand it in again.")),
        "upload.source-stopped": (
            _("The source was stopped while the file was taken in."),
            _("Start the source again and hand the file in again: what was taken in is not doubled."),
        ),
    }
    unknown = (_("It failed (%(code)s).") % {"code": code}, _("If it stays so, tell whoever runs the centre."))
    what, remedy = found.get(code, unknown)
    return what % said if code in found else what, remedy


def _status_words(status: object) -> tuple[str, str]:
    if status == 410:
        return (
            _("The feed is gone for good (410)."),
            _("Look up whether the publisher has another; else stop this source."),
        )
    if status == 404:
        return _("There is nothing at this address (404)."), _("Look up the address of the feed, and correct it.")
    if status in (401, 403):
        return (
            _("The server does not let us in (%(status)s).") % {"status": status},
            _("Ask the publisher whether the feed is public. What lies behind a log-in is not read."),
        )
    return (
        _("The server answered with the error %(status)s.") % {"status": status},
        _("It is asked again by itself; if it stays so, open the address in a browser."),
    )


def reject_words(code: str) -> str:
    """Why a row of a file was left out."""
    return {
        "json": _("the line is not one JSON object"),
        "quote": _("a quoted field does not end"),
        "fields": _("the number of fields is not that of the header"),
        "line-too-long": _("the line is too long"),
        "encoding": _("a value is not UTF-8"),
        "text-empty": _("there is no text"),
        "text-nested": _("the text is an object or a list"),
        "time": _("the time is missing or cannot be read"),
        "arrived": _("the time of arrival cannot be read"),
        "cut": _("the file ends in the middle"),
        "damaged": _("the file is damaged from here on"),
    }.get(code, code)


def _moment(text: object) -> str:
    if not isinstance(text, str):
        return "–"
    try:
        return f"{timezone.localtime(datetime.fromisoformat(text)):%H:%M %d/%m/%Y}"
    except ValueError:
        return "–"


words_for("source-", source_words)
words_for("upload-", upload_words)
words_for("report-", report_words)
