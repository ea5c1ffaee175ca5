from django.http import HttpResponse
from django.views.generic import TemplateView


def export(request):  # route: ANY /reports/export/ protected login_required; ANY /reports/open/ open
    return HttpResponse()


class ReportView(TemplateView):  # route: GET /reports/ protected login_required
    template_name = "report.html"
