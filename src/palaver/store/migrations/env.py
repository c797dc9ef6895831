"""Runs the revisions in the transaction that `palaver.store.migrations` has opened."""

from alembic import context

from palaver.kernel.storage import metadata
from palaver.store.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    # For the names of constraints.
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_pk=False,
    transactional_ddl=True,
)
context.run_migrations()
