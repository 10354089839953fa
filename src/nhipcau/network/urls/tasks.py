"""Addresses of directives."""

from django.urls import path

from nhipcau.network.forms import task_words  # noqa: F401  # registers the words of errors
from nhipcau.network.views import board, corrections, received, task_doors, tasks

urlpatterns = [
    path("tasks/", tasks.task_list, name="task_list"),
    path("tasks/new", tasks.task_new, name="task_new"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/correct", corrections.task_correct, name="task_correct"),
    path("tasks/<int:task_id>/board", board.task_board, name="task_board"),
    path("tasks/<int:task_id>/board/part", board.task_board_part, name="task_board_part"),
    path("tasks/<int:task_id>/board/events", board.task_board_events, name="task_board_events"),
    path("received/", received.received_list, name="received_list"),
    path("received/<int:recipient_id>/", received.received, name="received"),
    path("received/<int:recipient_id>/evidence", received.received_evidence, name="received_evidence"),
    path("received/<int:recipient_id>/do/<slug:move>", received.received_move, name="received_move"),
    path(
        "received/<int:recipient_id>/mails/<int:mail_id>/again",
        corrections.received_mail_again,
        name="received_mail_again",
    ),
    path("a/<str:token>", task_doors.task_link, name="task_link"),
    path("files/<str:name>", task_doors.task_file, name="task_file"),
]
