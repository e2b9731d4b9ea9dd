"""What a page posts: the fields of a form of this service's own pages, and of nobody else's."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from service.api.http.bodies import raw_body
from service.api.http.register import Register
from service.errors import Forbidden, InvalidRequest

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 400


def refuse_other_sites(request: Request) -> None:
    """A page of another site must not act by the key that this browser holds, nor on a register that needs none.

    A browser says from where a form comes; one that does not say so names the origin, and a program neither. Raises
    Forbidden.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in ("same-origin", "none")
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise Forbidden("A page of another site sent this form. Open the page here, and send it again.", "read")


async def fields_of(request: Request, register: Register) -> Mapping[str, str]:
    """The fields that were filled in. Raises Forbidden, InvalidRequest, UnsupportedMediaType, BodyTooLarge."""
    refuse_other_sites(request)
    raw = await raw_body(request, register.max_body_bytes, (FORM,))
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as unread:
        raise InvalidRequest("The form cannot be read.") from unread
    return {name: value.replace("\r\n", "\n").strip() for name, value in pairs if value.strip()}
