"""The last line of each screen: its keys. Each fits into 80 columns.

A function key has a second name where terminals are known to keep it for themselves.
"""

POST = "F10/S Computer Setup  F9/B boot  Esc startup menu  Enter start  Ctrl+Q off"
POWER_ON = "Enter: start    F5 or Ctrl+R: restart    Ctrl+Q: switch off"
DOOR = "Enter: go in    Esc: start the operating system    F5 or Ctrl+R: restart"
LOCKED = "F5 or Ctrl+R: restart    Ctrl+Q: switch off"
DOOR_LOCKED = "Esc: start the operating system    F5 or Ctrl+R: restart"
COVER = "Enter: acknowledge    F5 or Ctrl+R: restart    Ctrl+Q: switch off"
STARTUP_MENU = "↑↓ select   Enter take   F9/B boot menu   F10/S Computer Setup   Esc start"
BOOT_MENU = "↑↓ select   Enter start from it   Esc start from the first"
PRESENCE = "Enter: confirm    Esc: refuse the change"
CHALLENGE = "F5/R new code  F3/P picture  F4/T text  F2/L large  Esc go on"
SYSTEM = "F10 or R: restart    F4 or P: power off"
SETUP = "↑↓ select  ←→ menu  Enter change  Esc back  F10 or Ctrl+S save and exit"
