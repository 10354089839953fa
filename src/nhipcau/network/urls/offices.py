"""Addresses of offices; words that are addresses here can be no code of an office (`officefields.py`)."""

from __future__ import annotations

from django.urls import path

from nhipcau.network.views import founding, office_changes, office_files, office_lists, offices

urlpatterns = [
    path("start/", founding.start, name="start"),
    path("offices/", offices.office_list, name="office_list"),
    path("offices/tree/", offices.office_tree, name="office_tree"),
    path("offices/map/", offices.office_map, name="office_map"),
    path("offices/new/", offices.office_new, name="office_new"),
    path("offices/merge/", office_changes.office_merge, name="office_merge"),
    path("offices/groups/", office_lists.group_list, name="office_groups"),
    path("offices/groups/new/", office_lists.group_new, name="office_group_new"),
    path("offices/groups/<int:group_id>/", office_lists.group_edit, name="office_group"),
    path("offices/groups/<int:group_id>/delete/", office_lists.group_delete, name="office_group_delete"),
    path("offices/days/", office_lists.special_days, name="special_days"),
    path("offices/days/<int:day_id>/remove/", office_lists.special_day_remove, name="special_day_remove"),
    path("offices/import/", office_files.import_new, name="office_import_new"),
    path("offices/import/<int:import_id>/", office_files.import_look, name="office_import"),
    path("offices/export/", office_files.export, name="office_export"),
    path("offices/<str:code>/", offices.office, name="office"),
    path("offices/<str:code>/edit/", offices.office_edit, name="office_edit"),
    path("offices/<str:code>/move/", office_changes.office_move, name="office_move"),
    path("offices/<str:code>/areas/", office_changes.office_areas, name="office_areas"),
    path("offices/<str:code>/rename/", office_changes.office_rename, name="office_rename"),
    path("offices/<str:code>/close/", office_changes.office_close, name="office_close"),
]
