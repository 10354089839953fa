"""Saved groups of offices, and days that an administrator states; with them the calendars of offices."""

from __future__ import annotations

import datetime

import pytest

from nhipcau.network.actions.office_errors import DayInvalid, GroupInvalid, NotOfficeKeeper
from nhipcau.network.actions.office_groups import delete_group, save_group
from nhipcau.network.actions.special_days import add_special_day, remove_special_day
from nhipcau.network.models.offices import Office, OfficeGroup, SpecialDay
from nhipcau.network.queries.calendars import calendar_of, calendars_of
from nhipcau.network.queries.offices import past_of, week_of_office
from nhipcau.network.week import read_week, stored_week
from nhipcau.network.worktime import OFFICE_HOURS
from tests.network.offices.conftest import TODAY
from tests.network.offices.records import actions, last_values

DAY = datetime.date(2026, 12, 24)


def test_group_is_saved_changed_and_deleted_with_a_record_each(cast):
    group = save_group(by=cast.leader, owner=cast.hub, name="Ven  sông", members=[cast.river, cast.lake])
    assert (group.name, set(group.members.all())) == ("Ven sông", {cast.river, cast.lake})
    assert last_values() == {"name": "Ven sông", "owner": "H", "members": ["P1", "P3"]}
    save_group(by=cast.leader, owner=cast.hub, name="Ven sông", members=[cast.river], group=group)
    assert set(group.members.all()) == {cast.river}
    delete_group(by=cast.leader, group=group)
    assert OfficeGroup.objects.count() == 0
    assert actions() == ["office-group.saved", "office-group.saved", "office-group.deleted"]


@pytest.mark.parametrize(
    ("name", "members", "problem"),
    [(" ", True, "name-missing"), ("x" * 121, True, "name-too-long"), ("Empty", False, "no-members")],
)
def test_group_that_does_not_hold_is_refused(cast, name, members, problem):
    with pytest.raises(GroupInvalid, match=problem):
        save_group(by=cast.leader, owner=cast.hub, name=name, members=[cast.river] if members else [])
    assert OfficeGroup.objects.count() == 0


def test_name_is_used_once_by_an_office(cast):
    save_group(by=cast.leader, owner=cast.hub, name="One", members=[cast.river])
    save_group(by=cast.area_officer, owner=cast.east, name="One", members=[cast.river])
    with pytest.raises(GroupInvalid, match="name-taken"):
        save_group(by=cast.leader, owner=cast.hub, name="One", members=[cast.lake])
    assert actions() == ["office-group.saved"] * 2


@pytest.mark.parametrize("who", ["area_officer", "officer", "auditor", "stranger"])
def test_others_keep_no_groups_of_the_hub(cast, who):
    group = save_group(by=cast.leader, owner=cast.hub, name="One", members=[cast.river])
    with pytest.raises(NotOfficeKeeper):
        save_group(by=getattr(cast, who), owner=cast.hub, name="Two", members=[cast.river])
    with pytest.raises(NotOfficeKeeper):
        delete_group(by=getattr(cast, who), group=group)
    assert actions() == ["office-group.saved"]


def test_group_does_not_change_its_owner(cast):
    group = save_group(by=cast.leader, owner=cast.hub, name="One", members=[cast.river])
    with pytest.raises(NotOfficeKeeper):
        save_group(by=cast.area_officer, owner=cast.east, name="Mine", members=[cast.river], group=group)


def test_day_off_is_stated_and_taken_back(cast):
    day = add_special_day(by=cast.keeper, on=DAY, kind="off", name="Ngày hội xã")
    assert calendar_of(cast.river).spans_on(DAY) == ()
    remove_special_day(by=cast.keeper, day=day)
    assert calendar_of(cast.river).spans_on(DAY) == OFFICE_HOURS[3]
    assert actions() == ["special-day.added", "special-day.removed"]


def test_sunday_is_worked_where_an_administrator_says_so(cast):
    sunday = datetime.date(2026, 12, 27)
    add_special_day(by=cast.keeper, on=sunday, kind="working", name="Làm bù")
    assert calendar_of(cast.river).spans_on(sunday) == OFFICE_HOURS[0]


def test_day_that_does_not_hold_is_refused(cast):
    add_special_day(by=cast.keeper, on=DAY, kind="off", name="One")
    for kind, name in (("off", "Again"), ("holiday", "One"), ("off", " ")):
        with pytest.raises(DayInvalid):
            add_special_day(by=cast.keeper, on=DAY, kind=kind, name=name)
    assert SpecialDay.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "area_officer", "officer", "auditor", "stranger"])
def test_nobody_but_the_administrator_states_days(cast, who):
    day = add_special_day(by=cast.keeper, on=DAY, kind="off", name="One")
    with pytest.raises(NotOfficeKeeper):
        add_special_day(by=getattr(cast, who), on=datetime.date(2026, 12, 25), kind="off", name="Two")
    with pytest.raises(NotOfficeKeeper):
        remove_special_day(by=getattr(cast, who), day=day)
    assert actions() == ["special-day.added"]


def test_hours_are_the_offices_own_else_its_parents_else_the_hubs(cast):
    market, all_days, hub_hours = (
        read_week(text) for text in ("CN 05:00-09:00", "T2-CN 00:00-24:00", "T2 08:00-12:00")
    )
    for office, week in ((cast.river, market), (cast.health, all_days), (cast.hub, hub_hours)):
        Office.objects.filter(pk=office.pk).update(working_hours=stored_week(week))
    cast.lake.links_up.filter(kind="parent").update(parent=cast.health)
    found = calendars_of([office.pk for office in (cast.river, cast.hill, cast.lake)])
    assert [found[office.pk].week for office in (cast.river, cast.hill, cast.lake)] == [market, hub_hours, all_days]


def test_calendars_take_four_queries_whatever_their_number(cast, django_assert_num_queries):
    everyone = list(Office.objects.values_list("pk", flat=True))
    with django_assert_num_queries(4):
        calendars_of(everyone)
    with django_assert_num_queries(4):
        calendars_of(everyone[:2])


@pytest.mark.parametrize("code", ["H", "KV1", "SYT", "P1", "P3"])
@pytest.mark.parametrize("stating", [(), ("H",), ("SYT",), ("H", "SYT"), ("P3",)])
def test_page_of_an_office_shows_the_hours_that_its_clocks_count(cast, code, stating):
    cast.lake.links_up.filter(kind="parent").update(parent=cast.health)
    for number, stated in enumerate(stating):
        hours = stored_week(read_week(f"T{number + 3} 08:00-12:00"))
        Office.objects.filter(code=stated).update(working_hours=hours)
    office = Office.objects.get(code=code)
    assert week_of_office(office, past_of(office), on=TODAY) == calendar_of(office).week
