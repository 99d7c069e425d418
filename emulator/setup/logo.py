"""The logo that a machine shows before anything else."""

LOGO = (
    "  ___ _  ___ ",
    " | __/ |/ _ \\",
    " | _|| | (_) |",
    " |_| |_|\\___/ ",
)
