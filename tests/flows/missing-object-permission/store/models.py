from django.conf import settings
from django.db import models

from .middleware import get_current_tenant


class TenantManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(tenant=get_current_tenant())


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(customer=user)


class Contract(models.Model):
    tenant = models.ForeignKey("accounts.Tenant", on_delete=models.CASCADE)
    text = models.TextField()

    objects = TenantManager()


class Order(models.Model):
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    total = models.IntegerField()

    objects = OrderQuerySet.as_manager()


class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    number = models.CharField(max_length=20)


class Product(models.Model):
    name = models.CharField(max_length=80)
