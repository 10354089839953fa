"""What issues keep of the words of a source goes when the source is forgotten; figures stay."""

from __future__ import annotations

from nhipcau.issues.floor import without_words
from nhipcau.issues.holding import hold_grouping
from nhipcau.issues.models.issues import Issue
from nhipcau.network.spelling import folded
from nhipcau.voices.queries.sources import source_names


def forget_words_of(code: str) -> None:
    """Leave out what issues quote where a source speaks in them; they are described again without it."""
    called = {code, source_names().get(code, code)}
    hold_grouping()
    for issue in Issue.objects.filter(source_codes__contains=f"|{code}|"):
        left = without_words(issue)
        left["excerpts"] = [one for one in left["excerpts"] if one.get("source") not in called]
        texts = (one["text"] for one in left["excerpts"])
        left["search_text"] = folded(issue.label, *issue.keywords, *texts)
        left["threads"] = [{**one, "words": ""} for one in issue.threads]
        Issue.objects.filter(pk=issue.pk).update(**left)
