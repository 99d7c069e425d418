"""The last line of each screen: its keys. Each fits into 80 columns.

A function key has a second name where terminals are known to keep it for themselves.
"""

POST = "F10/S Computer Setup  F9/B boot  Esc startup menu  Enter start  Ctrl+Q off"
POWER_ON = "Enter: start    F5 or Ctrl+R: restart    Ctrl+Q: switch off"
DOOR = "Enter: go in    Esc: start the operating system    F5 or Ctrl+R: restart"
LOCKED = "F5 or Ctrl+R: restart    Ctrl+Q: switch off"
DOOR_LOCKED = "Esc: start the operating system    F5 or Ctrl+R: restart"
UPDATE_DOOR = "Enter: let it in    Esc: refuse the update    F5 or Ctrl+R: restart"
UPDATE_LOCKED = "Esc: refuse the update    F5 or Ctrl+R: restart"
COVER = "Enter: acknowledge    F5 or Ctrl+R: restart    Ctrl+Q: switch off"
STARTUP_MENU = "↑↓ select   Enter take   Esc start   or the key behind each line"
TOOL = "Enter: start the operating system    F5 or Ctrl+R: restart"
BOOT_MENU = "↑↓ select   Enter start from it   Esc start from the first"
PRESENCE = "Enter: confirm    Esc: refuse the change"
CHALLENGE = "F5/R new code  F3/P picture  F4/T text  F2/L large  Esc go on"
CHALLENGE_UPDATE = "F5/R new code  F3/P picture  F4/T text  F2/L large  Esc refuse the update"
SYSTEM = "F10 or R: restart    F4 or P: power off"
SETUP = "↑↓ select  ←→ menu  Enter change  Esc back  F10 or Ctrl+S save and exit"
