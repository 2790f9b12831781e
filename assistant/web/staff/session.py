"""Who is signed in, and whether a request comes from our own pages."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from assistant.review import accounts
from assistant.review.accounts import Account
from assistant.review.desk import Desk

COOKIE = "staff_session"
COOKIE_PATH = "/staff"


@dataclass(frozen=True, slots=True)
class StaffSettings:
    """How staff sign in."""

    header: str | None = None  # in which a trusted proxy says who signed in; None: nobody is believed
    secure_cookies: bool = False


class NotSignedIn(Exception):
    """There is no session, or it has ended."""


class ForeignRequest(Exception):
    """A form that none of our pages sent."""


def account_of(request: Request, desk: Desk, settings: StaffSettings) -> Account:
    """Return who is signed in; raises NotSignedIn.

    Where the proxy names somebody, it is that one or nobody: a session left in the browser
    may be another's.
    """
    if settings.header and (told := request.headers.get(settings.header, "").strip()):
        name = told.encode("latin-1").decode("utf-8", "replace")  # a header comes as octets
        account = accounts.find(desk.database, name)
        if account is None or not account.is_active:
            raise NotSignedIn
        return account
    token = request.cookies.get(COOKIE)
    account = accounts.account_of(desk.database, token, now=desk.now()) if token else None
    if account is None:
        raise NotSignedIn
    return account


def require_own_page(request: Request) -> None:
    """Raise ForeignRequest unless a browser says that one of our pages sent this.

    Browsers tell the origin of every form (OWASP, verifying origin with standard
    headers); the session's cookie is not sent along from elsewhere besides. There is no
    token that could run out: who signs in again in another window can send the form again.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    try:
        host = urlsplit(origin).netloc
    except ValueError as fault:  # no address at all
        raise ForeignRequest from fault
    if site not in (None, "same-origin") or host != request.headers.get("host"):
        raise ForeignRequest


def begin(response: Response, token: str, settings: StaffSettings) -> None:
    response.set_cookie(
        COOKIE, token, path=COOKIE_PATH, httponly=True, samesite="lax", secure=settings.secure_cookies
    )


def end(response: Response) -> None:
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
