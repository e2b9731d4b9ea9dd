// Emmett: one event of a new stream for each append, by its event store for PostgreSQL.

import { randomUUID } from "node:crypto";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const [url, clients, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const store = getPostgreSQLEventStore(url);
const data = { text: "x".repeat(590) };
const log = console.log;
// It tells of its migrations on standard output.
console.log = () => {};
await store.schema.migrate();

const work = async () => {
  for (let left = Math.floor(count / clients); left > 0; left--) {
    await store.appendToStream(`license-${randomUUID()}`, [{ type: "license.granted", data }]);
  }
};

await work();
const started = performance.now();
await Promise.all(Array.from({ length: clients }, work));
log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
await store.close();
process.exit(0);
