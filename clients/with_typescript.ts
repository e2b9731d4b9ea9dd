// The main job through the TypeScript client: record an event, ask, page through the log, meet a refusal.

import createClient from "openapi-fetch";

import type { components, paths } from "./generated/typescript/lodestone.js";

type CompanyRegistered = components["schemas"]["CompanyRegisteredEvent"];

async function main(baseUrl: string, key: string): Promise<void> {
  // Without keys, on a register of your own, any text will do.
  const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

  const event: CompanyRegistered = {
    id: "6f0c4f0e-5d5b-4a8e-9c58-0d4c3a1f2b22",
    stream: "company/example-magnets",
    type: "company.registered",
    data: { name: "Example Magnets", country: "CN" },
    source: { tier: "holder", title: "Register of own licenses" },
  };
  const posted = await client.POST("/v1/events", { body: event });
  if (posted.error) throw new Error(posted.error.detail);
  console.log("recorded at", posted.data.position);

  const answered = await client.POST("/v1/determinations", {
    body: {
      controller: "CN",
      destination: "IN",
      commodity: { name: "rare_earth_magnets" },
      as_of: "2025-10-31",
    },
  });
  if (answered.error) throw new Error(answered.error.detail);
  const answer = answered.data.answers[0];
  if (!answer) throw new Error("one question has one answer");
  console.log(answer.headline);
  console.log("control:", answer.control, "facts to state:", answer.turns_on.length);
  for (const provision of answer.basis) {
    // A part names its sources by keys of the answer's table.
    const source = answer.sources[provision.sources[0] ?? ""];
    console.log("rests on", provision.title, "by", source?.tier);
  }

  let after = 0;
  let companies = 0;
  for (;;) {
    const page = await client.GET("/v1/events", { params: { query: { after, limit: 5 } } });
    if (page.error) throw new Error(page.error.detail);
    if (page.data.events.length === 0) break;
    for (const recorded of page.data.events) {
      // `type` tells which data an event has; a payload that was removed has none.
      if (recorded.type === "company.registered" && "name" in recorded.data) companies += 1;
    }
    after = page.data.next_after;
  }
  console.log("events:", after, "companies:", companies);

  const refused = await client.POST("/v1/events", {
    body: { ...event, data: { ...event.data, country: "China" } },
  });
  if (!refused.error) throw new Error("this country has no such code");
  console.log("refused:", refused.error.status, refused.error.errors[0]?.pointer);
}

const [url = "http://127.0.0.1:8000", key = "none"] = process.argv.slice(2);
await main(url, key);
