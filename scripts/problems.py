"""Sends requests that are refused to a register with the seeds' article in it, and keeps the refusals in
openapi/problems.json: the pages of the problem types show them."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.examples import register
from service.api.http.problem_pages import FILE

PATH = Path(__file__).resolve().parent.parent / "openapi" / FILE


def main() -> int:
    kept: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, register(f"sqlite:///{folder}/register.db", Path(folder)) as client:
        for example in kept:
            answer = answered(client, example["request"])
            if answer.get("type") != f"/problems/{example['problem']}":
                sys.exit(f"lodestone: openapi/{FILE}: {example['problem']} is answered {answer}")
            example["answer"] = answer
    PATH.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def answered(client: Any, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request as it is kept. A body that is a text is sent as it is."""
    body, headers = request.get("body"), request.get("headers", {})
    content = body if body is None or isinstance(body, str) else json.dumps(body)
    sent = headers if body is None else {"Content-Type": "application/json", **headers}
    found: dict[str, Any] = client.request(request["method"], request["path"], content=content, headers=sent).json()
    return found


if __name__ == "__main__":
    sys.exit(main())
