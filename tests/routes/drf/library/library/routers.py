from rest_framework.routers import DefaultRouter, SimpleRouter
from rest_framework_nested.routers import NestedSimpleRouter

from .views import BookSet, CopySet, EventSet, LoanSet, PageSet, ReaderSet

books_router = DefaultRouter()
books_router.register(r"books", BookSet, basename="book")
books_router.register("readers", ReaderSet, basename="reader")

loans_router = NestedSimpleRouter(books_router, r"books", lookup="book")
loans_router.register(r"copies", CopySet, basename="copy")

plain = SimpleRouter(trailing_slash=False, use_regex_path=False)
plain.register("loans", LoanSet, basename="loan")
plain.register("events", EventSet, basename="event")

extra = SimpleRouter()
extra.register("pages", PageSet, basename="page")
plain.registry.extend(extra.registry)
