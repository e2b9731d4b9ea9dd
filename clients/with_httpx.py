"""The main job with httpx alone: record an event, ask, page through the log, meet a refusal."""

import sys

import httpx


def main(url: str, key: str) -> None:
    # Without keys, on a register of your own, any text will do.
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        event = {
            "id": "6f0c4f0e-5d5b-4a8e-9c58-0d4c3a1f2b23",
            "stream": "company/example-shipping",
            "type": "company.registered",
            "data": {"name": "Example Shipping", "country": "IN"},
            "source": {"tier": "holder", "title": "Register of own licenses"},
        }
        posted = client.post("/v1/events", json=event).raise_for_status()
        print("recorded at", posted.json()["position"])

        question = {
            "controller": "CN",
            "destination": "IN",
            "commodity": {"name": "rare_earth_magnets"},
            "as_of": "2025-10-31",
        }
        answered = client.post("/v1/determinations", json=question).raise_for_status()
        answer = answered.json()["answers"][0]
        print(answer["headline"])
        print("control:", answer["control"], "facts to state:", len(answer["turns_on"]))
        for provision in answer["basis"]:
            # A part names its sources by keys of the answer's table.
            source = answer["sources"][provision["sources"][0]]
            print("rests on", provision["title"], "by", source["tier"])

        after, companies = 0, 0
        while True:
            page = client.get("/v1/events", params={"after": after, "limit": 5}).raise_for_status().json()
            if not page["events"]:
                break
            companies += sum(recorded["type"] == "company.registered" for recorded in page["events"])
            after = page["next_after"]
        print("events:", after, "companies:", companies)

        refused = client.post("/v1/events", json=event | {"data": {"name": "Example Shipping", "country": "India"}})
        print("refused:", refused.status_code, refused.json()["errors"][0]["pointer"])


if __name__ == "__main__":
    main(*sys.argv[1:])
