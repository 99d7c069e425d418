"""Doors of the machine and what the firmware is given from outside: they translate, and never decide."""
