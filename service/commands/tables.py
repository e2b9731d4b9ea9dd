"""`lodestone db` and `rebuild`: the tables, and the read models in them."""

import typer

from service.log.database import migrate, opened
from service.projections.rebuild import rebuild as rebuild_all
from service.projections.rebuild import stands_at_head
from service.settings import Settings
from service.terminal import bar, say, settings_of, telling

app = typer.Typer()
db_app = typer.Typer()


def upgrade(settings: Settings) -> None:
    migrate(settings.database_url)
    with opened(settings.database_url) as engine:
        if not stands_at_head(engine):
            with bar("Rebuilding the read models") as progress:
                rebuild_all(engine, progress)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's tables to the newest version, and the read models to the log."""
    with telling():
        upgrade(settings_of())


@app.command()
def rebuild() -> None:
    """Drop the read models and make them again from the log."""
    with telling():
        with opened(settings_of().database_url) as engine, bar("Rebuilding") as progress:
            through = rebuild_all(engine, progress)
        say.print(f"The read models are rebuilt up to log position {through}.")
