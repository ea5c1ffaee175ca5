from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.views.generic.detail import DetailView


def index(request):  # route: ANY /^$ open
    return HttpResponse()


def feed(request):  # route: ANY /^blog/^feed/$ open
    return HttpResponse()


def tagged(request):  # route: ANY /^blog/^tagged/$ open
    return HttpResponse()


def csv(request):  # route: ANY /^blog/^out.csv$ protected login_required
    return HttpResponse()


def json(request):  # route: ANY /^blog/^out.json$ protected login_required
    return HttpResponse()


class PostView(LoginRequiredMixin, DetailView):  # route: GET /^posts/(?P<slug>[\w-]+)/$ protected LoginRequiredMixin
    template_name = "post.html"
