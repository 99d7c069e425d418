"""What each verb of `f10 admin` does: the deeds of all themes together."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions.admin import (
    key_verbs,
    order_verbs,
    policy_verbs,
    recover_verbs,
    setting_verbs,
    update_verbs,
)

DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    **key_verbs.DEEDS,
    **order_verbs.DEEDS,
    **setting_verbs.DEEDS,
    **update_verbs.DEEDS,
    **recover_verbs.DEEDS,
    **policy_verbs.DEEDS,
}
