from django.contrib.auth.models import AbstractUser
from django.db import models


class Customer(AbstractUser):
    phone = models.CharField(max_length=20)


class Wallet(models.Model):
    name = models.CharField(max_length=20)
    balance = models.DecimalField(max_digits=8, decimal_places=2)


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Note(models.Model):
    owner = models.ForeignKey(Customer, on_delete=models.CASCADE)
    text = models.TextField()
