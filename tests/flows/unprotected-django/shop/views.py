from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django.views.generic.base import RedirectView
from django.views.generic.edit import CreateView, UpdateView

from .models import Order


class NewOrder(LoginRequiredMixin, CreateView):
    model = Order
    fields = ["title"]


class ChangeOrder(LoginRequiredMixin, UpdateView):
    model = Order
    fields = ["title"]


class Moved(RedirectView):
    url = "/orders/"

    def get_redirect_url(self, *args, **kwargs):
        return super().get_redirect_url(*args, **kwargs)


@login_required
@require_POST
def note(request, pk):
    Order.objects.filter(pk=pk).update(note=request.POST["note"])
    return redirect("/")


def cancel(request, pk):  # expect: unprotected-route
    if request.method == "POST":
        Order.objects.filter(pk=pk).update(cancelled=True)
    return redirect("/")


def show(request, pk):
    return render(request, "order.html", {"order": Order.objects.get(pk=pk)})


def purge(request):  # expect: unprotected-route
    Order.objects.all().delete()
    return HttpResponse("gone")


def contact(request):
    if request.method == "POST":
        send(request.POST["text"])
    return render(request, "contact.html")
