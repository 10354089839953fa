"""The commands of this room: `nhipcau audit verify`. Nothing of the web half is loaded before one is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from nhipcau.engine.errors import EngineError
from nhipcau.running.commands import DATA, LANG, need_web_half

WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "holds": "Chuỗi nhật ký nguyên vẹn: đã kiểm chứng {count} bản ghi.\nBản ghi cuối: {head}",
        "gap": "THIẾU bản ghi {seq}.",
        "not-following": "Bản ghi {seq} KHÔNG nối tiếp bản ghi trước.",
        "changed": "Bản ghi {seq} ĐÃ BỊ SỬA sau khi ghi.",
        "cut-off": "Nhật ký ĐÃ BỊ CẮT từ bản ghi {seq}.",
        "other-head": "Bản ghi {seq} KHÔNG phải bản ghi đã được ghi lại trước đây.",
        "unguarded": "Cơ sở dữ liệu không còn chặn việc sửa nhật ký: các trigger đã mất.",
        "remedy": "Hãy dừng hệ thống, giữ nguyên cơ sở dữ liệu và đối chiếu với bản sao lưu gần nhất.",
    },
    "en": {
        "holds": "The chain holds: {count} records proved.\nLast record: {head}",
        "gap": "Record {seq} is MISSING.",
        "not-following": "Record {seq} does NOT follow the one before it.",
        "changed": "Record {seq} WAS CHANGED after it was written.",
        "cut-off": "The log WAS CUT OFF from record {seq} on.",
        "other-head": "Record {seq} is NOT the one that was noted before.",
        "unguarded": "The database no longer refuses changes: its triggers are gone.",
        "remedy": "Stop the system, keep the database as it is, and compare it with the last backup.",
    },
}


@click.command()
@click.argument("what", type=click.Choice(["verify"]), metavar="verify")
@DATA
@click.option("--head", metavar="NUMBER:HASH", default="", help="A last record noted before: it must still be there.")
@click.option("--last", type=click.IntRange(1), help="Prove only so many of the latest records.")
@LANG
def audit(what: str, data: Path, head: str, last: int | None, lang: str) -> None:
    """Prove that no record of the audit log was changed, taken out or put in; exit code 1 where one was."""
    need_web_half()
    if not data.is_dir():
        raise EngineError("run.no-folder", folder=str(data))
    number, _, digest = head.partition(":")
    if head and not (number.isdecimal() and len(digest) == 64):
        raise EngineError("audit.head", head=head)
    from nhipcau.running.loading import load

    load(data)
    from nhipcau.network.queries.audit_proof import prove

    proof = prove(last=last, known_head=(int(number), digest) if head else None)
    words = WORDS[lang]
    if proof.holds:
        click.echo(words["holds"].format(count=proof.count, head=f"{proof.head_seq}:{proof.head_hash}"))
        return
    if proof.problem:
        click.echo(words[proof.problem].format(seq=proof.problem_seq), err=True)
    if not proof.is_guarded:
        click.echo(words["unguarded"], err=True)
    click.echo(words["remedy"], err=True)
    sys.exit(1)
