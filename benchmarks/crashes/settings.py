"""Settings of the centre whose processes are killed: the product's own, with mail that ends in files."""

from nhipcau.site.settings import *  # noqa: F403

EMAIL_BACKEND = "benchmarks.crashes.letterbox.Letterbox"
MAIL_LEASE_SECONDS = 5
SECOND_FACTOR = "offered"
