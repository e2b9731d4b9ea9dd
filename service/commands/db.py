"""`lodestone db`: the database itself, its tables and who may touch them."""

import typer

from service.commands import log, tables

app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(tables.db_app)
app.add_typer(log.db_app)
