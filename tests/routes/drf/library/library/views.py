from rest_framework import generics, mixins, permissions, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.views import APIView

from .permissions import IsLibrarian, IsOwnerOrReadOnly, MayLend, NotOnHoliday, ReadOnly


class BookSet(viewsets.ModelViewSet):  # route: GET /api/^books/$ open; GET /one/ open; PUT,PATCH,DELETE /api/^books/(?P<isbn>[^/.]+)/$ protected IsAuthenticatedOrReadOnly
    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_field = "isbn"

    def retrieve(self, request, isbn):  # route: GET /api/^books/(?P<isbn>[^/.]+)/$ open
        return Response()

    def create(self, request):  # route: POST /api/^books/$ protected IsAuthenticatedOrReadOnly; POST /one/ protected IsAuthenticatedOrReadOnly
        return Response()

    @action(detail=True, methods=["post"], permission_classes=[permissions.AllowAny])
    def rate(self, request, isbn):  # route: POST /api/^books/(?P<isbn>[^/.]+)/rate/$ open
        return Response()

    @rate.mapping.delete
    def unrate(self, request, isbn):  # route: DELETE /api/^books/(?P<isbn>[^/.]+)/rate/$ open
        return Response()

    @action(detail=False, url_path="top-ten")
    def top(self, request):  # route: GET /api/^books/top-ten/$ open
        return Response()


class ReaderSet(mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet):  # route: GET /api/^readers/$ protected IsAdminUser; POST /api/^readers/$ open
    def get_permissions(self):
        if self.action == "create":
            permission_classes = [AllowAny]
        else:
            permission_classes = [IsAdminUser]
        return [permission() for permission in permission_classes]

    @action(detail=False, methods=["get"])
    def me(self, request):  # route: GET /api/^readers/me/$ protected IsAdminUser
        return Response()


class CopySet(viewsets.ReadOnlyModelViewSet):  # route: GET /api/^books/(?P<book_isbn>[^/.]+)/copies/$ protected IsAuthenticated; GET /api/^books/(?P<book_isbn>[^/.]+)/copies/(?P<pk>[^/.]+)/$ protected IsAuthenticated
    queryset = None


class LoanSet(viewsets.ViewSet):
    permission_classes = [MayLend]

    def list(self, request):  # route: GET /plain/loans open
        return Response()

    def create(self, request):  # route: POST /plain/loans protected MayLend
        return Response()

    def destroy(self, request, pk):  # route: DELETE /plain/loans/<str:pk> protected MayLend
        return Response()


class EventSet(viewsets.ViewSet):
    permission_classes = [IsOwnerOrReadOnly]
    http_method_names = ["get", "put"]

    def list(self, request):  # route: GET /plain/events open
        return Response()

    def create(self, request):
        return Response()

    def update(self, request, pk):  # route: PUT /plain/events/<str:pk> protected IsOwnerOrReadOnly
        return Response()


class PageSet(viewsets.ViewSet):
    permission_classes = (IsLibrarian | ReadOnly,)

    def list(self, request):  # route: GET /plain/pages open
        return Response()

    def create(self, request):  # route: POST /plain/pages protected IsLibrarian
        return Response()


@api_view(["GET", "POST"])
@permission_classes([IsAuthenticatedOrReadOnly])
def search(request):  # route: GET /search/ open; POST /search/ protected IsAuthenticatedOrReadOnly
    return Response()


@api_view()
@permission_classes([])
def ping(request):  # route: GET /ping/ open
    return Response()


@api_view(["GET", "POST"])
def notes(request):  # route: GET,POST /notes/ protected IsAuthenticated
    return Response()


class Shelves(generics.ListCreateAPIView):  # route: GET,POST /shelves/ protected IsLibrarian
    permission_classes = [NotOnHoliday & IsLibrarian]


class Shelf(generics.RetrieveUpdateAPIView):  # route: GET,PUT,PATCH /shelves/<int:pk>/ open
    permission_classes = [NotOnHoliday]


class Raw(APIView):
    def get(self, request):  # route: GET /raw/ protected IsAuthenticated
        return Response()
