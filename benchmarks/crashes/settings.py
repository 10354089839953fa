"""Settings of the centre whose processes are killed: the product's own, with mail that ends in files."""

from nhipcau.site.settings import *  # noqa: F403
from nhipcau.site.settings import DATA_FOLDER

EMAIL_BACKEND = "benchmarks.crashes.letterbox.Letterbox"
LETTERBOX = DATA_FOLDER.parent / f"{DATA_FOLDER.name}-letters"
MAIL_LEASE_SECONDS = 5
