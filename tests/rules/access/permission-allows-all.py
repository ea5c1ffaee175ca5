# only: permission-allows-all
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


@api_view(["DELETE"])
@permission_classes([AllowAny])  # expect: permission-allows-all
def delete_all(request):
    Note.objects.all().delete()
    return Response(status=204)


@api_view(["DELETE"])
@permission_classes([IsAuthenticated])
def delete_own(request):
    Note.objects.filter(owner=request.user).delete()
    return Response(status=204)


class NoteView(APIView):
    permission_classes = []  # expect: permission-allows-all

    def put(self, request, pk):
        Note.objects.filter(pk=pk).update(text=request.data["text"])
        return Response({})


# What only reads may be for everybody.
class PublicNotes(APIView):
    permission_classes = [AllowAny]

    def get(self, request):
        return Response(list(Note.objects.filter(is_public=True).values()))


# Callers come here before anybody knows them.
class RegisterView(APIView):
    permission_classes = [AllowAny]

    def post(self, request):
        return Response(create_account(request.data), status=201)


class Accounts(APIView):
    permission_classes = [AllowAny]

    def post(self, request):
        return Response(create_account(request.data), status=201)


@api_view(["POST"])
@permission_classes([AllowAny])
def payment_webhook(request):
    book(request.data)
    return Response({})


# The handler asks itself.
class OwnCheck(APIView):
    permission_classes = [AllowAny]

    def delete(self, request, pk):
        if not request.user.is_authenticated:
            return Response(status=401)
        Note.objects.filter(pk=pk, owner=request.user).delete()
        return Response(status=204)


# Only those who were known by another way come there.
class Released(APIView):
    permission_classes = [IsAuthenticated]

    def get_permissions(self):
        if self.request.auth == "mail":
            return []
        return super().get_permissions()

    def delete(self, request, pk):
        Note.objects.filter(pk=pk).delete()
        return Response(status=204)


urlpatterns = [
    path("notes/<int:pk>/released/", Released.as_view()),
    path("notes/all/", delete_all),
    path("notes/mine/", delete_own),
    path("notes/<int:pk>/", NoteView.as_view()),
    path("notes/public/", PublicNotes.as_view()),
    path("register/", RegisterView.as_view()),
    path("users/", Accounts.as_view()),
    path("payments/webhook/", payment_webhook),
    path("notes/<int:pk>/drop/", OwnCheck.as_view()),
]
