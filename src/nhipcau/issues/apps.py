"""The Django application of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssuesConfig(AppConfig):
    """Issues, alerts and briefs."""

    name = "nhipcau.issues"
    label = "issues"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """State this room's rights, its places in the navigation, and the words of its audit records."""
        from nhipcau.issues.access.rights import RIGHTS
        from nhipcau.issues.actions.forgotten import forget_words_of
        from nhipcau.issues.actions.mail import forget_outcome
        from nhipcau.issues.auditwords import ACTIONS, SENTENCES, WORDED
        from nhipcau.issues.forms import brief_words  # noqa: F401  # registers the words of errors
        from nhipcau.network.access.home import Place, lead_to
        from nhipcau.network.access.rights import state_rights
        from nhipcau.network.auditwords import add_audit_words
        from nhipcau.running.mail import forget_outcome_by
        from nhipcau.voices.whenforgotten import when_forgotten

        forget_outcome_by(forget_outcome)
        when_forgotten(forget_words_of)
        state_rights(RIGHTS)
        add_audit_words(actions=ACTIONS, sentences=SENTENCES, worded=WORDED)
        lead_to(Place(10, "picture", _("Picture")), is_first_page=True)
        lead_to(Place(15, "issue_list", pgettext_lazy("navigation", "Issues")))
        lead_to(Place(20, "alert_list", _("Alerts")))
        lead_to(Place(30, "brief_list", _("Briefs")))
