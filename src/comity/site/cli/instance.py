"""Opening an instance for a command: Django with the settings of the environment, and a database that is up to date."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from comity.site.cli.command import CommandError, tell


def open_house() -> None:
    """Load Django with the instance's settings and make its folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    django.setup()
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)


def open_instance() -> None:
    """Load Django and see to the database: a new one gets its tables, an older one must be migrated first."""
    open_house()
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(f"the database cannot be reached: {error}") from error
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _erase_what_came_back()
        return
    if executor.loader.applied_migrations:
        raise CommandError("the database is older than this version: run ./comity migrate first")
    tell("A new database: making its tables.")
    migrate()


def _erase_what_came_back() -> None:
    """A backup that was restored brought back what had been erased: before anything else it is erased again."""
    from comity.site.periodic import erase_what_came_back

    for line in erase_what_came_back():
        tell(line)


def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=0)
