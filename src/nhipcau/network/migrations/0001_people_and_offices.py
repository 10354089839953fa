"""People with their seats and duties, offices with their dated places in the tree."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import nhipcau.network.models.office_imports
import nhipcau.network.models.offices
import nhipcau.network.models.people


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                (
                    "language",
                    models.CharField(choices=nhipcau.network.models.people.languages, default="vi", max_length=5),
                ),
                (
                    "theme",
                    models.CharField(choices=nhipcau.network.models.people.themes, default="system", max_length=10),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="person_by_name")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="person_has_name"),
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="person_email_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, default="", max_length=200)),
                (
                    "kind",
                    models.CharField(choices=nhipcau.network.models.offices.office_kinds, db_index=True, max_length=16),
                ),
                ("place_code", models.CharField(blank=True, db_index=True, default="", max_length=8)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("working_hours", models.JSONField(blank=True, null=True)),
                ("opened_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("is_sample", models.BooleanField(default=False)),
                ("search_text", models.CharField(blank=True, default="", editable=False, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="office_has_code"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="office_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__gte", -90),
                                ("latitude__lte", 90),
                                ("longitude__gte", -180),
                                ("longitude__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="office_coordinates_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("opened_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="office_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True), ("kind", "hub")),
                        fields=("kind",),
                        name="office_one_open_hub",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="network.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=nhipcau.network.models.offices.route_kinds, max_length=16)),
                ("value", models.CharField(max_length=200)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routes", to="network.office"
                    ),
                ),
            ],
            options={
                "ordering": ("order", "id"),
            },
        ),
        migrations.CreateModel(
            name="OfficeGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("members", models.ManyToManyField(blank=True, related_name="in_groups", to="network.office")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="saved_groups", to="network.office"
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="OfficeImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("plan_digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=nhipcau.network.models.office_imports.import_states, default="waiting", max_length=16
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfficeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=nhipcau.network.models.offices.link_kinds, max_length=16)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_up", to="network.office"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_down", to="network.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfficeSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=nhipcau.network.models.offices.succession_kinds, max_length=16)),
                ("on_date", models.DateField()),
                ("former_name", models.CharField(blank=True, default="", max_length=200)),
                ("former_name_en", models.CharField(blank=True, default="", max_length=200)),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origins",
                        to="network.office",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="network.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_date", models.DateField(unique=True)),
                ("kind", models.CharField(choices=nhipcau.network.models.offices.day_kinds, max_length=16)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ("on_date",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="special_day_has_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["deputy", "until_on"], name="deputy_of_whom")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("deputy")), _negated=True), name="deputy_is_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="deputy_ends_after_start"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hand_over", to="network.dutyshift"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("note", ""), _negated=True), name="hand_over_has_note"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                            models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hand_over_taken_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=nhipcau.network.models.people.roles, max_length=20)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="network.office"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="seat_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("person", "office", "role"),
                        name="seat_once",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="dutyshift",
            index=models.Index(fields=["office", "ends_at"], name="shift_of_office"),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.UniqueConstraint(fields=("office", "starts_at"), name="shift_once_at_an_hour"),
        ),
        migrations.AddConstraint(
            model_name="contactroute",
            constraint=models.CheckConstraint(
                condition=models.Q(("value", ""), _negated=True), name="contact_route_has_value"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactroute",
            constraint=models.UniqueConstraint(fields=("office", "kind", "value"), name="contact_route_once"),
        ),
        migrations.AddConstraint(
            model_name="officegroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="office_group_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="officegroup",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="office_group_name_once"),
        ),
        migrations.AddConstraint(
            model_name="officeimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="office_import_done_at",
            ),
        ),
        migrations.AddIndex(
            model_name="officelink",
            index=models.Index(fields=["parent", "kind"], name="office_link_down"),
        ),
        migrations.AddConstraint(
            model_name="officelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("office", models.F("parent")), _negated=True), name="office_link_not_to_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="officelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__isnull", True), ("until_on__gt", models.F("from_on")), _connector="OR"),
                name="office_link_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="officelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "parent"), ("until_on__isnull", True)),
                fields=("office",),
                name="office_one_open_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="officelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "area"), ("until_on__isnull", True)),
                fields=("office", "parent"),
                name="office_area_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="officelink",
            constraint=models.UniqueConstraint(
                fields=("office", "parent", "kind", "from_on"), name="office_link_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="officesuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "renamed"), ("after", models.F("before")), models.Q(("former_name", ""), _negated=True)
                    ),
                    models.Q(("kind", "abolished"), ("after__isnull", True)),
                    models.Q(
                        models.Q(("kind__in", ["renamed", "abolished"]), _negated=True),
                        ("after__isnull", False),
                        models.Q(("after", models.F("before")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="office_succession_fits_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="officesuccession",
            constraint=models.UniqueConstraint(
                fields=("before", "after", "kind", "on_date"), name="office_succession_once"
            ),
        ),
    ]
