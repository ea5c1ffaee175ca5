"""Nobody but its author names what a migration changes; a value that is pasted in is told of."""
from alembic import op


def upgrade():
    rename("books", "old_title", "A title")


def rename(table, column, title):
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.execute(f"UPDATE books SET title = '{title}'")  # expect: sql-injection
