"""Addresses of internal alerts, their rules and notifiers."""

from django.urls import path

from nhipcau.issues.views import alert_rules, alerts, notifiers

urlpatterns = [
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/acknowledge", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/rules/", alert_rules.alert_rule_list, name="alert_rule_list"),
    path("alerts/rules/offer", alert_rules.alert_rule_offer, name="alert_rule_offer"),
    path("alerts/rules/new", alert_rules.alert_rule_new, name="alert_rule_new"),
    path("alerts/rules/<int:rule_id>/", alert_rules.alert_rule, name="alert_rule"),
    path("alerts/rules/<int:rule_id>/edit", alert_rules.alert_rule_edit, name="alert_rule_edit"),
    path("alerts/rules/<int:rule_id>/switch", alert_rules.alert_rule_switch, name="alert_rule_switch"),
    path("alerts/rules/<int:rule_id>/trial", alert_rules.alert_rule_trial, name="alert_rule_trial"),
    path("alerts/rules/<int:rule_id>/test", alert_rules.alert_rule_test, name="alert_rule_test"),
    path("alerts/notifiers/", notifiers.notifier_list, name="notifier_list"),
    path("alerts/notifiers/new", notifiers.notifier_new, name="notifier_new"),
    path("alerts/notifiers/<int:notifier_id>/stop", notifiers.notifier_stop, name="notifier_stop"),
]
