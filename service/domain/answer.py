"""The words of an answer: what a control, a standing and a cover can be, and which is stricter."""

from typing import Literal

Control = Literal[
    "prohibited",
    "presumption_of_denial",
    "quota",
    "license_required",
    "conditional",
    "notification",
    "not_yet_in_force",
    "suspended",
    "not_restricted",
    "undetermined",
    "no_data",
]
STRICTEST_FIRST: tuple[Control, ...] = (
    "prohibited",
    "presumption_of_denial",
    "quota",
    "license_required",
    "conditional",
    "notification",
)
CONTROL_OF: dict[str, Control] = {
    "prohibition": "prohibited",
    "conditional_prohibition": "presumption_of_denial",
    "presumption_of_denial": "presumption_of_denial",
    "quota": "quota",
    "licensing": "license_required",
    "conditional": "conditional",
    "notification": "notification",
}
Standing = Literal["confirmed", "reported", "possible", "pending", "none", "unknown"]
Covered = Literal["yes", "yes_with_conditions", "no", "possible", "unknown"]
