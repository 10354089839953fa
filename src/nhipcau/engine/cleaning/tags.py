"""What `redact` puts in the place of personal data. `tokenize` takes these tags for nothing."""

from __future__ import annotations

from typing import Final

PHONE: Final = "[điện thoại]"
IDENTITY: Final = "[giấy tờ]"
EMAIL: Final = "[email]"
ACCOUNT: Final = "[tài khoản]"
PLATE: Final = "[biển số]"
ADDRESS: Final = "[địa chỉ]"
PROFILE: Final = "[tài khoản mạng]"
NAME: Final = "[tên]"

TAGS: Final = (PHONE, IDENTITY, EMAIL, ACCOUNT, PLATE, ADDRESS, PROFILE, NAME)
