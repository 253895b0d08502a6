"""What a PyTorch user would run for the geometric complexity of a small network: startup.py WEIGHTS DATA"""
import json
import sys
import warnings

import numpy
import torch

import networks
from peers_slope import by_hand

warnings.simplefilter("ignore")
weights, data = sys.argv[1:]
network = networks.NETWORKS["small-mlp"]()
network.load_state_dict(torch.load(weights))
x = torch.from_numpy(numpy.load(data)["x"])
print(json.dumps({"value": by_hand(network.requires_grad_(False))(x).item() / len(x)}))
