// Follows the feed with the npm package `eventsource` and prints the position of each event: follow.mjs URL KEY COUNT.
// Cut off, it connects again by itself, from the last event on.

import { EventSource } from "eventsource";

const [url, key, count] = process.argv.slice(2);
const withKey = (input, init) =>
  fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } });

let left = Number(count);
const source = new EventSource(`${url}/v1/feed`, { fetch: withKey });
source.addEventListener("message", (event) => {
  console.log(event.lastEventId, JSON.parse(event.data).stream);
  left -= 1;
  if (left === 0) source.close();
});
