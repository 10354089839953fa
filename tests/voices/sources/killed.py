"""A worker that takes files in until somebody kills it; `test_killed_uploads.py` does."""

import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "nhipcau.site.settings"
django.setup()

from django.utils import timezone  # noqa: E402

from nhipcau.voices import uploadfiles  # noqa: E402
from nhipcau.voices.jobs.uploads import take_uploads  # noqa: E402
from nhipcau.voices.models import Upload  # noqa: E402

uploadfiles.options_for.__kwdefaults__["rows"] = int(sys.argv[1])
while Upload.objects.filter(state__in=("waiting", "running")).exists():
    take_uploads(timezone.now())
    time.sleep(0.01)
