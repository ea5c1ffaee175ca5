"""`unpinned-model`: marked where a model or data set is taken that others can change."""
# only: unpinned-model
from datasets import load_dataset
from huggingface_hub import hf_hub_download, snapshot_download
from transformers import AutoModel, AutoTokenizer

NAME = "shop/ranking"
REVISION = "5d0f2e8a7f1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d"


def ranking():
    return AutoModel.from_pretrained("shop/ranking")  # expect: unpinned-model


def pinned_ranking():
    return AutoModel.from_pretrained("shop/ranking", revision="5d0f2e8a7f1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d")


def others():
    AutoTokenizer.from_pretrained(NAME, revision="main")  # expect: unpinned-model
    load_dataset("shop/orders")  # expect: unpinned-model
    load_dataset("shop/orders", revision="v1.0.0")  # expect: unpinned-model
    hf_hub_download(repo_id=NAME, filename="config.json")  # expect: unpinned-model
    snapshot_download(repo_id=NAME, revision=REVISION)


def chosen(name, revision, options):
    AutoModel.from_pretrained("./ranking")
    AutoModel.from_pretrained("/srv/models/ranking")
    AutoModel.from_pretrained(name)
    AutoModel.from_pretrained(NAME, revision=revision)
    AutoModel.from_pretrained(NAME, **options)
