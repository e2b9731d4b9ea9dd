"""Every setting of the register, read from the environment (`LODESTONE_…`), its unit in its name or comment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set. A value that cannot be read stops the start with a sentence that names it."""

    model_config = SettingsConfigDict(env_prefix="LODESTONE_", extra="ignore", frozen=True)

    # Where the register lives: sqlite:///file (three slashes: relative) or postgresql://user:password@host/database.
    database_url: str = "sqlite:///var/lodestone.db"

    # The address to listen on. Anything but loopback needs an access key.
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000

    # An admin's key beside those that `lodestone keys create` makes: "Authorization: Bearer <key>". Where there is any
    # key, or the address is not loopback, requests need one.
    access_key: Annotated[SecretStr | None, Field(min_length=32)] = None

    # The file that holds the key which checkpoints of the log are signed with; `lodestone keys signing` makes one.
    signing_key_file: Path = Path("var/signing-key")

    # The file that the last checkpoint is kept in, at most a second old. It belongs outside the database and its
    # backups: a register that finds its database older than this refuses to record (`lodestone db accept-restore`).
    last_checkpoint: Path | None = None

    # The largest body of a request, in bytes, counted while it arrives.
    max_body_bytes: Annotated[int, Field(ge=1_000)] = 2_000_000

    # The most events in one POST, and the most questions in one request for determinations.
    max_events: Annotated[int, Field(ge=1)] = 1_000
    max_questions: Annotated[int, Field(ge=1)] = 1_000

    # How long open requests may take to finish after SIGTERM, in seconds.
    shutdown_timeout_s: Annotated[int, Field(ge=1)] = 4
