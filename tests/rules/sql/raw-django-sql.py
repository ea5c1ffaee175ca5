"""`raw-django-sql`: marked where SQL goes past the ORM that is constant, but not written out in the call."""
# only: raw-django-sql
from django.db.models.expressions import RawSQL

from shop.models import Book

CHEAP = "price < 10"


def cheap():
    return Book.objects.all().extra(where=[CHEAP])  # expect: raw-django-sql


def cheap_in_sight():
    return Book.objects.all().extra(where=["price < 10"])


def others():
    Book.objects.all().extra(select={"cheap": CHEAP})  # expect: raw-django-sql
    Book.objects.all().extra(select={"cheap": "price < 10"}, tables=["offers"])
    Book.objects.all().extra(select=dict(cheap="price < 10"))
    Book.objects.annotate(cheap=RawSQL(CHEAP, []))  # expect: raw-django-sql
    Book.objects.annotate(cheap=RawSQL("price < %s", [10]))
    Book.objects.annotate(cheap=RawSQL(params=[10], sql="price < %s"))


def injected(limit):
    Book.objects.all().extra(where=["price < " + limit])  # expect: sql-injection
    Book.objects.annotate(cheap=RawSQL("price < " + limit, []))  # expect: sql-injection
