from django.http import HttpResponse, HttpResponseForbidden
from django.views import View
from django.views.generic.edit import UpdateView
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet


def run_for(request, pk, what):
    if not request.user.has_perm("desk.run"):
        return HttpResponseForbidden()
    return HttpResponse(what(pk))


# The function that it is handed to asks first.
class RunJob(View):
    def post(self, request, pk):  # route: POST /jobs/<int:pk>/run/ protected run_for
        return run_for(request, pk, start)


# Each of several permissions is asked for.
class Tools(APIView):
    permission_classes = []
    required = ["desk.use", "desk.change"]

    def check_permissions(self, request):
        for permission in self.required:
            if not request.user.has_perms([permission]):
                self.permission_denied(request)

    def post(self, request):  # route: POST /tools/ protected Tools.check_permissions
        return HttpResponse()


# What `put` is in Django's own views, `post` is.
class Profile(UpdateView):  # route: GET /profile/ open
    fields = ["name"]

    def post(self, request):  # route: POST,PUT /profile/ protected user.is_authenticated
        if not request.user.is_authenticated:
            return HttpResponseForbidden()
        return super().post(request)


class Roles(APIView):
    permission_classes = []

    def perm_check(self, request):
        if not request.user.has_perm("role.edit"):
            self.permission_denied(request)

    def post(self, request):  # route: POST /roles/ protected self.perm_check
        self.perm_check(request)
        return HttpResponse()


# What `partial_update` is in the framework's own sets of views, `update` is.
class Teams(ModelViewSet):  # route: GET /teams/<int:pk>/ open
    permission_classes = []
    http_method_names = ["get", "patch"]

    def update(self, request, pk, partial=False):  # route: PATCH /teams/<int:pk>/ protected user.is_staff
        if not request.user.is_staff:
            return HttpResponseForbidden()
        return super().update(request, pk, partial=partial)
