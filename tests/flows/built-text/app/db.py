"""A wrapper around the driver."""
import sqlite3


class Database:
    def __init__(self, path):
        self.connection = sqlite3.connect(path)

    def execute(self, statement, *values):
        return self.connection.execute(statement, values)


database = Database("shop.db")


def execute(statement, *values):
    return database.execute(statement, *values)
