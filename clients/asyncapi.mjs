// Parses an AsyncAPI document with AsyncAPI's own parser, and prints what it finds wrong.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const errors = diagnostics.filter((one) => one.severity === 0);
for (const one of errors) console.error(`${one.path.join("/")}: ${one.message}`);
process.exit(document && errors.length === 0 ? 0 : 1);
