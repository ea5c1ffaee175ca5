from django.http import Http404, HttpResponse


def login(request):  # route: ANY /accounts/enter/ open
    return HttpResponse()


def me(request):  # route: ANY /accounts/me/ protected user.is_authenticated
    if not request.user.is_authenticated:
        raise Http404
    return HttpResponse()


def public(request, username):  # route: ANY /accounts/public/<str:username>/ open
    user = find(username)
    if user is None:
        raise Http404
    return HttpResponse()


def find(username):
    return None
