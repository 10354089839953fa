"""Pages of alert rules: the list with its offers, one rule, making and changing it, its trial, its switch, its test."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.issues.access.alerts import keeps_rules
from nhipcau.issues.actions.alerts.offers import offers, take_offers
from nhipcau.issues.actions.alerts.rules import change_rule, make_rule, switch_rule, try_out_rule
from nhipcau.issues.forms.alert_words import ERRORS, filters_of, looks_for, tells, writes
from nhipcau.issues.forms.alerts import NEW, AlertRuleForm, initial_of
from nhipcau.issues.models.alerts import AlertRule
from nhipcau.issues.queries.alert_trial import tried
from nhipcau.issues.queries.alerts import names_of_places, names_of_sources, newest_notices, rules_with_figures
from nhipcau.issues.views.shown_trials import shown
from nhipcau.network.views.person import person_of
from nhipcau.site.errors import DomainError, words_of

DAYS = (7, 30)


@require_safe
def alert_rule_list(request: HttpRequest) -> HttpResponse:
    """Show all rules; where there is none, what most centres want."""
    rules = [{"rule": rule, "looks_for": looks_for(rule), "tells": tells(rule)} for rule in rules_with_figures()]
    offered = [] if rules else [asked.name for asked in offers()]
    values = {"rules": rules, "offers": offered, "keeps": keeps_rules(person_of(request))}
    return render(request, "issues/alerts/rules.html", values)


@require_POST
def alert_rule_offer(request: HttpRequest) -> HttpResponse:
    """Take the offered rules, all off."""
    take_offers(by=person_of(request))
    messages.success(request, gettext("The rules are made. Look at each, try it on the past, and switch it on."))
    return redirect("alert_rule_list")


@require_safe
def alert_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show what a rule does and what it has written."""
    rule = get_object_or_404(AlertRule.objects.select_related("made_by"), pk=rule_id)
    places, sources = names_of_places(rule.places), names_of_sources(rule.sources)
    notices = newest_notices(rule)
    for notice in notices:
        notice.said = ERRORS.get(notice.error, notice.error)  # type: ignore[attr-defined]  # for the template
    values = {
        "rule": rule,
        "sentences": [looks_for(rule), *filters_of(rule, places=places, sources=sources)],
        "tells": tells(rule),
        "writes": writes(rule),
        "notices": notices,
        "keeps": keeps_rules(person_of(request)),
    }
    return render(request, "issues/alerts/rule.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_rule_new(request: HttpRequest) -> HttpResponse:
    """Make a rule."""
    form = AlertRuleForm(request.POST or None, initial=NEW, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = make_rule(by=person_of(request), asked=form.asked())
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, gettext("The rule is made. It is off: try it on the past, then switch it on."))
            return redirect("alert_rule", made.pk)
    return render(request, "issues/alerts/form.html", {"form": form, "rule": None}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    rule = get_object_or_404(AlertRule, pk=rule_id)
    form = AlertRuleForm(request.POST or None, initial=initial_of(rule), label_suffix="")
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_rule(by=person_of(request), rule=rule, asked=form.asked(), version=version)
        except DomainError as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, gettext("The rule is changed."))
            return redirect("alert_rule", rule.pk)
    return render(request, "issues/alerts/form.html", {"form": form, "rule": rule}, status=422 if form.errors else 200)


@require_POST
def alert_rule_switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch a rule on or off."""
    rule = get_object_or_404(AlertRule, pk=rule_id)
    on = request.POST.get("on") == "yes"
    switch_rule(by=person_of(request), rule=rule, on=on)
    messages.success(request, gettext("The rule is on.") if on else gettext("The rule is off."))
    return redirect("alert_rule", rule.pk)


@require_safe
def alert_rule_trial(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show what a rule would have sent in the last days."""
    rule = get_object_or_404(AlertRule, pk=rule_id)
    days = 30 if request.GET.get("days") == "30" else 7
    now = timezone.now()
    trial = tried(rule, since=now - timedelta(days=days), until=now)
    values = {"rule": rule, "days": days, "choices": DAYS, "trial": trial, "looks_for": looks_for(rule), **shown(trial)}
    return render(request, "issues/alerts/trial.html", values)


@require_POST
def alert_rule_test(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Let a rule write a test."""
    rule = get_object_or_404(AlertRule, pk=rule_id)
    count = try_out_rule(by=person_of(request), rule=rule)
    said = ngettext("%(count)s test letter is on its way.", "%(count)s test letters are on their way.", count)
    messages.success(request, said % {"count": count})
    return redirect("alert_rule", rule.pk)
