from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.views.generic import DetailView, UpdateView
from rest_framework import permissions, viewsets

from .mixins import IsCustomer, OrderOwnerMixin, OwnOrdersMixin, TitleMixin
from .models import Contract, Invoice, Order, Product


# The manager leaves out what is not the tenant's.
@login_required
def contract(request, pk):
    return render(request, "contract.html", {"contract": get_object_or_404(Contract, pk=pk)})


@login_required
def order(request, pk):
    return render(request, "order.html", {"order": get_object_or_404(Order, pk=pk)})  # expect: missing-object-permission


@login_required
def own_order(request, pk):
    found = get_object_or_404(Order.objects.visible_to(request.user), pk=pk)
    return render(request, "order.html", {"order": found})


# An invoice is whose its order is.
@login_required
def invoice(request, pk):
    found = Invoice.objects.get(pk=pk)  # expect: missing-object-permission
    return render(request, "invoice.html", {"invoice": found})


@login_required
def product(request, pk):
    return render(request, "product.html", {"product": get_object_or_404(Product, pk=pk)})


class OwnOrderView(OwnOrdersMixin, DetailView):
    model = Order


class OwnOrderUpdate(OrderOwnerMixin, UpdateView):
    model = Order
    fields = ["total"]


class OrderView(TitleMixin, DetailView):
    model = Order  # expect: missing-object-permission
    title = "Your order"


class GuardedOrders(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [permissions.IsAuthenticated, IsCustomer]


class Orders(viewsets.ModelViewSet):
    queryset = Order.objects.all()  # expect: missing-object-permission
    permission_classes = [permissions.IsAuthenticated]
