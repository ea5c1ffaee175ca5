"""`built-sql`: marked where a statement is put together that this file does not send."""
# only: built-sql


def search(name):
    return f"SELECT id, title FROM books WHERE title LIKE '%{name}%'"  # expect: built-sql


def search_bound():
    return "SELECT id, title FROM books WHERE title LIKE %s"


def others(name, table, page):
    a = "SELECT * FROM books WHERE name = '%s'" % name  # expect: built-sql
    b = "DELETE FROM books WHERE name = '{}'".format(name)  # expect: built-sql
    c = "UPDATE books SET name = '" + name + "' WHERE id = 1"  # expect: built-sql
    d = "SELECT * FROM books WHERE name = '[NAME]'".replace("[NAME]", name)  # expect: built-sql
    e = "SELECT * FROM books LIMIT %d" % int(page)
    return a, b, c, d, e


def sent(cursor, name):
    query = f"SELECT * FROM books WHERE name = '{name}'"
    cursor.execute(query)  # expect: sql-injection
    cursor.execute("SELECT * FROM books WHERE name = '" + name + "'")  # expect: sql-injection


def prose(name, logger):
    logger.info(f"SELECT {name} FROM what is there")
    raise ValueError(f"DELETE FROM {name} is not allowed")


def more_prose(name):
    return f"Select one of {name} from the list", f"TRUNCATE({name}, 2)"


def quoted(connection, table):
    return "SELECT * FROM %s" % connection.ops.quote_name(table)
