from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from rest_framework import permissions


class OwnOrdersMixin(LoginRequiredMixin):
    def get_queryset(self):
        return super().get_queryset().filter(customer=self.request.user)


class OrderOwnerMixin(LoginRequiredMixin):
    def dispatch(self, request, *args, **kwargs):
        if self.get_object().customer != request.user:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TitleMixin(LoginRequiredMixin):
    title = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.title, user=self.request.user, **kwargs)


class IsCustomer(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.customer_id == request.user.pk
