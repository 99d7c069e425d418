"""Who may come in: one look at a request's path and headers, before anything else looks at it. Pure.

Whoever lacks the token learns nothing, not even what else would be wrong. Whoever has it and is refused is most likely the
rightful visitor in an unusual way, and is told what was expected; nothing in that is secret from him.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Protocol

NOT_ANOTHER_SITE = frozenset({"none", "same-origin"})
"""Values of Sec-Fetch-Site (W3C Fetch Metadata): a person typed the address, or the page itself asks. A page on another port of this
computer is `same-site`, and a stranger."""


class Headers(Protocol):
    """Headers as they came; one name may come several times."""

    def getall(self, key: str, default: Sequence[str], /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Refusal:
    status: HTTPStatus
    text: str


UNKNOWN = Refusal(HTTPStatus.NOT_FOUND, "Not Found\n")


@dataclass(frozen=True, slots=True)
class Guard:
    """What a request has to know, and where it has to think it is."""

    token: str
    port: int

    @property
    def hosts(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    @property
    def address(self) -> str:
        return f"http://{self.hosts[0]}/{self.token}/"

    def refusal(self, path: str, headers: Headers, *, keyboard: bool) -> Refusal | None:
        """Why this request is not answered. `keyboard`: it wants to type."""
        if not self._knows_the_token(path):
            return UNKNOWN
        host = _only(headers, "Host")
        if host not in self.hosts:
            return _forbidden("Host", " or ".join(self.hosts), host)
        origin = _only(headers, "Origin")
        if origin != f"http://{host}" and (keyboard or origin is not None):
            return _forbidden("Origin", f"http://{host}", origin)
        site = _only(headers, "Sec-Fetch-Site")
        if site is not None and site not in NOT_ANOTHER_SITE:
            return _forbidden("Sec-Fetch-Site", "none or same-origin", site)
        ahead = _only(headers, "Sec-Purpose")
        if ahead is not None:
            # A browser that fetches a page before anybody opens it would switch the PC on.
            return _forbidden("Sec-Purpose", "nothing", ahead)
        return None

    def _knows_the_token(self, path: str) -> bool:
        named = path.split("/")[1] if path.startswith("/") else ""
        return compare_digest(named.encode("utf-8", "replace"), self.token.encode())


def _only(headers: Headers, name: str) -> str | None:
    """The value of a header; several values are none that anybody could have meant."""
    values = headers.getall(name, ())
    return ", ".join(values) if values else None


def _forbidden(header: str, expected: str, came: str | None) -> Refusal:
    text = f"{header}: expected {expected}; {came or 'nothing'} came. Open the address that f10 serve printed by hand.\n"
    return Refusal(HTTPStatus.FORBIDDEN, text)


def security_headers(host: str) -> dict[str, str]:
    """What every answer tells the browser: nobody else's page, no trace, and nothing from elsewhere.

    xterm.js writes its measures into style elements, hence 'unsafe-inline' for styles, and for nothing else.
    """
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "img-src data:",
        f"connect-src ws://{host}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
