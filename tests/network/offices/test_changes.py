"""What becomes of offices on a day, and the tree of any day after it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from nhipcau.network.actions.office_changes import close_office, merge_offices, move_office, rename_office, set_areas
from nhipcau.network.actions.office_errors import (
    DayRefused,
    LinkRefused,
    NotOfficeKeeper,
    OfficeClosed,
    OfficeInvalid,
    OfficesBelow,
    SuccessorRefused,
)
from nhipcau.network.models.offices import LinkKind, Office, OfficeLink, OfficeSuccession
from nhipcau.network.models.people import Membership
from nhipcau.network.queries.office_tree import ids_above, ids_below, names_on, tree_on
from nhipcau.network.queries.offices import past_of
from tests.network.offices.conftest import SINCE, TODAY
from tests.network.offices.records import actions, last_values

YESTERDAY = TODAY - datetime.timedelta(days=1)


def shape(on: datetime.date) -> dict[str, list[str]]:
    """Code → codes below, of the tree of a day."""
    return {
        branch.office.code: [below.office.code for below in branch.below]
        for root in tree_on(on)
        for branch in root.walk()
        if branch.below
    }


def test_tree_shows_points_below_their_area_and_the_rest_below_the_hub(cast):
    assert shape(TODAY) == {"H": ["KV1", "KV2", "SYT"], "KV1": ["P1", "P2"], "KV2": ["P3"]}


def test_tree_before_the_first_link_has_no_branches(cast):
    assert shape(SINCE - datetime.timedelta(days=1)) == {}


def test_move_holds_from_its_day_and_the_day_before_stays(cast):
    move_office(by=cast.keeper, office=cast.lake, parent=cast.health, on=TODAY)
    set_areas(by=cast.keeper, office=cast.lake, areas=[], on=TODAY)
    assert shape(TODAY)["SYT"] == ["P3"]
    assert shape(YESTERDAY)["KV2"] == ["P3"]
    assert actions() == ["office.moved", "office.areas-set"]


def test_move_to_where_it_is_leaves_no_record(cast):
    move_office(by=cast.keeper, office=cast.lake, parent=cast.hub, on=TODAY)
    set_areas(by=cast.keeper, office=cast.lake, areas=[cast.west], on=TODAY)
    assert actions() == []


def test_second_move_of_a_day_takes_the_place_of_the_first(cast):
    move_office(by=cast.keeper, office=cast.lake, parent=cast.health, on=TODAY)
    move_office(by=cast.keeper, office=cast.lake, parent=cast.west, on=TODAY)
    links = OfficeLink.objects.filter(office=cast.lake, kind=LinkKind.PARENT).order_by("from_on")
    spans = [(link.parent.code, link.from_on, link.until_on) for link in links]
    assert spans == [("H", SINCE, TODAY), ("KV2", TODAY, None)]


def test_move_before_the_last_one_is_refused(cast):
    move_office(by=cast.keeper, office=cast.lake, parent=cast.health, on=TODAY)
    with pytest.raises(DayRefused):
        move_office(by=cast.keeper, office=cast.lake, parent=cast.west, on=YESTERDAY)
    assert actions() == ["office.moved"]


def test_no_office_comes_to_stand_below_itself(cast):
    move_office(by=cast.keeper, office=cast.health, parent=cast.east, on=TODAY)
    with pytest.raises(LinkRefused, match="circle"):
        move_office(by=cast.keeper, office=cast.east, parent=cast.health, on=TODAY)
    with pytest.raises(LinkRefused, match="circle"):
        move_office(by=cast.keeper, office=cast.east, parent=cast.east, on=TODAY)
    with pytest.raises(LinkRefused, match="hub-has-none"):
        move_office(by=cast.keeper, office=cast.hub, parent=cast.east, on=TODAY)
    assert actions() == ["office.moved"]


def test_only_points_and_departments_are_coordinated_by_areas(cast):
    set_areas(by=cast.keeper, office=cast.health, areas=[cast.east, cast.west], on=TODAY)
    with pytest.raises(LinkRefused, match="not-coordinated"):
        set_areas(by=cast.keeper, office=cast.east, areas=[cast.west], on=TODAY)
    assert last_values() == {"code": "SYT", "from": [], "to": ["KV1", "KV2"], "on": "2026-11-27"}


def test_rename_shows_the_former_name_on_days_before(cast):
    rename_office(by=cast.keeper, office=cast.river, name="Xã  Sông Lớn", name_en="Big River Commune", on=TODAY)
    assert cast.river.name == "Xã Sông Lớn"
    assert names_on([cast.river], on=TODAY)[cast.river.pk] == "Xã Sông Lớn"
    assert names_on([cast.river], on=YESTERDAY)[cast.river.pk] == "Xã Sông"
    with translation.override("en"):
        assert names_on([cast.river], on=TODAY)[cast.river.pk] == "Big River Commune"
    assert "xa song lon" in cast.river.search_text
    assert cast.river.search_text.endswith("xa song")
    assert actions() == ["office.renamed"]


def test_two_renames_show_the_name_of_each_time(cast):
    march = datetime.date(2026, 3, 1)
    rename_office(by=cast.keeper, office=cast.river, name="Xã Hai", on=march)
    rename_office(by=cast.keeper, office=cast.river, name="Xã Ba", on=TODAY)
    days = (SINCE, march, YESTERDAY, TODAY)
    assert [names_on([cast.river], on=day)[cast.river.pk] for day in days] == ["Xã Sông", "Xã Hai", "Xã Hai", "Xã Ba"]


def test_rename_on_a_day_to_come_before_the_last_or_to_nothing_is_refused(cast):
    rename_office(by=cast.keeper, office=cast.river, name="Xã Hai", on=YESTERDAY)
    with pytest.raises(DayRefused):
        rename_office(by=cast.keeper, office=cast.river, name="Xã Ba", on=TODAY + datetime.timedelta(days=1))
    with pytest.raises(DayRefused):
        rename_office(by=cast.keeper, office=cast.river, name="Xã Ba", on=SINCE)
    with pytest.raises(OfficeInvalid):
        rename_office(by=cast.keeper, office=cast.river, name="  ", on=TODAY)
    rename_office(by=cast.keeper, office=cast.river, name="Xã Hai", on=TODAY)
    assert actions() == ["office.renamed"]


def test_merger_closes_and_hands_over_those_below(cast):
    merge_offices(by=cast.keeper, offices=[cast.west], into=cast.east, on=TODAY)
    cast.west.refresh_from_db()
    assert cast.west.closed_on == TODAY
    assert shape(TODAY) == {"H": ["KV1", "SYT"], "KV1": ["P1", "P2", "P3"]}
    assert shape(YESTERDAY)["KV2"] == ["P3"]
    assert [(past.kind, past.after) for past in past_of(cast.west).became] == [("merged", cast.east)]
    assert [past.before for past in past_of(cast.east).came_from] == [cast.west]
    assert actions() == ["office.merged"]
    assert last_values() == {"codes": ["KV2"], "into": "KV1", "on": "2026-11-27"}


def test_merger_ends_the_seats_at_the_offices_that_close(cast):
    merge_offices(by=cast.keeper, offices=[cast.river, cast.hill], into=cast.lake, on=TODAY)
    assert Membership.objects.get(person=cast.officer).until_on == TODAY
    assert shape(TODAY) == {"H": ["KV1", "KV2", "SYT"], "KV2": ["P3"]}
    assert actions() == ["office.merged"]


def test_area_and_its_points_may_merge_in_one_change(cast):
    merge_offices(by=cast.keeper, offices=[cast.east, cast.river, cast.hill], into=cast.west, on=TODAY)
    assert shape(TODAY) == {"H": ["KV2", "SYT"], "KV2": ["P3"]}


def test_merged_twice_is_refused_and_changes_nothing(cast):
    merge_offices(by=cast.keeper, offices=[cast.river], into=cast.lake, on=TODAY)
    with pytest.raises(OfficeClosed):
        merge_offices(by=cast.keeper, offices=[cast.hill, cast.river], into=cast.lake, on=TODAY)
    cast.hill.refresh_from_db()
    assert cast.hill.closed_on is None
    assert actions() == ["office.merged"]


def test_office_is_split_among_successors(cast):
    close_office(by=cast.keeper, office=cast.river, successors=[cast.hill, cast.lake], on=TODAY)
    became = {(past.kind, past.after) for past in past_of(cast.river).became}
    assert became == {("split", cast.hill), ("split", cast.lake)}
    assert last_values() == {"code": "P1", "successors": ["P2", "P3"], "on": "2026-11-27"}


def test_office_without_successor_is_abolished_only_with_none_below(cast):
    with pytest.raises(OfficesBelow):
        close_office(by=cast.keeper, office=cast.east, on=TODAY)
    cast.east.refresh_from_db()
    assert cast.east.closed_on is None
    close_office(by=cast.keeper, office=cast.health, on=TODAY)
    assert [past.kind for past in past_of(cast.health).became] == ["abolished"]
    assert actions() == ["office.closed"]


def test_office_closes_on_a_day_to_come(cast):
    next_month = datetime.date(2026, 12, 31)
    close_office(by=cast.keeper, office=cast.health, on=next_month)
    assert "SYT" in shape(TODAY)["H"]
    assert "SYT" not in shape(next_month)["H"]


def test_who_cannot_succeed_is_refused(cast):
    close_office(by=cast.keeper, office=cast.health, on=TODAY)
    cast.health.refresh_from_db()
    for office, successors in ((cast.hub, [cast.east]), (cast.river, [cast.river])):
        with pytest.raises(SuccessorRefused):
            close_office(by=cast.keeper, office=office, successors=successors, on=TODAY)
    with pytest.raises(OfficeClosed):
        close_office(by=cast.keeper, office=cast.river, successors=[cast.health], on=TODAY)
    with pytest.raises(SuccessorRefused):
        merge_offices(by=cast.keeper, offices=[], into=cast.lake, on=TODAY)
    assert OfficeSuccession.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "area_officer", "officer", "auditor", "stranger"])
def test_nobody_but_the_administrator_changes_the_tree(cast, who):
    person = getattr(cast, who)
    for change in (
        lambda: move_office(by=person, office=cast.lake, parent=cast.health, on=TODAY),
        lambda: set_areas(by=person, office=cast.lake, areas=[], on=TODAY),
        lambda: rename_office(by=person, office=cast.lake, name="X", on=TODAY),
        lambda: merge_offices(by=person, offices=[cast.lake], into=cast.hill, on=TODAY),
        lambda: close_office(by=person, office=cast.lake, on=TODAY),
    ):
        with pytest.raises(NotOfficeKeeper):
            change()
    assert actions() == []
    assert Office.objects.filter(closed_on__isnull=False).count() == 0


def test_below_and_above_follow_parents_and_areas(cast):
    assert ids_below([cast.east.pk], on=TODAY) == {cast.east.pk, cast.river.pk, cast.hill.pk}
    assert ids_below([cast.hub.pk], on=TODAY) == set(Office.objects.values_list("pk", flat=True))
    assert ids_above([cast.river.pk], on=TODAY) == {cast.east.pk, cast.hub.pk}


def test_tree_and_reach_take_as_many_queries_whatever_their_size(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        tree_on(TODAY)
    with django_assert_num_queries(3):
        tree_on(YESTERDAY)
    with django_assert_num_queries(2):
        ids_below([cast.hub.pk], on=TODAY)
        ids_above([cast.river.pk, cast.lake.pk], on=TODAY)


def test_reach_follows_the_links_of_its_day_through_all_levels(cast):
    move_office(by=cast.keeper, office=cast.health, parent=cast.east, on=TODAY)
    move_office(by=cast.keeper, office=cast.lake, parent=cast.health, on=TODAY)
    assert {cast.health.pk, cast.lake.pk} <= ids_below([cast.east.pk], on=TODAY)
    assert not {cast.health.pk, cast.lake.pk} & ids_below([cast.east.pk], on=YESTERDAY)
    assert ids_above([cast.lake.pk], on=TODAY) == {cast.health.pk, cast.east.pk, cast.west.pk, cast.hub.pk}
    assert ids_below([], on=TODAY) == frozenset()


def test_seat_that_would_begin_after_the_end_never_begins(cast):
    later = TODAY + datetime.timedelta(days=30)
    Membership.objects.create(person=cast.stranger, office=cast.river, role="officer", from_on=later)
    close_office(by=cast.keeper, office=cast.river, on=TODAY)
    seat = Membership.objects.get(person=cast.stranger)
    assert (seat.from_on, seat.until_on) == (later, later)
