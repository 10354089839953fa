"""`python -m benchmarks.crashes.listening.verdict DATA < told.json`: what is lost, doubled, or not as if unbroken.

`told.json` says what the clients were told to be done and what the unbroken run shows.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.crashes.letterbox import letters_of
from nhipcau.running.loading import load

SHOWN = (
    "engine_id", "status", "level", "heat", "heat_parts", "voices", "voices_total", "press", "copies",
    "distinct_authors", "distinct_sources", "first_seen_at", "last_seen_at", "kinds", "places", "source_codes",
    "questions",
    "open_questions", "excerpts", "excerpts_withheld", "evidence", "threads",
)  # fmt: skip
"""What a page shows of an issue.

Its label is chosen, when something new was last said in it, against all that was said until then: where the same voices
came in other rounds it is another one. So labels are not compared, and neither are moments.
"""


def faults(told: dict[str, Any], unbroken: list[dict[str, Any]]) -> Iterator[str]:
    """Name every fault."""
    yield from _log(told["accepted"])
    yield from _threads()
    yield from _issues(unbroken)
    yield from _briefs(told["sent"])


def _log(accepted: int) -> Iterator[str]:
    """Each accepted voice is in the log once, and none waits."""
    from nhipcau.voices.models import IntakeBatch
    from nhipcau.voices.voicelog import VoiceLog

    waiting = sum(IntakeBatch.objects.values_list("voices", flat=True))
    if waiting:
        yield f"lost: {waiting} voices still wait"
    ids, seqs = Counter[str](), []
    for batch in VoiceLog().batches(columns=["id"]):
        ids.update(batch.column("id").to_pylist())
        seqs += batch.column("seq").to_pylist()
    if len(ids) < accepted:
        yield f"lost: {accepted - len(ids)} of {accepted} voices"
    if len(ids) > accepted:
        yield f"more voices than were accepted: {len(ids)}, {accepted}"
    yield from (f"doubled: voice {one} is in the log {count} times" for one, count in ids.items() if count > 1)
    if seqs != list(range(len(seqs))):
        yield "numbers of voices have gaps"


def _threads() -> Iterator[str]:
    """Each voice of the log was grouped, once."""
    from nhipcau.issues.models import Picture
    from nhipcau.voices.sides import THREADS, read_side
    from nhipcau.voices.voicelog import VoiceLog

    grouped: Counter[int] = Counter()
    for segment in VoiceLog().segments():
        side = read_side(segment, THREADS, columns=["seq"])
        if side is None:
            yield f"not grouped: {segment.path}"
        else:
            grouped.update(side.column("seq").to_pylist())
    yield from (f"grouped {count} times: voice {seq}" for seq, count in grouped.items() if count != 1)
    if set(grouped) != set(range(VoiceLog().next_seq)) or Picture.objects.get(pk=1).seq != VoiceLog().next_seq:
        yield "not all voices are grouped"


def issues_as_shown() -> list[dict[str, Any]]:
    """The issues with voices, and their hours."""
    from nhipcau.issues.models import Issue, IssueHour

    found = []
    for row in Issue.objects.filter(gone_at=None, voices_total__gt=0).order_by("engine_id"):
        hours = IssueHour.objects.filter(issue=row).order_by("hour").values_list("hour", "voices", "copies", "press")
        shown = {name: getattr(row, name) for name in SHOWN} | {"hours": [list(hour) for hour in hours]}
        found.append(json.loads(json.dumps(shown, default=str, ensure_ascii=False)))
    return found


def _issues(unbroken: list[dict[str, Any]]) -> Iterator[str]:
    """Issues are those of the unbroken run; one that had enough voices for a row once may still have its row."""
    from nhipcau.issues.actions.picture import FEWEST_VOICES, FEWEST_WITH_COPIES

    shown = {one["engine_id"]: one for one in issues_as_shown()}
    for wanted in unbroken:
        one = shown.pop(wanted["engine_id"], None)
        if one is None:
            yield f"lost: issue {wanted['engine_id']} ({wanted['label']}, {wanted['voices']} voices)"
            continue
        yield from (
            f"issue {one['engine_id']}: {name} is {str(one[name])[:200]}, unbroken {str(value)[:200]}"
            for name, value in wanted.items()
            if one[name] != value
        )
    for one in shown.values():
        own, copies = (sum(hour[k] for hour in one["hours"]) for k in (1, 2))
        if own >= FEWEST_VOICES or own + copies >= FEWEST_WITH_COPIES:
            yield f"one too many: issue {one['engine_id']} ({one['label']}, {one['voices']} voices)"


def _briefs(sent: list[int]) -> Iterator[str]:
    """The clock drafted once; what was sent is numbered once, audited once, and came to each reader once."""
    from hashlib import sha256

    from django.conf import settings
    from django.db.models import Count

    from benchmarks.crashes.listening.cast import READERS
    from nhipcau.issues.models import Brief, BriefDelivery
    from nhipcau.network.models.audit import AuditRecord
    from nhipcau.network.queries.audit_proof import prove
    from nhipcau.running.models import MailState, OutgoingMail

    drafts = Brief.objects.filter(drafting_key__startswith="schedule-").count()
    if drafts != 1:
        yield f"the clock drafted {drafts} briefs instead of one"
    yield from (f"doubled: {count} briefs of one form" for count in _repeated("drafting_key"))
    there = dict(Brief.objects.filter(pk__in=sent).values_list("pk", "state"))
    yield from (f"lost: brief {number} is {there.get(number)}" for number in sent if there.get(number) != "sent")
    numbers = list(Brief.objects.filter(sequence__isnull=False).order_by("sequence").values_list("sequence", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"numbers of briefs: {numbers}"
    for action, briefs in (
        ("brief.drafted", Brief.objects.all()),
        ("brief.signed", Brief.objects.filter(sequence__isnull=False)),
        ("brief.sent", Brief.objects.filter(state="sent")),
    ):
        audited = Counter(AuditRecord.objects.filter(action=action).values_list("number", flat=True))
        if audited != Counter(str(number) for number in briefs.values_list("pk", flat=True)):
            yield f"half-written: {action} is audited {sum(audited.values())} times for {briefs.count()} briefs"
    for one in Brief.objects.filter(state="sent").annotate(count=Count("deliveries")):
        if one.count != len(READERS):
            yield f"half-written: brief {one} has {one.count} deliveries"
    files = Counter(path.name.partition(".")[0] for path in letters_of(settings.DATA_FOLDER).glob("*.eml"))
    states = dict(OutgoingMail.objects.values_list("key", "state"))
    for key in BriefDelivery.objects.values_list("key", flat=True):
        arrived = files[sha256(key.encode()).hexdigest()[:32]]
        if arrived > 1 or (arrived == 0 and states.get(key) != MailState.UNCERTAIN):
            yield f"lost or doubled: mail {key} arrived {arrived} times and is {states.get(key)}"
    if not prove().holds:
        yield "half-written: audit log"


def _repeated(name: str) -> list[int]:
    from django.db.models import Count

    from nhipcau.issues.models import Brief

    found = Brief.objects.exclude(**{name: None}).values(name).annotate(count=Count("pk")).filter(count__gt=1)
    return [row["count"] for row in found]


def figures() -> dict[str, int]:
    """What there was to lose."""
    from nhipcau.issues.models import Brief, BriefDelivery, Issue, IssueHour, IssueMoment
    from nhipcau.running.models import MailState, OutgoingMail
    from nhipcau.voices.voicelog import VoiceLog

    alive = Issue.objects.filter(gone_at=None, voices_total__gt=0)
    return {
        "voices": VoiceLog().next_seq,
        "issues": alive.count(),
        "issues with excerpts": alive.exclude(excerpts=[]).count(),
        "hours": IssueHour.objects.count(),
        "moments": IssueMoment.objects.count(),
        "briefs sent": Brief.objects.filter(state="sent").count(),
        "deliveries": BriefDelivery.objects.count(),
        "mails uncertain": OutgoingMail.objects.filter(state=MailState.UNCERTAIN).count(),
    }


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    given = json.load(sys.stdin)
    found = list(faults(given["told"], json.loads(given["unbroken"])))
    json.dump({"faults": found, "figures": figures()}, sys.stdout, ensure_ascii=False)
