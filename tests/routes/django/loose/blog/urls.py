from django.conf.urls import url
from django.contrib.auth.decorators import login_required

from . import views


def tagged(regex, view, name=None):
    if callable(view):
        pattern = url(regex, view, name=name)
        pattern.tag = "blog"
        return pattern
    raise TypeError


def exports(prefix, view):
    prefix = prefix.rstrip("/")
    return [
        url(rf"^{prefix}{end}$", login_required(view), name=name)
        for end, view, name in [(".csv", views.csv, "csv"), (".json", view, "json")]
    ]


urlpatterns = [url(r"^feed/$", views.feed), tagged(r"^tagged/$", views.tagged), *exports("out/", views.json)]
