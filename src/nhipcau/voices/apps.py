"""The Django application of this room."""

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    """Sources, intake and the voice log."""

    name = "nhipcau.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """State this room's rights, its places in the navigation, and the words of its audit records."""
        from nhipcau.network.access.home import lead_to
        from nhipcau.network.access.rights import state_rights
        from nhipcau.network.auditwords import add_audit_words
        from nhipcau.voices.access.places import PLACES
        from nhipcau.voices.access.rights import RIGHTS
        from nhipcau.voices.auditwords import ACTIONS, SENTENCES, WORDED
        from nhipcau.voices.forms import intake_words, source_words  # noqa: F401  # register the words of errors

        state_rights(RIGHTS)
        add_audit_words(actions=ACTIONS, sentences=SENTENCES, worded=WORDED)
        for place in PLACES:
            lead_to(place)
