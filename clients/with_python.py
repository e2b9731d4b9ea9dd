"""The main job through the generated Python client: record an event, ask, page through the log, meet a refusal."""

import sys

from lodestone_client import AuthenticatedClient
from lodestone_client.api.determinations import determine
from lodestone_client.api.events import list_events, post_events
from lodestone_client.models import (
    AnswerList,
    Commodity,
    CompanyRegistered,
    CompanyRegisteredEvent,
    CompanyRegisteredRecorded,
    EventPage,
    Posted,
    Problem,
    Question,
    Source,
    Tier,
)


def main(url: str, key: str) -> None:
    # Without keys, on a register of your own, any text will do.
    with AuthenticatedClient(base_url=url, token=key) as client:
        event = CompanyRegisteredEvent(
            id="6f0c4f0e-5d5b-4a8e-9c58-0d4c3a1f2b21",
            stream="company/example-motors",
            type_="company.registered",
            data=CompanyRegistered(name="Example Motors", country="IN"),
            source=Source(tier=Tier.HOLDER, title="Register of own licenses"),
        )
        posted = post_events.sync(client=client, body=event)
        assert isinstance(posted, Posted), posted
        print("recorded at", posted.position)

        question = Question(
            controller="CN", destination="IN", commodity=Commodity(name="rare_earth_magnets"), as_of="2025-10-31"
        )
        answered = determine.sync(client=client, body=question)
        assert isinstance(answered, AnswerList), answered
        answer = answered.answers[0]
        print(answer.headline)
        print("control:", answer.control, "facts to state:", len(answer.turns_on))
        for provision in answer.basis:
            # A part names its sources by keys of the answer's table.
            source = answer.sources[provision.sources[0]]
            print("rests on", provision.title, "by", source.tier.value)

        after, companies = 0, 0
        while True:
            page = list_events.sync(client=client, after=after, limit=5)
            assert isinstance(page, EventPage), page
            if not page.events:
                break
            for recorded in page.events:
                if isinstance(recorded, CompanyRegisteredRecorded):
                    companies += 1
            after = page.next_after
        print("events:", after, "companies:", companies)

        event.data.country = "India"
        refused = post_events.sync(client=client, body=event)
        assert isinstance(refused, Problem), refused
        print("refused:", refused.status, refused.errors[0].pointer)


if __name__ == "__main__":
    main(*sys.argv[1:])
