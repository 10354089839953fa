"""One archive of everything that an installation keeps, and an installation made from it.

The archive is a gzipped tar: the database as it was at one moment (`sqlite`, `postgresql`), the files of the data
folder, and last the manifest with the digest of each (`manifest`). `writing` makes it, `restoring` reads it.
"""

from nhipcau.running.backup.restoring import restore_backup
from nhipcau.running.backup.writing import write_backup

__all__ = ["restore_backup", "write_backup"]
