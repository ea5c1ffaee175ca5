from django.contrib.auth.mixins import LoginRequiredMixin
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .authentication import MachineAuthentication


class Base(viewsets.GenericViewSet):
    permission_classes_by_action = {"default": [IsAuthenticated], "list": [AllowAny]}

    def get_permissions(self):
        try:
            return [permission() for permission in self.permission_classes_by_action[self.action]]
        except KeyError:
            return [permission() for permission in self.permission_classes_by_action["default"]]

    def bulk_destroy(self, request):  # route: DELETE /^cups/?$ protected IsAuthenticated; DELETE /^mugs/?$ protected IsAuthenticated
        return Response()


class CupSet(Base):
    lookup_value_regex = "[0-9]+"
    queryset = None

    def list(self, request):  # route: GET /^cups/?$ open
        return Response()

    @action(detail=True, methods=["POST"], url_path="fill-up")
    def fill(self, request, pk):  # route: POST /^cups/(?P<pk>[0-9]+)/do/fill-up/?$ protected IsAuthenticated
        return Response()


class MugSet(Base):
    pass


class Hello(APIView):
    def get_permissions(self):
        if self.request.method in ("POST", "PUT"):
            return [IsAuthenticated()]
        return super().get_permissions()

    def get(self, request):  # route: GET /hello/ open
        return Response()

    def post(self, request):  # route: POST /hello/ protected IsAuthenticated
        return Response()


class Things(LoginRequiredMixin, APIView):
    permission_classes = []

    def get(self, request):  # route: GET /things/ protected LoginRequiredMixin
        return Response()


class TeamPermission(BasePermission):
    def has_permission(self, request, view):
        if not request.user.is_authenticated and not request.auth:
            return False
        if request.method in SAFE_METHODS and view.kwargs.get("team"):
            return request.team.is_open
        return True


class Teams(APIView):
    permission_classes = [TeamPermission]

    def get(self, request):  # route: GET /teams/ protected TeamPermission
        return Response()


class Machines(APIView):
    authentication_classes = [MachineAuthentication]
    permission_classes = []

    def get(self, request):  # route: GET /machines/ protected MachineAuthentication
        return Response()
