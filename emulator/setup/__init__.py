"""The screens of the target PC, from power-on to the operating system, with Computer Setup (F10) between them.

`navigator`, `views` and `wording` decide what a page says and what a key means, and know no terminal; `app`, `screens`, `dialogs` and
`page` draw it with Textual. No rule of the firmware lives here: a key becomes a command, a refusal becomes a sentence.
"""
