"""`torch-load`: for review where code in a model file may run."""
import torch
from torch import load


def weights(path, options):
    torch.load(path)  # expect: torch-load
    load(path, map_location="cpu")  # expect: torch-load
    torch.load(path, weights_only=False)  # expect: pickle-load


def only_weights(path, options, only):
    torch.load(path, weights_only=True)
    torch.load(path, **options)
    torch.load(path, weights_only=only)
