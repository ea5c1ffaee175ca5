"""`cross-site-scripting`: marked where text that a client shapes becomes part of a page."""
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import get_template
from flask import Flask, Response, jsonify, make_response, render_template, request, send_from_directory, url_for
from flask_appbuilder.api import BaseApi, expose
from flask_restful import Api, Resource
from markdown import markdown
from markupsafe import escape

app = Flask(__name__)


@app.get("/hello")
def hello():
    name = request.args.get("name", "")
    return f"<h1>Hello {name}</h1>"  # expect: cross-site-scripting/flow


@app.get("/escaped")
def escaped():
    return f"<h1>Hello {escape(request.args.get('name', ''))}</h1>"


@app.get("/rendered")
def rendered():
    return render_template("hello.html", name=request.args["name"])


@app.get("/data")
def data():
    return jsonify(name=request.args["name"])


@app.get("/dictionary")
def dictionary():
    return {"name": request.args["name"]}


def page(request):
    return HttpResponse("<p>" + request.GET["q"] + "</p>")  # expect: cross-site-scripting/flow


def plain(request):
    return HttpResponse(request.GET["q"], content_type="text/plain")


def json(request):
    return JsonResponse({"q": request.GET["q"]})


def refused(request):
    width = request.GET["width"]
    if not width:
        return HttpResponseBadRequest("Not a width: " + width, content_type="text/plain")
    return HttpResponseBadRequest("Not a width: " + width)  # expect: cross-site-scripting/flow


def rendered_apart(request):
    template = get_template("books.html")
    return HttpResponse(template.render({"q": request.GET["q"]}, request))


class Tags(BaseApi):
    @expose("/<int:key>", methods=["PUT"])
    def put(self, key):
        tag = request.json
        if not tag:
            return self.response(400, message=f"No tag {request.args['name']}")
        response = self.response(200, id=key, result=tag)
        return response


@app.get("/table")
def table():
    response = make_response("name\n" + request.args["name"])
    response.headers["Content-Type"] = "text/csv"
    return response


@app.get("/made")
def made():
    response = make_response("<b>" + request.args["name"] + "</b>")  # expect: cross-site-scripting/flow
    response.headers["X-Made"] = "yes"
    return response


class Names(Resource):
    def get(self):
        return f"No name {request.args['name']}", 404


Api(app).add_resource(Names, "/names")


class Table(Response):
    default_mimetype = "text/csv"


@app.get("/export")
def export():
    return Table(request.args["name"])


@app.get("/link")
def link():
    return f"<a href={url_for('hello', name=request.args['name'])}>Again</a>"


@app.get("/file")
def file():
    return make_response(send_from_directory("/srv/files", request.args["name"]))


@app.get("/note")
def note():
    return {"html": markdown(request.args["note"])}  # expect: cross-site-scripting/flow


@app.get("/clean-note")
def clean_note():
    extensions = ["tables", LinkifyAndCleanExtension(tags={"a", "b"})]
    html = markdown(request.args["after"])
    html = clean_html(html)
    return {"before": markdown(request.args["note"], extensions=extensions), "after": html}
