"""Going on behind the shell's back, once everything that can be refused was refused.

The fork comes first, for neither a lock nor a thread goes well through one: the child does all the work, prints on the same terminal,
and only when the tree can be used leaves the terminal and lets the parent go. If it ends before that, the parent ends with its code.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

LAST_STREAM = 2


def forked() -> Callable[[], None] | None:
    """In the child: what lets the parent go. In the parent, which comes back when the child let it go: None.

    Exits with the child's code if that ended without.
    """
    for stream in (sys.stdout, sys.stderr):
        # Else both would print what waits here. One that was closed before we began is None.
        if stream is not None:
            stream.flush()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        return lambda: _leave(tell)
    os.close(tell)
    let_go = os.read(ready, 1)
    os.close(ready)
    if not let_go:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return None


def keep_streams_taken() -> None:
    """Let no lock or pipe get the number of a stream that was closed: whoever puts something in the stream's place would let go of it."""
    while (spare := os.open(os.devnull, os.O_RDWR)) <= LAST_STREAM:
        pass
    os.close(spare)


def _leave(tell: int) -> None:
    """Belong to no terminal and to no folder, and end when somebody unmounts."""
    os.setsid()
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    # Somebody may have ended who waited for it.
    with suppress(OSError):
        os.write(tell, b"1")
    os.close(tell)
