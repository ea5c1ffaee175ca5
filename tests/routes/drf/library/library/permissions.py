from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated


class IsLibrarian(BasePermission):
    def has_permission(self, request, view):
        return bool(request.user and request.user.is_staff)


class ReadOnly(BasePermission):
    def has_permission(self, request, view):
        return request.method in SAFE_METHODS


class MayLend(IsAuthenticated):
    message = "only readers lend"

    def has_permission(self, request, view):
        if view.action == "list":
            return True
        return super().has_permission(request, view) and request.user.may_lend


class IsOwnerOrReadOnly(BasePermission):
    def has_object_permission(self, request, view, obj):
        if request.method in SAFE_METHODS:
            return True
        return obj.owner == request.user


class NotOnHoliday(BasePermission):
    def has_permission(self, request, view):
        return not today_is_holiday()


def today_is_holiday():
    return False
