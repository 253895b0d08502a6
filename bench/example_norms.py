"""The mean squared norm of examples' loss gradients by vmap(grad), as a process: example_norms.py WEIGHTS DATA."""
import json
import sys
import warnings

import numpy
import torch

import networks
import peer

warnings.simplefilter("ignore")
network = networks.ResNet18()
network.load_state_dict(torch.load(sys.argv[1]))
data = numpy.load(sys.argv[2])
x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"])
print(json.dumps({"value": peer.example_norms(network.eval())(x, y).item() / len(x)}))
