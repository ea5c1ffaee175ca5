from shop import web
from shop.web import Job, create_app

app = create_app()


def serve():
    app.run(debug=True)  # expect: debug-server
    web.build_app({}).run(debug=True)  # expect: debug-server
    Job().run(debug=True)
