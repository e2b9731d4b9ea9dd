"""Countries by ISO 3166-1 alpha-2, and the two that ISO leaves out and trade rules name: the EU and Kosovo."""

from functools import cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field

BEYOND_ISO = {"EU": "European Union", "XK": "Kosovo"}


@cache
def names() -> dict[str, str]:
    """Every code and its common English name."""
    listed = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return listed | BEYOND_ISO


def known(code: str) -> str:
    """The code itself. Raises ValueError where no country has it."""
    if code not in names():
        raise ValueError("this is no country code (ISO 3166-1 alpha-2, upper case; also EU and XK)")
    return code


def name_of(code: str) -> str:
    return names().get(code, code)


Country = Annotated[
    str, Field(min_length=2, max_length=2, description="ISO 3166-1 alpha-2, also EU and XK."), AfterValidator(known)
]
