"""The PC's screen in a browser: `f10 serve`.

The real machine knows nothing of this; it stands for a keyboard and a screen in another place. Textual runs a program behind a
terminal in the browser (xterm.js, which textual-serve packages), and the program is the same `f10 boot` that a terminal gets.

A browser runs the pages of strangers, and each of them can send requests to this computer. So the rules are strict:

    who listens     127.0.0.1 alone, and a free port unless one is named: nothing that another program left in the browser
                    for a port of its own (a service worker, say) is then in the way
    who knows       256 random bits, new each time, begin every path; without them there is only "Not Found"
    who asks        Host is this address (else a name was rebound to it); Origin is this page, and must be there where keys are
                    typed; what the browser says of the asking page's site must not be another one
    who frames      nobody: no frame, no opener, no other page's script, and no request of this page to anywhere else
    how many        one visitor; the next one is told so, and gets in when the first is gone

Opening the page switches the PC on; closing or reloading it pulls the plug, which a PC survives. Ctrl+Q does nothing there, but
the PC can be switched off as a PC is, and the page then offers to switch it on again. When this process ends, be it by kill,
the PC's process sees its keyboard unplugged, and ends too: no PC is left running where nobody can see it.
"""


class CannotServe(Exception):
    """The PC's screen cannot be served."""
