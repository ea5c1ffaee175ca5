"""`open-redirect`: marked where a client is sent on to an address that somebody else may have shaped."""
from urllib.parse import urlsplit, urlunsplit

from django.core.signing import Signer
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from flask import Flask, redirect, request, url_for
from tornado.web import HTTPError, RequestHandler

app = Flask(__name__)


@app.get("/login")
def login():
    return redirect(request.args.get("next", "/"))  # expect: open-redirect/flow


@app.get("/home")
def home():
    return redirect(url_for("login"))


@app.get("/item/<name>")
def item(name):
    return redirect("/items/" + name)


def after(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return HttpResponseRedirect(target)


def unchecked(request):
    return HttpResponseRedirect(request.GET["next"])  # expect: open-redirect/flow


@app.get("/many")
def many():
    target = request.args.get("next", "/")
    never = False
    # Behind what never holds there is nothing to be refined.
    if (never and target == "a") or (never and target == "b"):
        return "never"
    return redirect(target)  # expect: open-redirect/flow


def again(request):
    return HttpResponseRedirect(request.get_full_path())


def encrypted(request):
    return HttpResponseRedirect("https://" + request.get_host() + "/")


def signed(request):
    return HttpResponseRedirect(Signer(salt="next").unsign(request.GET["next"]))


def searched(request):
    query = request.GET.copy()
    query.pop("page", None)
    url = reverse("books")
    return HttpResponseRedirect(f"{url}?{query.urlencode()}")


def absolute(request):
    return HttpResponseRedirect(request.build_absolute_uri(request.GET["next"]))  # expect: open-redirect/flow


@app.get("/here")
def here():
    return redirect(request.url)


def along(request, url):
    return HttpResponseRedirect(f"{url}?{request.GET['page']}")


def to_host(request, scheme):
    return HttpResponseRedirect(f"{scheme}://{request.GET['host']}/")  # expect: open-redirect/flow


def language(request):
    target = request.POST.get("next", request.GET.get("next"))
    if (target or request.accepts("text/html")) and not url_has_allowed_host_and_scheme(
        url=target, allowed_hosts={request.get_host()}
    ):
        target = "/"
    return HttpResponseRedirect(target) if target else HttpResponse(status=204)


@app.get("/folder")
def folder():
    return redirect(request.path + "/")


def added(request, scheme):
    page = HttpResponseRedirect(reverse("books") + "?" + request.GET.urlencode())
    host = HttpResponseRedirect(scheme + "://" + request.GET["host"])  # expect: open-redirect/flow
    return page or host


def paged(request):
    parts = list(urlsplit(reverse("books")))
    parts[3] = request.GET["query"]
    return HttpResponseRedirect(urlunsplit(parts))


def moved(request):
    parts = ("https", request.GET["host"], "/books", "", "")
    return HttpResponseRedirect(urlunsplit(parts))  # expect: open-redirect/flow


def stay(request):
    return HttpResponseRedirect(request.path)


class Old(RequestHandler):
    def get(self):
        path = self.request.path.rstrip("/")
        if path.startswith("//"):
            raise HTTPError(403)
        self.redirect(path)

    def post(self):
        self.redirect(self.request.path.rstrip("/"))  # expect: open-redirect/flow
