"""A model as plain data: what `f10 models` prints. Names of members are stable; more may be added."""

from emulator.firmware.catalogue import Catalogue, Kind, Setting

FLAGS = ("read_only", "physical_presence", "set_once", "at_once", "momentary", "secret")
_NUMBERS = {
    Kind.INTEGER: ("lower_bound", "upper_bound", "step"),
    Kind.STRING: ("min_length", "max_length"),
    Kind.PASSWORD: ("min_length", "max_length", "encodings"),
}

Report = dict[str, object]


def summary(catalogue: Catalogue) -> Report:
    """A model in a few numbers."""
    settings = catalogue.settings.values()
    return {
        "name": catalogue.model,
        "product": catalogue.product,
        "board": catalogue.board,
        "bios_version": catalogue.bios_version,
        "settings": len(settings),
        "read_only": sum(each.read_only for each in settings),
        "hidden": sum(not each.shown for each in settings),
        "physical_presence": sum(each.physical_presence for each in settings),
        "secure_platform_management": catalogue.has_secure_platform,
    }


def whole(catalogue: Catalogue) -> Report:
    """A model with all its settings."""
    return {
        **summary(catalogue),
        "menus": list(catalogue.menus),
        "setting": [described(each) for each in catalogue.every.values()],
    }


def described(setting: Setting) -> Report:
    """A setting without what it leaves at its default."""
    plain: Report = {
        "name": setting.name,
        "kind": setting.kind.value,
        "page": " / ".join(setting.page),
        "wmi_path": setting.wmi_path,
        "sequence": setting.sequence,
        "default": setting.default,
        "values": list(setting.values),
        **{name: _plain(getattr(setting, name)) for name in _NUMBERS.get(setting.kind, ())},
        **{flag: True for flag in FLAGS if getattr(setting, flag)},
        **{flag: False for flag in ("shown", "listed") if not getattr(setting, flag)},
        "role": setting.role.value if setting.role else "",
        "tells": setting.tells,
        "requires": [
            {"setting": each.setting, "is": list(each.values), "because": each.because}
            for each in setting.requires
        ],
        "security_level": setting.security_level,
        "aliases": list(setting.aliases),
        "help": setting.help,
    }
    return {key: value for key, value in plain.items() if value not in ("", []) or key == "default"}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
