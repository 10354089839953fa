"""Addresses of e-mails that need a look."""

from django.urls import path

from nhipcau.network.views import mail

urlpatterns = [
    path("mail/", mail.mail_list, name="mail_list"),
    path("mail/<int:mail_id>/again", mail.mail_again, name="mail_again"),
]
