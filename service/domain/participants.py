"""The other parties to a transaction, beside its exporter and its end user, each in its role (rule 6)."""

from typing import Annotated, Literal, get_args

from pydantic import Discriminator, Field, Tag

from service.domain.parties import (
    FORMS,
    ClassParty,
    DescribedParty,
    NamedParty,
    RegisteredParty,
    Somebody,
    UndisclosedParty,
    form_of,
)

Role = Literal["consignee", "purchaser", "intermediary"]
ROLES: tuple[Role, ...] = get_args(Role)
MOST_PARTICIPANTS = 20
HOME = {"end_user": "destination", "exporter": "controller"}
"""Where a party is taken to be that is typed without a country: where the goods go to, or come from."""


class RegisteredParticipant(RegisteredParty):
    """A registered company, in a role."""

    role: Role


class NamedParticipant(NamedParty):
    """A party by name and country, in a role."""

    role: Role


class DescribedParticipant(DescribedParty):
    """A party by description, in a role."""

    role: Role


class ClassParticipant(ClassParty):
    """A member of a class, in a role."""

    role: Role


class UndisclosedParticipant(UndisclosedParty):
    """A party that is not disclosed, in a role."""

    role: Role


Participant = Annotated[
    Annotated[RegisteredParticipant, Tag("#company")]
    | Annotated[NamedParticipant, Tag("#name")]
    | Annotated[DescribedParticipant, Tag("#described")]
    | Annotated[ClassParticipant, Tag("#class")]
    | Annotated[UndisclosedParticipant, Tag("#undisclosed")],
    Discriminator(form_of, custom_error_type="party_form", custom_error_message=FORMS),
    Somebody,
]
Participants = Annotated[list[Participant], Field(max_length=MOST_PARTICIPANTS)]
