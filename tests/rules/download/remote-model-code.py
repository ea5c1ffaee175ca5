"""`remote-model-code`: marked where the code that comes with a model is run."""
# only: remote-model-code
from datasets import load_dataset
from transformers import AutoModel, pipeline

TRUSTING = {"trust_remote_code": True}


def ranking():
    return AutoModel.from_pretrained("shop/ranking", trust_remote_code=True)  # expect: remote-model-code


def pinned_ranking():
    return AutoModel.from_pretrained("shop/ranking", trust_remote_code=True, revision="5d0f2e8a7f1b")


def others(revision):
    pipeline("ranking", "shop/ranking", trust_remote_code=True)  # expect: remote-model-code
    load_dataset("shop/orders", trust_remote_code=True)  # expect: remote-model-code
    AutoModel.from_pretrained("shop/ranking", trust_remote_code=True, revision="main")  # expect: remote-model-code
    AutoModel.from_pretrained("shop/ranking", trust_remote_code=True, revision=revision)  # expect: remote-model-code
    AutoModel.from_pretrained("shop/ranking", **TRUSTING)  # expect: remote-model-code


MODELS = [ModelConfig("shop/ranking", trust_remote_code=True)]


def chosen(trust):
    AutoModel.from_pretrained("shop/ranking", trust_remote_code=False)
    AutoModel.from_pretrained("shop/ranking", trust_remote_code=trust)
    AutoModel.from_pretrained("./ranking", trust_remote_code=True)
