"""The last line of each screen: its keys. Each fits into 80 columns, in every language.

A function key has a second name where terminals are known to keep it for themselves.
"""

POST = "F10/S Computer Setup  F9/B boot  F1/I info  Esc menu  Enter start  Ctrl+Q off"
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
PRESENCE = "Enter: confirm    Esc: refuse the change    ↑↓: read all of it"
CHALLENGE = "F5/R new  F3/P PNG  F6/V SVG  F4/T text  F2/L large  F7/M parts  Esc go on"
CHALLENGE_UPDATE = "F5/R new  F3/P PNG  F6/V SVG  F4/T text  F2/L large  F7/M parts  Esc refuse"
SYSTEM = "↑↓ scroll    F10 or R: restart    F4 or P: power off"
SETUP = "↑↓ select  ←→ menu  Enter change  Esc back  F1/? help  / find  F10/Ctrl+S save"

EVERY = (
    POST,
    POWER_ON,
    DOOR,
    LOCKED,
    DOOR_LOCKED,
    UPDATE_DOOR,
    UPDATE_LOCKED,
    COVER,
    STARTUP_MENU,
    TOOL,
    BOOT_MENU,
    PRESENCE,
    CHALLENGE,
    CHALLENGE_UPDATE,
    SYSTEM,
    SETUP,
)
