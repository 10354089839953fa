"""What the worker does for this room, a file for each subject; each is taken in by itself."""

import pkgutil
from importlib import import_module

for _subject in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    import_module(f"{__name__}.{_subject}")
