"""The words of what can be refused when an e-mail is sent again; importing this module registers them."""

from __future__ import annotations

from django.utils.translation import gettext

from nhipcau.site.errors import DomainError, words_for


def mail_words(_error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    return gettext("This e-mail is on its way already, or was sent. Look at the page again.")


words_for("mail-", mail_words)
