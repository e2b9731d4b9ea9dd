"""`lodestone watch` and `follow`."""

import json
import os
import signal
import subprocess
from pathlib import Path

import httpx

from tests.commands.conftest import Run, runner, served

QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}}


def test_a_watch_is_added_listed_shown_and_removed(lodestone: Run, tmp_path: Path):
    file = tmp_path / "question.json"
    file.write_text(json.dumps(QUESTION))
    added = lodestone("watch", "add", "magnets", "--question", file)
    assert added.exit_code == 0, added.output
    assert added.output.startswith("magnets: ")
    assert lodestone("watch", "add", "magnets", "--question", file).exit_code == 0
    assert "magnets" in lodestone("watch", "list").output
    assert lodestone("watch", "show", "magnets").output == added.output
    assert json.loads(lodestone("watch", "show", "magnets", "--json").output)["id"] == "magnets"
    assert "Nothing changed." in lodestone("watch", "changes", "magnets").output
    assert lodestone("watch", "remove", "magnets").exit_code == 0
    assert lodestone("watch", "show", "magnets").exit_code == 1
    assert "Nothing is watched." in lodestone("watch", "list").output


def test_a_status_or_events_are_watched_by_options(lodestone: Run):
    asked = lodestone(
        "watch", "add", "india", "--country", "in", "--commodity", "8505.11", "--controller", "CN", "--json"
    )
    commodity = {"hs": "8505.11"}
    assert json.loads(asked.output)["ask"] == {
        "country_status": {"country": "IN", "commodity": commodity, "controller": "CN"}
    }
    every = lodestone("watch", "add", "all", "--event-type", "any", "--json")
    assert json.loads(every.output)["ask"] == {"events": {}}
    company = lodestone("watch", "add", "nobody", "--company", "nobody")
    assert company.exit_code == 1
    for options in ((), ("--country", "IN", "--event-type", "any"), ("--event-type", "any", "--commodity", "gallium")):
        assert lodestone("watch", "add", "wrong", *options).exit_code == 2


def test_the_secret_of_a_webhook_is_printed_once_and_a_ping_tells_how_it_went(article_url: str, tmp_path: Path):
    lodestone = runner(LODESTONE_DATABASE_URL=article_url, LODESTONE_SIGNING_KEY_FILE=str(tmp_path / "key"))
    watch = ("watch", "add", "all", "--event-type", "any", "--webhook", "https://127.0.0.1:9/")
    refused = lodestone(*watch)
    assert (refused.exit_code, "lodestone keys signing" in " ".join(refused.output.split())) == (1, True)
    assert lodestone("keys", "signing").exit_code == 0
    assert "whsec_" in lodestone(*watch).stdout
    assert "whsec_" not in lodestone(*watch).stdout
    ping = lodestone("watch", "ping", "all")
    assert ping.exit_code == 1
    assert "The address is not one that webhooks may reach." in ping.output


def test_follow_prints_the_feed_of_a_service(lodestone_command: Path, article_url: str):
    with served(database_url=article_url) as url:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}
        command: list[str | Path] = [lodestone_command, "follow", "--after", "1", "--json", "--url", url]
        follower = subprocess.Popen(command, env=clean, stdout=subprocess.PIPE, text=True)
        try:
            assert follower.stdout
            assert json.loads(follower.stdout.readline())["position"] == 2
            note = {"stream": "note/new", "type": "note.recorded", "data": {"kind": "market", "text": "A remark."}}
            posted = httpx.post(f"{url}/v1/events", json={**note, "source": {"tier": "holder"}}).json()
            for line in follower.stdout:
                if json.loads(line)["position"] == posted["position"]:
                    break
            follower.send_signal(signal.SIGINT)
            assert follower.wait(60) == 0
        finally:
            follower.kill()
            follower.communicate()
