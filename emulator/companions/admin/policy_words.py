"""The words of `f10 admin` about policies: what a fleet needs, or all of it taken back, in one file."""

import argparse
from pathlib import Path

from emulator.companions.admin.arguments import AddVerb, add_key_file, add_nonce, add_output, machine

LOCAL_ACCESS_KEYS = (1, 2, 3)


def add(verb: AddVerb) -> None:
    policy = verb(
        "policy", "make the policy that brings a fleet under Sure Admin, in the order in which it works"
    )
    add_key_file(policy, "name", "NAME", "the policy's name")
    policy.add_argument("-o", dest="output", type=Path, metavar="OUT.json", required=True, help="the policy")
    policy.add_argument("--endorsement", metavar="EKFILE", help="the endorsement key with its certificate")
    policy.add_argument("--signing", metavar="SKFILE", help="the signing key")
    policy.add_argument("--provisioned", action="store_true", help="the PCs have both keys already")
    policy.add_argument("--enable", action="store_true", help="turn Enhanced BIOS Authentication Mode on")
    policy.add_argument("--enabled", action="store_true", help="the PCs have both keys, and it is on already")
    policy.add_argument(
        "--local-access",
        action="append",
        default=[],
        metavar="LAKFILE",
        help="a local access key; up to three, in their order",
    )
    _add_moment(policy)
    back = verb(
        "deprovision", "make the payload that takes both keys back, or with --signing the whole take-back"
    )
    add_key_file(back, "endorsement", "EKFILE", "the endorsement key, which signs")
    add_output(back)
    back.add_argument(
        "--signing",
        metavar="SKFILE",
        help="make a policy: the mode off, local access keys cleared, then both keys taken back",
    )
    back.add_argument(
        "--number",
        type=int,
        choices=LOCAL_ACCESS_KEYS,
        action="append",
        help="which local access key to clear, for PCs that have fewer than three; may be given again",
    )
    _add_moment(back)


def _add_moment(parser: argparse.ArgumentParser) -> None:
    add_nonce(parser)
    parser.add_argument(
        "--rising", action="store_true", help="a nonce of its own for each step, for PCs that take none twice"
    )
    parser.add_argument(
        "--target", type=machine, metavar="UUID", help="its settings are good for this machine only"
    )
