"""The network and the point of auto_LiRPA's own test of local Lipschitz constants, drawn by PyTorch's seed 1 as there.

jacobian_bounds.py FOLDER writes FOLDER/smooth.onnx and FOLDER/smooth.json with the point and the Jacobian's largest row sum there."""
import json
import os
import sys

import torch
from torch import nn

folder = sys.argv[1]
torch.manual_seed(1)
width = 100
network = nn.Sequential(
    nn.Flatten(), nn.Linear(3 * 8 * 8, width), nn.ReLU(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width), nn.Sigmoid(),
    nn.Linear(width, 10))
x = torch.randn(1, 3, 8, 8)
jacobian = torch.autograd.functional.jacobian(network, x).reshape(10, -1)
torch.onnx.export(
    network, x, os.path.join(folder, "smooth.onnx"), input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
with open(os.path.join(folder, "smooth.json"), "w") as file:
    json.dump({"x": x.flatten().tolist(), "norm": jacobian.abs().sum(1).max().item()}, file)
