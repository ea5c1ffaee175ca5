"""`unescaped-markup`: marked where text that is not constant is declared to be HTML."""
import html

import bleach
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from flask import Markup, render_template
from markupsafe import Markup as Safe, escape

STAR = "<b>*</b>"


def title(book):
    return mark_safe("<b>" + book.title + "</b>")  # expect: unescaped-markup


def escaped_title(book):
    return format_html("<b>{}</b>", book.title)


def others(text, count):
    mark_safe(text)  # expect: unescaped-markup
    mark_safe("<b>%s</b>" % text)  # expect: unescaped-markup
    SafeString(f"<b>{text}</b>")  # expect: unescaped-markup
    Markup("<b>{}</b>".format(text))  # expect: unescaped-markup
    Safe(text)  # expect: unescaped-markup
    format_html(f"<b>{text}</b>")  # expect: unescaped-markup


def constant():
    mark_safe("<b>sold out</b>")
    mark_safe(STAR)
    mark_safe("%s%s" % (STAR, STAR))
    Safe("<b>{}</b>").format(STAR)


def made_harmless(text, count, form):
    mark_safe("<b>%d</b>" % count)
    mark_safe("<b>%s</b>" % escape(text))
    mark_safe("<b>" + html.escape(text) + "</b>")
    mark_safe("<b>%s</b>" % conditional_escape(text))
    mark_safe("<b>%s</b>" % _("sold out"))
    Safe(bleach.clean(text))
    Safe(render_template("title.html", text=text))
    Safe("<b>{}</b>").format(text)
    mark_safe(form.as_p())
