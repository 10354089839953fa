"""The Django application of this room."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Offices, people, rights, the audit log, directives."""

    name = "nhipcau.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to record what happens at the log-in, and follow e-mails that are sent again."""
        from nhipcau.network.actions.log_ins import listen
        from nhipcau.network.actions.mail import forget_outcome
        from nhipcau.running.mail import forget_outcome_by

        listen()
        forget_outcome_by(forget_outcome)
