"""Receives what watches tell, and prints each change in a sentence: receiver.py PORT SECRET [SECRET].

It believes nothing that is not signed, tells nothing twice, and answers before the register loses patience.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

MOST_BYTES = 5_000_000


class Receiver(BaseHTTPRequestHandler):
    secrets: tuple[str, ...] = ()
    # What was told already. A receiver that people rely on keeps these ids in a database.
    told: set[str] = set()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(min(length, MOST_BYTES))
        message = verified(body, dict(self.headers), self.secrets)
        if message is not None and self.headers["webhook-id"] not in self.told:
            tell(message)
            self.told.add(self.headers["webhook-id"])
        self.send_response(401 if message is None else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


def verified(body: bytes, headers: dict[str, str], secrets: tuple[str, ...]) -> Any:
    """The message; None where no secret signed it, or it is older than five minutes."""
    for secret in secrets:
        try:
            return Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            continue
    return None


def tell(message: dict[str, Any]) -> None:
    """Here a message would become a mail, a line in a chat, or a task for somebody."""
    data = message["data"]
    if message["type"] == "answer.changed":
        because = data["because"]
        cause = f"the day {because['day']}" if because.get("day") else f"event {', '.join(because['events'])}"
        print(f"{data['title'] or data['watch']}: {data['headline']['after']} Because of {cause}.", flush=True)
        print(f"  Before: {data['headline']['before']}", flush=True)
    elif message["type"] == "event.recorded":
        print(f"{data['title'] or data['watch']}: {data['event']['type']} in {data['event']['stream']}.", flush=True)


def server(port: int, *secrets: str) -> ThreadingHTTPServer:
    Receiver.secrets = secrets
    return ThreadingHTTPServer(("127.0.0.1", port), Receiver)


if __name__ == "__main__":
    server(int(sys.argv[1]), *sys.argv[2:]).serve_forever()
