from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from rest_framework.decorators import api_view
from rest_framework.response import Response


def home(request):  # route: ANY / protected LoginRequiredMiddleware
    return HttpResponse()


@login_not_required
def landing(request):  # route: ANY /landing/ open; ANY /staff/pages/ protected StaffAreaMiddleware
    return HttpResponse()


@login_required
def members(request):  # route: ANY /members/ protected login_required
    return HttpResponse()


@method_decorator(login_not_required, name="dispatch")
class Landing(View):
    def get(self, request):  # route: GET /members/landing/ open
        return HttpResponse()


@api_view()
def api(request):  # route: GET /members/api/ open
    return Response({})
