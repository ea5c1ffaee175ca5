from django.http import HttpResponseForbidden


class TimingMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class StaffAreaMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/staff/") and not request.user.is_staff:
            return HttpResponseForbidden()
        return self.get_response(request)


class TokenMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request.headers.get("Authorization")
        if token:
            if not is_valid(token):
                return HttpResponseForbidden()
        return self.get_response(request)


def is_valid(token):
    return token == "x"
