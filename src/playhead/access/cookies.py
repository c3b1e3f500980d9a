"""The session cookie."""

from datetime import timedelta

from fastapi import Request, Response

from playhead.access.access import Access
from playhead.access.credentials import cookie_name


def set_session_cookie(request: Request, response: Response, access: Access, token: str, lasts: timedelta) -> None:
    """Set the session cookie: HttpOnly and Lax always, Secure and ``__Host-`` over https."""
    secure = access.secure_cookies(request.url.scheme)
    response.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(request: Request, response: Response, access: Access) -> None:
    """Clear the session cookie."""
    secure = access.secure_cookies(request.url.scheme)
    response.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")
