"""Who may use the page: a browser on this computer that was given the key of this start.

Any page of the web can make a browser send requests to 127.0.0.1, and a name of its own can be made to lead
there (DNS rebinding): so Host and Origin are checked, and without the key nothing is answered.
"""

import secrets
from dataclasses import dataclass

from flask import Request, Response

from greenxl.i18n import _

HOST = "127.0.0.1"
KEY = "key"
"""The parameter of the address that brings the key."""
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser sends forms with Origin: null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """What this start of the server admits."""

    port: int
    key: str

    @property
    def address(self) -> str:
        """Return the address to open, which holds the key."""
        return f"http://{HOST}:{self.port}/?{KEY}={self.key}"

    @property
    def cookie(self) -> str:
        """Return the cookie's name: browsers keep one jar for all ports of a host."""
        return f"greenxl_{self.port}"

    def brings_key(self, request: Request) -> bool:
        """Whether a request is the first of a browser, with the right key in its address."""
        return request.method == "GET" and self._is_key(request.args.get(KEY, ""))

    def admit(self, response: Response) -> Response:
        """Give a browser the key as a cookie, so that no address needs to hold it any more."""
        response.set_cookie(self.cookie, self.key, httponly=True, samesite="Strict", path="/")
        return response

    def refusal(self, request: Request) -> str | None:
        """Return why a request is not answered, None where it is."""
        hosts = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if host not in hosts:
            return _("This page answers under its own address alone.")
        foreign = origin is not None and origin != f"http://{host}"
        if foreign or (origin is None and request.method not in ("GET", "HEAD")):
            return _("Another page asked for this; it was not done.")
        if not (self.brings_key(request) or self._is_key(request.cookies.get(self.cookie, ""))):
            return _(
                "This address has no valid key. Open the page as you did at first: double-click "
                "“打开评分汇总” in the round’s folder, or use the address that the window shows."
            )
        return None

    def _is_key(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.key.encode())


def seal(response: Response) -> Response:
    """Return a response with what keeps a browser from using it otherwise than meant."""
    response.headers.update(_HEADERS)
    return response
