# only: every-field-writable
from django import forms
from rest_framework import serializers

from .models import Article


class ArticleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Article
        fields = "__all__"  # expect: every-field-writable


class ShortArticleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Article
        fields = ["title", "text"]


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = "__all__"  # expect: every-field-writable


class ArticleFormButOwner(forms.ModelForm):
    class Meta:
        model = Article
        exclude = ["owner"]  # expect: every-field-writable


class Filter:
    class Meta:
        model = Article
        fields = "__all__"
