# only: application-without-authentication
from flask import Flask, request

app = Flask(__name__)
notes = []


@app.post("/notes")
def add():  # expect: application-without-authentication
    notes.append(request.get_json())
    return {"added": True}


# One word for the whole application.
@app.delete("/notes/<int:n>")
def drop(n):
    del notes[n]
    return {"dropped": n}


@app.get("/notes")
def listing():
    return {"notes": notes}
