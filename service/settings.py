"""Every setting of the register, read from the environment (`LODESTONE_…`), its unit in its name.

`docs/settings.md` is made of these descriptions: `lodestone settings --write`.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.domain.company.alike import ALIKE
from service.feeds.addresses import networks_of


def _networks(text: str) -> str:
    """Raises ValueError."""
    networks_of(text)
    return text


def _of_standbys(text: str, given: ValidationInfo) -> str:
    """Raises ValueError."""
    if text.strip() and not all(url.startswith("postgres") for url in (given.data["database_url"], *text.split())):
        raise ValueError("only PostgreSQL has standbys: both this and LODESTONE_DATABASE_URL begin with postgresql://")
    return text


class Settings(BaseSettings):
    """What can be set. A value that cannot be read stops the start with a sentence that names it."""

    model_config = SettingsConfigDict(env_prefix="LODESTONE_", extra="ignore", frozen=True)

    database_url: Annotated[
        str,
        Field(
            description="Where the register lives: `sqlite:///file` (three slashes: relative) or "
            "`postgresql://user:password@host/database`."
        ),
    ] = "sqlite:///var/lodestone.db"
    read_urls: Annotated[
        str,
        AfterValidator(_of_standbys),
        Field(
            description="The addresses of standbys of that PostgreSQL, with blanks between, each written as the "
            "database's: answers are read from them, while they hold what the primary does."
        ),
    ] = ""
    max_read_lag_s: Annotated[
        int,
        Field(
            ge=1,
            description="How long ago the first event may have been recorded that a standby lacks, in seconds; one "
            "further behind is not read from.",
        ),
    ] = 5
    host: Annotated[
        str, Field(description="The address to listen on. On anything but loopback, requests need an access key.")
    ] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on; 0 takes one that is free.")] = 8000
    access_key: Annotated[
        SecretStr | None,
        Field(
            min_length=32,
            description="An admin's key beside those that `lodestone keys create` makes, 32 characters or more. Where "
            "there is any key, requests need one.",
        ),
    ] = None
    served_over_https: Annotated[
        bool,
        Field(description="Whether clients reach the service over TLS alone: then browsers are told so (HSTS)."),
    ] = False

    public_url: Annotated[
        HttpUrl | None,
        Field(
            description="The address that others reach the register by, such as `https://register.example.org`: it "
            "names the register in CloudEvents."
        ),
    ] = None

    signing_key_file: Annotated[
        Path,
        Field(description="The file with the key that checkpoints are signed with; `lodestone keys signing` makes it."),
    ] = Path("var/signing-key")
    last_checkpoint: Annotated[
        Path | None,
        Field(
            description="The file that the last checkpoint is kept in, at most a second old. It belongs outside the "
            "database and its backups: a register that finds its database older than this refuses to record "
            "(`lodestone db accept-restore`)."
        ),
    ] = None

    max_requests_per_minute_per_key: Annotated[
        int, Field(ge=0, description="The most requests of one access key in a minute; 0: no limit.")
    ] = 6_000
    max_requests_per_minute_per_address: Annotated[
        int | None,
        Field(
            ge=0,
            description="The most requests without a valid access key that one client address sends in a minute; 0: "
            "no limit. Not set: 600 where requests need a key, no limit on a loopback register without keys. "
            "Signs of life (`/health/…`) are not counted.",
        ),
    ] = None
    max_query_bytes: Annotated[
        int, Field(ge=100, description="The longest path and the longest query of a request, each in bytes.")
    ] = 8_000
    max_headers: Annotated[int, Field(ge=10, description="The most headers of a request.")] = 100
    max_header_bytes: Annotated[
        int, Field(ge=1_000, description="The most that the headers of a request hold together, in bytes.")
    ] = 32_000
    max_body_bytes: Annotated[
        int, Field(ge=1_000, description="The largest body of a request, in bytes, counted while it arrives.")
    ] = 2_000_000
    max_events: Annotated[int, Field(ge=1, description="The most events in one POST.")] = 1_000
    max_questions: Annotated[int, Field(ge=1, description="The most questions in one request for determinations.")] = (
        1_000
    )
    max_nesting_levels: Annotated[int, Field(ge=10, le=200, description="How deep the JSON of a body may nest.")] = 40
    max_string_characters: Annotated[
        int, Field(ge=100, le=1_000_000, description="The longest text in a body; most fields take less.")
    ] = 100_000
    max_connections: Annotated[
        int, Field(ge=1, description="The most connections that clients hold open together.")
    ] = 1_000
    head_timeout_s: Annotated[
        int, Field(ge=1, description="How long the head of a request may take to arrive, in seconds.")
    ] = 10
    body_timeout_s: Annotated[
        int, Field(ge=1, description="How long the body of a request may take to arrive, in seconds.")
    ] = 30
    idle_timeout_s: Annotated[
        int, Field(ge=1, description="How long a connection without a request is kept open, in seconds.")
    ] = 30
    read_timeout_s: Annotated[
        int,
        Field(
            ge=1,
            description="How long a client may read nothing of an answer before its connection is closed, in seconds.",
        ),
    ] = 30
    max_unsent_bytes: Annotated[
        int,
        Field(
            ge=1_000_000,
            description="The most bytes of large answers that clients have not read yet, together; beyond it, 503.",
        ),
    ] = 64_000_000
    max_values: Annotated[
        int,
        Field(ge=1_000, description="The most values in the JSON of a body: texts, numbers, objects and lists."),
    ] = 200_000
    max_page_size: Annotated[
        int, Field(ge=100, le=1_000, description="The most that a page may be asked to hold (`limit`).")
    ] = 1_000
    max_watches: Annotated[int, Field(ge=0, description="The most standing questions (`/v1/watches`).")] = 10_000
    webhook_networks: Annotated[
        str,
        AfterValidator(_networks),
        Field(
            description="Networks beside the public internet that webhooks may reach, with commas between: "
            "`10.0.0.0/8, 127.0.0.1/32`. With any, `http://` is allowed beside `https://`."
        ),
    ] = ""
    max_feeds: Annotated[
        int, Field(ge=0, description="The most feeds of events (`/v1/feed`) that are open at once in one process.")
    ] = 200
    cached_records_bytes: Annotated[
        int,
        Field(
            ge=0,
            description="How many bytes of records are kept in memory as what they say of their things, for the next "
            "question; 0: none. What is kept takes some ten times as much.",
        ),
    ] = 16_000_000
    max_answers_at_once: Annotated[
        int,
        Field(
            ge=1,
            description="How many answers are worked out at once in one process. What is kept is answered without. "
            "More are of use where a database is far away, and not where a core is what all of them wait for.",
        ),
    ] = 2
    max_recordings_at_once: Annotated[
        int,
        Field(
            ge=1,
            description="How many requests that record are worked on at once in one process, and committed together.",
        ),
    ] = 32
    max_waiting_requests: Annotated[
        int,
        Field(
            ge=0,
            description="How many more requests of each of the two kinds wait for their turn; the others are answered "
            "503 after some two seconds.",
        ),
    ] = 500
    max_wait_ms: Annotated[
        int,
        Field(
            ge=1,
            le=1_500,
            description="How long a request waits for its turn, in milliseconds; a quarter of it once others have "
            "waited without a break for as long.",
        ),
    ] = 800
    max_read_connections: Annotated[
        int,
        Field(
            ge=1,
            description="The most connections that reading requests hold at once. The writer has two more, access keys "
            "and signs of life another two, and the look at the end of the log one.",
        ),
    ] = 20
    connection_timeout_s: Annotated[
        int,
        Field(ge=1, description="How long one request may hold a connection to the database, in seconds."),
    ] = 30
    answer_budget_ms: Annotated[
        int,
        Field(
            ge=1,
            description="How long one answer may keep a core busy, in milliseconds; one that takes more is refused, "
            "with what to narrow. Of many questions in one request each has as much.",
        ),
    ] = 10_000
    kept_bytes: Annotated[
        int,
        Field(
            ge=0,
            description="How many bytes of answers, and of what they follow from, are kept in memory for as long as no "
            "event touches them; 0: none. Names of goods take some 15 MB of it.",
        ),
    ] = 64_000_000
    statement_timeout_s: Annotated[
        int,
        Field(
            ge=1,
            description="How long the database may work on one statement of a request, in seconds. Migrations, "
            "rebuilds and exports have no such limit.",
        ),
    ] = 10

    names_alike_from_percent: Annotated[
        int,
        Field(
            ge=60,
            le=100,
            description="The score from which on a name counts as alike to a listed one, of 100 for the same name: see "
            "docs/names.md. `lodestone verify` takes 90 for it.",
        ),
    ] = ALIKE

    log_requests: Annotated[
        bool, Field(description="Whether each request is a line in the log, on standard error.")
    ] = True
    traces: Annotated[
        bool,
        Field(
            description="Whether traces are sent by OTLP over HTTP. Needs the extra `lodestone[otel]`; where to, say "
            "the variables of OpenTelemetry, such as `OTEL_EXPORTER_OTLP_ENDPOINT`."
        ),
    ] = False
    shutdown_timeout_s: Annotated[
        int,
        Field(
            ge=1,
            description="How long open requests may take to finish after SIGTERM, in seconds. What they wrote is "
            "finished after that, in at most another second and a half.",
        ),
    ] = 3


PREFIX = "LODESTONE_"
OF_COMMANDS = {
    "LODESTONE_URL": "The service that commands ask, instead of the database of `LODESTONE_DATABASE_URL`.",
    "LODESTONE_KEY": "The access key that commands send to that service.",
}
"""What commands read where they speak to a service; the service itself reads none of it."""
HEAD = """\
# Settings

Read from the environment when a command starts. A value that cannot be read stops the start, and a sentence names it.
This page is made by `lodestone settings --write`.

| variable | by default | |
|---|---|---|
"""


def reference() -> str:
    """The page of all settings, in Markdown."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "not set" if field.default is None else f"`{_written(field.default)}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |\n")
    of_commands = [f"| `{name}` | not set | {said} |\n" for name, said in OF_COMMANDS.items()]
    return HEAD + "".join([*rows, *of_commands])


def _written(value: object) -> str:
    """As it is written in the environment."""
    return str(value).lower() if isinstance(value, bool) else str(value)
