"""`template-injection`: marked where a client shapes a template."""
from flask import Flask, render_template_string, request
from jinja2 import Template

app = Flask(__name__)


@app.post("/preview")
def preview():
    return render_template_string(request.form["template"])  # expect: template-injection/flow


@app.post("/greet")
def greet():
    return render_template_string("Hello {{ name }}", name=request.form["name"])


@app.post("/mail")
def mail():
    return {"text": Template("Dear " + request.form["name"]).render()}  # expect: template-injection/flow


@app.post("/value")
def value():
    return {"text": Template("Dear {{ name }}").render(name=request.form["name"])}
