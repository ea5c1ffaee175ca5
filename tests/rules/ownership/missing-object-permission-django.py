"""A clinic with Django and Django REST framework."""

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required, user_passes_test
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path
from django.views import View
from django.views.generic import DeleteView, DetailView, UpdateView
from rest_framework import generics, permissions, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView


class Letter(models.Model):
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    text = models.TextField()
    modified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")


class Attachment(models.Model):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    file = models.FileField()


class Ward(models.Model):
    name = models.CharField(max_length=80)


@login_required
def show_letter(request, pk):
    letter = get_object_or_404(Letter, pk=pk)  # expect: missing-object-permission
    return render(request, "letter.html", {"letter": letter, "user": request.user})


@login_required
def show_own_letter(request, pk):
    letter = get_object_or_404(Letter, pk=pk, patient=request.user)
    return render(request, "letter.html", {"letter": letter})


@login_required
def delete_letter(request, pk):
    Letter.objects.filter(pk=pk).delete()  # expect: missing-object-permission
    return redirect("letters")


@login_required
def delete_own_letter(request, pk):
    letter = Letter.objects.get(pk=pk)
    if letter.patient != request.user:
        raise PermissionDenied
    letter.delete()
    return redirect("letters")


@login_required
def read_letter(request):
    letter = Letter.objects.select_related("patient").get(id=request.GET["letter"])  # expect: missing-object-permission
    return JsonResponse({"text": letter.text})


@login_required
def read_own_letter(request):
    letter = request.user.letter_set.get(id=request.GET["letter"])
    return JsonResponse({"text": letter.text})


@login_required
def show_attachment(request, pk):
    attachment = get_object_or_404(Attachment, pk=pk)  # expect: missing-object-permission
    return redirect(attachment.file.url)


@login_required
def show_own_attachment(request, pk):
    attachment = get_object_or_404(Attachment, pk=pk, letter__patient=request.user)
    return redirect(attachment.file.url)


@login_required
def show_ward(request, pk):
    return render(request, "ward.html", {"ward": get_object_or_404(Ward, pk=pk)})


@permission_required("clinic.view_letter")
def show_any_letter(request, pk):
    return render(request, "letter.html", {"letter": get_object_or_404(Letter, pk=pk)})


@user_passes_test(lambda user: user.is_staff)
def show_letter_to_staff(request, pk):
    return render(request, "letter.html", {"letter": get_object_or_404(Letter, pk=pk)})


# What is checked is the letter, not who wants it: nobody is asked who he is.
def confirm_letter(request, pk):
    letter = Letter.objects.get(pk=pk)
    if not letter.is_active_member:
        raise PermissionDenied
    letter.save()
    return redirect("letters")


# Views of the framework.
class LetterView(LoginRequiredMixin, DetailView):
    model = Letter  # expect: missing-object-permission


class OwnLetterView(LoginRequiredMixin, DetailView):
    model = Letter

    def get_queryset(self):
        return super().get_queryset().filter(patient=self.request.user)


class LetterUpdate(LoginRequiredMixin, UpdateView):
    queryset = Letter.objects.all()  # expect: missing-object-permission
    fields = ["text"]

    def form_valid(self, form):
        form.instance.modified_by = self.request.user
        return super().form_valid(form)


class OwnLetterUpdate(LoginRequiredMixin, UserPassesTestMixin, UpdateView):
    model = Letter
    fields = ["text"]

    def test_func(self):
        return self.get_object().patient == self.request.user


class LetterDelete(LoginRequiredMixin, DeleteView):
    model = Letter
    success_url = "/"

    def get_object(self, queryset=None):
        return Letter.objects.get(pk=self.kwargs["pk"])  # expect: missing-object-permission


class OwnLetterDelete(LoginRequiredMixin, DeleteView):
    model = Letter
    success_url = "/"

    def get_object(self, queryset=None):
        letter = super().get_object(queryset)
        if letter.patient_id != self.request.user.pk:
            raise PermissionDenied
        return letter


class WardView(LoginRequiredMixin, DetailView):
    model = Ward


class AnyLetterView(PermissionRequiredMixin, DetailView):
    permission_required = "clinic.view_letter"
    model = Letter


class PrintView(LoginRequiredMixin, View):
    def get(self, request, pk):
        letter = Letter.objects.get(pk=pk)  # expect: missing-object-permission
        return render(request, "print.html", {"letter": letter})


class OwnPrintView(LoginRequiredMixin, View):
    def dispatch(self, request, *args, **kwargs):
        self.letter = get_object_or_404(Letter, pk=kwargs["pk"])
        if self.letter.patient != request.user:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        return render(request, "print.html", {"letter": Letter.objects.get(pk=pk)})


# Django REST framework.
class IsPatient(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.patient == request.user


class LetterViewSet(viewsets.ModelViewSet):
    queryset = Letter.objects.all()  # expect: missing-object-permission
    permission_classes = [permissions.IsAuthenticated]

    @action(detail=True, methods=["post"])
    def archive(self, request, pk=None):
        letter = self.get_object()
        letter.save()
        return Response({"ok": True})


class OwnLetterViewSet(viewsets.ModelViewSet):
    permission_classes = [permissions.IsAuthenticated]

    def get_queryset(self):
        return Letter.objects.filter(patient=self.request.user)


class GuardedLetterViewSet(viewsets.ModelViewSet):
    queryset = Letter.objects.all()
    permission_classes = [permissions.IsAuthenticated, IsPatient]


class StaffLetterViewSet(viewsets.ModelViewSet):
    queryset = Letter.objects.all()
    permission_classes = [permissions.IsAdminUser]


class WardViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Ward.objects.all()
    permission_classes = [permissions.IsAuthenticated]


class AttachmentDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Attachment.objects.all()  # expect: missing-object-permission
    permission_classes = [permissions.IsAuthenticated]


class OwnAttachmentDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Attachment.objects.all()
    permission_classes = [permissions.IsAuthenticated]

    def get_object(self):
        attachment = super().get_object()
        if attachment.letter.patient != self.request.user:
            raise PermissionDenied
        return attachment


class SignLetter(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def post(self, request, pk):
        letter = get_object_or_404(Letter, pk=pk)  # expect: missing-object-permission
        letter.save()
        return Response(status=204)


class SignOwnLetter(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def post(self, request, pk):
        letter = get_object_or_404(Letter, pk=pk)
        self.check_object_permissions(request, letter)
        letter.save()
        return Response(status=204)


@api_view(["GET"])
@permission_classes([permissions.IsAuthenticated])
def letter_text(request, letter_id):
    return Response(Letter.objects.get(id=letter_id).text)  # expect: missing-object-permission


@api_view(["GET"])
@permission_classes([permissions.IsAuthenticated])
def own_letter_text(request, letter_id):
    letter = Letter.objects.filter(id=letter_id).first()
    if letter is None or letter.patient_id != request.user.id:
        return Response(status=404)
    return Response(letter.text)


router = DefaultRouter()
router.register("letters", LetterViewSet)
router.register("own-letters", OwnLetterViewSet, basename="own")
router.register("guarded-letters", GuardedLetterViewSet, basename="guarded")
router.register("staff-letters", StaffLetterViewSet, basename="staff")
router.register("wards", WardViewSet)

urlpatterns = [
    path("letters/<int:pk>/", show_letter),
    path("my/letters/<int:pk>/", show_own_letter),
    path("letters/<int:pk>/delete/", delete_letter),
    path("my/letters/<int:pk>/delete/", delete_own_letter),
    path("read/", read_letter),
    path("my/read/", read_own_letter),
    path("attachments/<int:pk>/", show_attachment),
    path("my/attachments/<int:pk>/", show_own_attachment),
    path("wards/<int:pk>/", show_ward),
    path("any/letters/<int:pk>/", show_any_letter),
    path("desk/letters/<int:pk>/", show_letter_to_staff),
    path("letters/<int:pk>/confirm/", confirm_letter),
    path("views/letters/<int:pk>/", LetterView.as_view()),
    path("views/my/letters/<int:pk>/", OwnLetterView.as_view()),
    path("views/letters/<int:pk>/edit/", LetterUpdate.as_view()),
    path("views/my/letters/<int:pk>/edit/", OwnLetterUpdate.as_view()),
    path("views/letters/<int:pk>/delete/", LetterDelete.as_view()),
    path("views/my/letters/<int:pk>/delete/", OwnLetterDelete.as_view()),
    path("views/wards/<int:pk>/", WardView.as_view()),
    path("views/any/letters/<int:pk>/", AnyLetterView.as_view()),
    path("views/letters/<int:pk>/print/", PrintView.as_view()),
    path("views/my/letters/<int:pk>/print/", OwnPrintView.as_view()),
    path("api/attachments/<int:pk>/", AttachmentDetail.as_view()),
    path("api/my/attachments/<int:pk>/", OwnAttachmentDetail.as_view()),
    path("api/letters/<int:pk>/sign/", SignLetter.as_view()),
    path("api/my/letters/<int:pk>/sign/", SignOwnLetter.as_view()),
    path("api/letters/<int:letter_id>/text/", letter_text),
    path("api/my/letters/<int:letter_id>/text/", own_letter_text),
    path("api/", include(router.urls)),
]
