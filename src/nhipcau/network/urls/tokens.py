"""Addresses of the tokens of the API."""

from django.urls import path

from nhipcau.network.views import tokens

urlpatterns = [
    path("me/tokens/", tokens.token_list, name="token_list"),
    path("me/tokens/new", tokens.token_new, name="token_new"),
    path("people/tokens/", tokens.token_list_of_others, name="token_list_of_others"),
    path("tokens/<slug:number>/revoke", tokens.token_revoke, name="token_revoke"),
]
