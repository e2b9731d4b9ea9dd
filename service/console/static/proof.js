// Checks, in this browser, that an event stands in the log as it is shown: payload, envelope, leaf, path to the signed
// root. docs/log-format.md says what is hashed. Nothing of it is taken from the page.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const text = (value) => new TextEncoder().encode(value);
const fromBase64 = (value) => Uint8Array.from(atob(value), (one) => one.charCodeAt(0));

// RFC 8785 for values without floats and with ASCII keys.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const inMicroseconds = (instant) => {
  const [, whole, fraction] = instant.match(/^(.*?)(?:\.(\d+))?Z$/);
  return `${whole}.${(fraction ?? "").padEnd(6, "0")}Z`;
};

async function leafOf(event) {
  if (event.salt !== null) {
    const payload = canonical({ data: event.data, source: event.source });
    const digest = hex(await sha256(bytes(event.salt), text(payload)));
    if (digest !== event.payload_digest) throw new Error("its contents are not those that were recorded");
  }
  const names = ["actor", "effective", "id", "metadata", "payload_digest", "position", "schema_version", "stream", "type", "version"];
  const envelope = Object.fromEntries(names.map((name) => [name, event[name]]));
  envelope.recorded_at = inMicroseconds(event.recorded_at);
  return sha256([0], text(canonical(envelope)));
}

// RFC 9162, 2.1.3.2.
async function rootFrom(leaf, index, size, path) {
  let [node, last, found] = [index, size - 1, leaf];
  for (const one of path) {
    if (last === 0) throw new Error("the path is too long");
    if (node % 2 === 1 || node === last) {
      found = await sha256([1], one, found);
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else {
      found = await sha256([1], found, one);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Error("the path is too short");
  return found;
}

// A signed note (C2SP): its body, and the key's signature behind four bytes that name the key. Null: no key here.
async function signedBy(note, key) {
  const [body, signatures] = [note.slice(0, note.indexOf("\n\n") + 1), note.slice(note.indexOf("\n\n") + 2)];
  const [name, , encoded] = key.trim().match(/^(.*)\+([0-9a-f]+)\+(.*)$/).slice(1);
  const line = signatures.split("\n").find((one) => one.startsWith(`\u2014 ${name} `));
  if (!line) return false;
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", fromBase64(encoded).slice(1), "Ed25519", false, ["verify"]);
  } catch {
    return null;
  }
  return crypto.subtle.verify("Ed25519", imported, fromBase64(line.split(" ")[2]).slice(4), text(body));
}

async function read(path, as) {
  const answer = await fetch(path, { headers: { Accept: as === "json" ? "application/json" : "text/plain" } });
  if (!answer.ok) throw new Error("the register has no signed checkpoint");
  return answer[as]();
}

async function checked(id) {
  const [event, note, key] = [await read(`/v1/events/${id}`, "json"), await read("/v1/log/checkpoint", "text"), await read("/v1/log/key", "text")];
  const [, size, root] = note.split("\n");
  const proof = await read(`/v1/log/proof/inclusion?position=${event.position}&size=${size}`, "json");
  const leaf = await leafOf(event);
  if (hex(leaf) !== event.hash) throw new Error("its hash does not follow from what is shown");
  const found = await rootFrom(leaf, event.position - 1, Number(size), proof.proof.map(bytes));
  if (hex(found) !== hex(fromBase64(root))) throw new Error("the path does not lead to the root of the checkpoint");
  const signed = await signedBy(note, key);
  if (signed === false) throw new Error("the checkpoint is not signed by the register's key");
  return signed === null ? "This browser cannot check the signature of the checkpoint." : "The register's key signed the checkpoint.";
}

const button = document.getElementById("check-proof");
const said = document.getElementById("proof-said");
if (button && said && globalThis.crypto?.subtle) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const signature = await checked(said.dataset.event);
      said.textContent = `✓ Checked in this browser: the event stands in the log as it is shown. ${signature}`;
      said.dataset.proof = "checked";
    } catch (error) {
      said.textContent = `✗ Not proved: ${error.message}.`;
      said.dataset.proof = "failed";
    }
    button.disabled = false;
  });
}
