from django.contrib.auth.mixins import AccessMixin, UserPassesTestMixin
from django.http import HttpResponseForbidden


class StaffMixin(UserPassesTestMixin):
    def test_func(self):
        return self.request.user.is_staff


class OwnerMixin:
    def dispatch(self, request, *args, **kwargs):
        if request.user != self.get_object().owner:
            return HttpResponseForbidden()
        return super().dispatch(request, *args, **kwargs)


class KnownMixin(AccessMixin):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class TitleMixin:
    title = ""

    def dispatch(self, request, *args, **kwargs):
        request.title = self.title
        return super().dispatch(request, *args, **kwargs)
