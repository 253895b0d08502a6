"""Trainings by PyTorch in float64, for the tests to compare.

Usage: training.py FOLDER. Writes a network with batch normalization as start.onnx, its examples as data.npz, and for
each optimizer NAME.npz: the parameters and running statistics after five steps on all examples.
"""
import copy
import os
import sys
import warnings

import numpy as np
import torch
from torch import nn

folder = sys.argv[1]
torch.set_num_threads(1)
warnings.simplefilter("ignore")
torch.manual_seed(0)

start = nn.Sequential(
    nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(4, 6, 3, stride=2), nn.BatchNorm2d(6), nn.Tanh(), nn.Flatten(), nn.Linear(6, 3))
for norm in (start[1], start[5]):
    nn.init.uniform_(norm.running_var, 0.5, 1.5)
    nn.init.normal_(norm.running_mean)
    nn.init.uniform_(norm.weight, 0.5, 1.5)
    nn.init.normal_(norm.bias)
x = torch.randn(16, 1, 8, 8)
y = torch.randint(3, (16,))
np.savez(os.path.join(folder, "data.npz"), x=x.numpy(), y=y.numpy())
torch.onnx.export(start, x, os.path.join(folder, "start.onnx"), training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
                  dynamic_axes={"x": {0: "batch"}}, input_names=["x"])

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.05),
    "momentum": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(p, 0.05, momentum=0.8, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, 0.01, weight_decay=0.02),
    "adamw": lambda p: torch.optim.AdamW(p, 0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
}
for name, make in OPTIMIZERS.items():
    network = copy.deepcopy(start).double().train()
    optimizer = make(network.parameters())
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(x.double()), y).backward()
        optimizer.step()
    state = {key: value.numpy().ravel() for key, value in network.state_dict().items() if value.is_floating_point()}
    np.savez(os.path.join(folder, f"{name}.npz"), **state)
