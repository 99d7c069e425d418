"""What can be wrong with bytes from a wire, one exception per reason, defined beside the format it belongs to.

All derive from `ProtocolError`. The texts say what was expected, what came and where; a door adds what to do. They never
repeat secret bytes, and bytes of strangers only in `repr` form, so that nothing typed by others reaches a terminal raw.
"""


class ProtocolError(ValueError):
    """Bytes or text that break the format they claim to have."""
