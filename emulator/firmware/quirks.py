"""What a real machine may do otherwise: behaviours that no public source settles, each with our choice and why.

A quirk belongs to a machine, as its model does: no command reaches it. The first value of each is the default. Where sources say
nothing, the default is the stricter or the simpler one; where they contradict each other, the one that more of them agree with.
"""

from collections.abc import Mapping
from dataclasses import Field, field, fields
from typing import Any, Literal, get_args

from emulator.protocol.frozen import frozen


class UnknownQuirk(Exception):
    """A quirk, or a value of one, that no machine has."""


def _because(doubt: str, reason: str) -> Mapping[str, str]:
    return {"doubt": doubt, "reason": reason}


@frozen
class Quirks:
    """One machine's choices. The metadata of each field say what is in doubt, and why the default is what it is."""

    spm_nonce: Literal["at least", "above"] = field(
        default="at least",
        metadata=_because(
            "whether a command of Secure Platform Management may repeat the last nonce",
            "the vendor's help says greater than or equal to; 'above' is the strict reading of 'only once'",
        ),
    )
    settings_nonce: Literal["at least", "above"] = field(
        default="at least",
        metadata=_because(
            "whether a signed setting may repeat the last nonce",
            "the vendor's help says that such a payload can be replayed until a newer one came; a later text says once only",
        ),
    )
    nonce_when_not_configured: Literal["zero", "counter"] = field(
        default="zero",
        metadata=_because(
            "which nonce the state tells when no key is provisioned",
            "the published idle state shows 0; the counter itself never falls, whatever is told",
        ),
    )
    checked_first: Literal["signature", "nonce"] = field(
        default="signature",
        metadata=_because(
            "what a command with a bad signature and an old nonce is refused for",
            "nothing that is not signed should be judged by its content",
        ),
    )
    refusal_code: Literal["6", "5", "2"] = field(
        default="6",
        metadata=_because(
            "what the setting interface returns for a bad signature, an old nonce, and another machine's payload",
            "6 is 'access denied', the natural reading; 5 is 'invalid parameter', 2 'unspecified error'",
        ),
    )
    unsigned_while_mode_on: Literal["refused", "dropped"] = field(
        default="refused",
        metadata=_because(
            "what an unsigned setting change returns while the authentication mode is on",
            "one report of SetBIOSSetting tells of 0 with the change silently dropped; a refusal misleads nobody",
        ),
    )
    length_place: Literal["first", "last"] = field(
        default="first",
        metadata=_because(
            "where in the 65 bytes before an endorsement certificate the length of the setup password stands",
            "the sibling structure of the same library begins with its size",
        ),
    )
    presence_for_keys: Literal["always", "unless off"] = field(
        default="always",
        metadata=_because(
            "whether a disabled Physical Presence Interface spares the prompt for new keys",
            "keys open everything else, so the prompt is the only guard of a machine that has none yet",
        ),
    )
    deprovisioning: Literal["at once", "with presence"] = field(
        default="at once",
        metadata=_because(
            "whether giving the keys up needs physical presence",
            "the order is signed by the endorsement key, and no source speaks of a prompt",
        ),
    )
    in_use: Literal["mode or key", "mode"] = field(
        default="mode or key",
        metadata=_because(
            "whether a local access key that is left keeps Secure Platform Management in use",
            "else a machine without keys would go on asking for a response code",
        ),
    )
    prompt_after_disabling: Literal["stays", "goes"] = field(
        default="stays",
        metadata=_because(
            "whether the response-code prompt stays while the mode is off and a local access key is left",
            "the vendor is quoted with it",
        ),
    )
    local_access_keys: Literal["3", "1"] = field(
        default="3",
        metadata=_because(
            "how many local access keys there are",
            "the vendor's tools take 1 to 3; published dumps and event texts show the first only",
        ),
    )
    state_order: Literal["signing key first", "endorsement key first"] = field(
        default="signing key first",
        metadata=_because(
            "the order of the two moduli in the 552 bytes of the state",
            "the Linux driver reads it so; another structure of the vendor has the other order",
        ),
    )
    restoring_keeps: Literal["keys", "nothing"] = field(
        default="keys",
        metadata=_because(
            "whether restoring the security settings keeps endorsement and signing key",
            "the guides name the mode and the local access keys only",
        ),
    )
    update_while_mode_on: Literal["asked", "by policy", "refused"] = field(
        default="asked",
        metadata=_because(
            "what becomes of a firmware file that nobody signed while the authentication mode is on",
            "sources speak of the policy and of signed updates only; asking at the machine keeps both readings possible",
        ),
    )
    pin_reminders: Literal["logged", "not logged"] = field(
        default="logged",
        metadata=_because(
            "what the events of a PIN reminder are about",
            "the one PIN of Secure Platform Management that anybody describes is the presence code for new keys",
        ),
    )
    response_tries: Literal["3", "5", "10"] = field(
        default="3",
        metadata=_because(
            "how many wrong response codes restart the machine",
            "'several', says the event; passwords of the same machines have three tries",
        ),
    )
    response_life: Literal["600", "120", "60"] = field(
        default="600",
        metadata=_because(
            "for how many seconds a challenge is good",
            "ten minutes is the longest that the usual guidance for codes over a second channel allows",
        ),
    )
    xml_ampersand: Literal["escaped", "bare"] = field(
        default="escaped",
        metadata=_because(
            "whether BCU's report escapes an ampersand in a name",
            "a report of the field says that it does not, which no XML parser reads; 'bare' is for scripts that must bear it",
        ),
    )
    wmi_provider: Literal["present", "no settings namespace", "no HP namespace", "no CIM namespace"] = field(
        default="present",
        metadata=_because(
            "whether the operating system has the vendor's WMI provider",
            "every tool needs it; where it is missing, tools tell which namespace they did not find",
        ),
    )
    linux_read_only: Literal["EACCES", "EIO"] = field(
        default="EACCES",
        metadata=_because(
            "what Linux answers to a write into the value of a read-only setting",
            "its file cannot be opened for writing; 'EIO' is the driver's own answer, for a file that somebody made writable",
        ),
    )
    linux_credentials: Literal["one write", "session"] = field(
        default="one write",
        metadata=_because(
            "how long the Linux driver holds a password",
            "the driver wipes it after each write of a setting; in the kernel's ABI text an empty line ends the session",
        ),
    )
    linux_new_password: Literal["kept back", "sent"] = field(
        default="kept back",
        metadata=_because(
            "whether the Linux driver tells the firmware of a new password",
            "the driver takes it for the current one and changes none; the ABI text means that it is changed",
        ),
    )
    linux_password_length: Literal["swallowed", "refused"] = field(
        default="swallowed",
        metadata=_because(
            "what the Linux driver answers to a password that is too short or too long",
            "the driver reports success and keeps nothing; 'refused' is the number EINVAL",
        ),
    )
    linux_key_text: Literal["decimal", "base64"] = field(
        default="decimal",
        metadata=_because(
            "how the Linux driver prints the keys in the status of Secure Platform Management",
            "the driver prints each byte as a number; the ABI text says base64",
        ),
    )
    linux_key_newline: Literal["stray byte", "kept"] = field(
        default="stray byte",
        metadata=_because(
            "what the Linux driver makes of a newline at the end of a key's order",
            "the driver cuts it off and then sends as many bytes as came; 'kept' spares a certificate that happens to end so",
        ),
    )
    linux_pending_reboot: Literal["presence only", "any change"] = field(
        default="presence only",
        metadata=_because(
            "which changes the Linux driver says to need a restart",
            "the driver looks for physical presence and keys only; the ABI text means every change that needs one",
        ),
    )
    linux_slash: Literal["given back", "as the folder"] = field(
        default="given back",
        metadata=_because(
            "which name the Linux driver writes to, of a setting whose name has a slash",
            "the driver sends its folder's name, with ! for the slash, which no firmware knows; ours gives every setting its name back",
        ),
    )


@frozen
class Doubt:
    """One quirk as its readers see it; the first value is the default."""

    name: str
    values: tuple[str, ...]
    about: str
    reason: str


def _doubt(each: Field[str]) -> Doubt:
    return Doubt(each.name, get_args(each.type), each.metadata["doubt"], each.metadata["reason"])


DOUBTS: Mapping[str, Doubt] = {each.name: _doubt(each) for each in fields(Quirks)}


def chosen(values: Mapping[str, object]) -> Quirks:
    """Quirks with these values, the others at their defaults. Raises UnknownQuirk."""
    for name, value in values.items():
        if name not in DOUBTS:
            raise UnknownQuirk(f"no quirk is called {name[:80]!r}; there are {', '.join(DOUBTS)}")
        if value not in DOUBTS[name].values:
            listed = ", ".join(repr(each) for each in DOUBTS[name].values)
            raise UnknownQuirk(f"the quirk {name!r} takes {listed}; {str(value)[:80]!r} came")
    checked: Mapping[str, Any] = values
    return Quirks(**checked)


def differing(quirks: Quirks) -> dict[str, str]:
    """What is not at its default."""
    values = {name: str(getattr(quirks, name)) for name in DOUBTS}
    return {name: value for name, value in values.items() if value != DOUBTS[name].values[0]}
