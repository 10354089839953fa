"""Who may open which address of this room; how it is asked is in `network/access/rights.py`."""

from __future__ import annotations

from typing import Final

from nhipcau.network.access.rights import ANALYSING, LISTENING, NETWORK, Right

RIGHTS: Final[dict[str, Right]] = {
    # internal alerts
    "alert_list": LISTENING,
    "alert_acknowledge": LISTENING,  # an auditor is refused by the action
    "alert_rule_list": LISTENING,
    "alert_rule": LISTENING,
    "alert_rule_trial": LISTENING,
    "alert_rule_offer": ANALYSING,
    "alert_rule_new": ANALYSING,
    "alert_rule_edit": ANALYSING,
    "alert_rule_switch": ANALYSING,
    "alert_rule_test": ANALYSING,
    "notifier_list": ANALYSING,
    "notifier_new": NETWORK,
    "notifier_stop": NETWORK,
}
