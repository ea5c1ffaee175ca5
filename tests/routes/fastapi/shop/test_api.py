from fastapi import FastAPI

app = FastAPI()


@app.get("/for-the-test")
def served():
    return {}
