"""The API for partners: discounts, product archives, reports, callbacks."""

import csv
import logging
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated

import httpx
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, UploadFile, status
from pydantic import BaseModel

log = logging.getLogger(__name__)
app = FastAPI(title="Shop partners")

ARCHIVES = Path("/var/lib/shop/archives")
PARTNERS = {}


class Discount(BaseModel):
    total: float
    expression: str


class Callback(BaseModel):
    url: str
    order_id: int


def current_partner(api_key: Annotated[str, Header()]) -> dict:
    partner = PARTNERS.get(api_key)
    if partner is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "unknown key")
    assert partner["active"], "partner is locked"
    return partner


Partner = Annotated[dict, Depends(current_partner)]


@app.post("/discounts/preview")
def preview(discount: Discount, partner: Partner):
    price = eval(discount.expression, {"__builtins__": {}}, {"total": discount.total})
    return {"partner": partner["name"], "price": round(price, 2)}


@app.post("/archives", status_code=status.HTTP_201_CREATED)
def import_archive(archive: UploadFile, partner: Partner):
    target = ARCHIVES / str(partner["id"])
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=archive.file) as tar:
        tar.extractall(target)
    os.chmod(target, 0o777)
    return {"files": sum(1 for _ in target.iterdir())}


@app.post("/pictures", status_code=status.HTTP_201_CREATED)
def import_pictures(archive: UploadFile, partner: Partner):
    with tarfile.open(fileobj=archive.file) as tar, tempfile.TemporaryDirectory() as folder:
        tar.extractall(folder, filter="data")
        names = sorted(path.name for path in Path(folder).glob("*.jpg"))
    log.info("partner %s sent %d pictures", partner["id"], len(names))
    return {"pictures": names}


@app.get("/reports/sales")
def sales_report(partner: Partner):
    path = tempfile.mktemp(suffix=".csv")
    with open(path, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(partner.get("sales", []))
    return {"rows": len(partner.get("sales", [])), "file": os.path.basename(path)}


@app.post("/callbacks", status_code=status.HTTP_202_ACCEPTED)
def register_callback(callback: Callback, partner: Partner):
    partner.setdefault("callbacks", {})[callback.order_id] = callback.url
    try:
        httpx.post(partner["webhook"], json={"order": callback.order_id}, timeout=None)
    except Exception:
        pass
    return {"registered": callback.order_id}


@app.post("/invoices/{number}/paid")
def mark_paid(number: int, partner: Partner):
    try:
        partner["invoices"][number]["paid"] = True
    except Exception as error:
        log.error("invoice %s: %s", number, error)
    return {"invoice": number}


@app.get("/health")
async def health():
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get("http://localhost:5000/products")
    return {"storefront": answer.status_code}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=8001)
