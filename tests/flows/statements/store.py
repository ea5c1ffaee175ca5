from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from models import Book

engine = create_engine("sqlite://")


def session():
    with Session(engine) as opened:
        yield opened


def rename(db: Session, title, new):
    query = update(Book).where(Book.title == title).values(title=new)
    db.execute(query)


def search(db: Session, words):
    found = db.execute(select(Book).filter_by(title=words))
    statement = f"SELECT * FROM books WHERE title LIKE '%{words}%'"
    return found, db.execute(statement)  # expect: sql-injection/flow
