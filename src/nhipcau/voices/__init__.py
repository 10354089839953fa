"""LISTEN: the register of sources, intake, the voice log. Reading a feed itself is in `nhipcau.feeds`."""
