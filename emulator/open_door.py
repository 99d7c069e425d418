"""The management door of a PC that has no screen, held open by a thread beside whoever holds the machine.

Tools in other processes find such a PC as they find one that runs in a terminal: over the socket in its folder. One machine carries out
one command at a time, so whoever uses it directly takes its `turn` as the door does.

A client that has closed its line before its turn came has told somebody that nothing was done, so nothing is. One that has only said
its last word still waits for the reply. What is carried out while the client leaves stays carried out.
"""

import contextlib
import select
import socket
import threading
import time
from typing import Self

from emulator.machine import TargetPC
from emulator.management_door import answer, encoded
from emulator.management_socket import LARGEST, Reply, listening_socket
from emulator.pc_folder import PCFolder

CLIENT_PATIENCE = 5.0
"""Seconds in which a client's whole request must have come; less than a client waits, so whoever stands behind silent ones is let in."""
VISITORS = 64
"""Clients that are attended to at the same time; more wait before the door."""
PIECE = 1 << 16
BREATH = 0.05
"""Seconds until the next client is let in where there was no descriptor or no thread for one."""


class OpenDoor:
    """A running PC and its door, from `__enter__` to `__exit__`; the caller holds the folder's power lock all the while."""

    def __init__(self, pc: TargetPC, folder: PCFolder) -> None:
        self.pc = pc
        self.turn = threading.RLock()
        self._folder = folder
        self._ending = False
        self._places = threading.Semaphore(VISITORS)

    def __enter__(self) -> Self:
        self._door = listening_socket(self._folder)
        self._thread = threading.Thread(target=self._serve, name="management door", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.turn:
            self._ending = True
        # Wakes the thread, whether it waits for a place or for a client.
        self._places.release()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()
        (self._folder.path / self._folder.socket_name).unlink(missing_ok=True)

    def ask(self, request: Reply) -> Reply:
        """What the door answers, asked from within this process."""
        with self.turn:
            return answer(self.pc, encoded(request))

    def _serve(self) -> None:
        while self._places.acquire() and not self._ending:
            try:
                self._let_in()
            except (OSError, RuntimeError):
                # The door was shut, or the system has no descriptor or no thread to spare: others may end, and the next client is let in.
                self._places.release()
                if not self._ending:
                    time.sleep(BREATH)

    def _let_in(self) -> None:
        """Raises OSError or RuntimeError."""
        client, _ = self._door.accept()
        try:
            threading.Thread(target=self._attend, args=(client,), name="visitor", daemon=True).start()
        except RuntimeError:
            client.close()
            raise

    def _attend(self, client: socket.socket) -> None:
        """One request, one reply. A client that is silent, floods, or leaves gets none, and costs nobody else one."""
        try:
            with client, contextlib.suppress(OSError):
                self._reply(client, _line(client))
        finally:
            self._places.release()

    def _reply(self, client: socket.socket, line: bytes) -> None:
        with self.turn:
            # Whoever comes through a door that is being closed finds nobody.
            if self._ending or not line.endswith(b"\n") or _gone(client):
                return
            reply = answer(self.pc, line)
        client.settimeout(CLIENT_PATIENCE)
        client.sendall(encoded(reply))


def _line(client: socket.socket) -> bytes:
    """What the client says up to its first newline, or as much as a request may have. Raises OSError."""
    deadline = time.monotonic() + CLIENT_PATIENCE
    said = bytearray()
    while b"\n" not in said[-PIECE:] and len(said) <= LARGEST:
        if (left := deadline - time.monotonic()) <= 0:
            raise TimeoutError
        client.settimeout(left)
        if not (piece := client.recv(min(PIECE, LARGEST + 1 - len(said)))):
            break
        said += piece
    words, newline, _ = bytes(said).partition(b"\n")
    return words + newline


def _gone(client: socket.socket) -> bool:
    """Whether the client cannot hear a reply any more; that it says nothing more is no such thing."""
    poll = select.poll()
    poll.register(client, 0)
    return any(events & select.POLLHUP for _, events in poll.poll(0))
