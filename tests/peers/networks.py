"""What PyTorch computes with networks that Occam built, and networks that PyTorch saved, for the tests to compare.

Usage: networks.py FOLDER. Reads FOLDER/resnet18/NAME (float64) with FOLDER/resnet18/index.txt (name, shape), the
inputs FOLDER/images and FOLDER/vectors; writes FOLDER/resnet18.y, and for each saved network NAME.pt or NAME.onnx
its logits NAME.y.
"""
import os
import sys

import torch
from torch import nn

folder = sys.argv[1]
torch.manual_seed(0)
torch.set_num_threads(1)


def path(*names):
    return os.path.join(folder, *names)


def read(name, *shape):
    with open(path(*name.split("/")), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.float64).reshape(shape)


def write(name, tensor):
    with open(path(name), "wb") as file:
        file.write(tensor.detach().double().contiguous().numpy().tobytes())


class Block(nn.Module):
    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = nn.Sequential()
        if stride != 1 or before != channels:
            self.downsample = nn.Sequential(nn.Conv2d(before, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.downsample(x))


class ResNet18(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        before = width
        for stage in range(4):
            channels = width << stage
            blocks = nn.Sequential(Block(before, channels, 1 if stage == 0 else 2), Block(channels, channels, 1))
            setattr(self, f"layer{stage + 1}", blocks)
            before = channels
        self.fc = nn.Linear(before, 10)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet18():
    state = {}
    with open(path("resnet18", "index.txt")) as file:
        for line in file:
            name, *shape = line.split()
            state[name] = read(f"resnet18/{name}", *map(int, shape))
    module = ResNet18(state["conv1.weight"].shape[0]).double().eval()
    missing, unknown = module.load_state_dict(state, strict=False)
    assert not unknown and all(name.endswith("num_batches_tracked") for name in missing), (missing, unknown)
    write("resnet18.y", module(read("images", -1, 3, 32, 32)))


class Reshaping(nn.Module):
    """Exported with example inputs of a fixed size: the batch size ends up in the graph."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.linear = nn.Linear(3 * 8 * 6, 4)

    def forward(self, x):
        y = torch.tanh(self.conv(x.view(x.size(0), 1, 10, 8)))
        return self.linear(y.reshape(x.shape[0], -1))


def saved():
    vectors = read("vectors", -1, 80).float()
    module = nn.Sequential(nn.Linear(80, 7), nn.BatchNorm1d(7), nn.GELU(), nn.Linear(7, 3)).eval()
    torch.jit.save(torch.jit.trace(module, vectors), path("script.pt"))
    write("script.y", module(vectors))

    module = Reshaping().eval()
    torch.onnx.export(nn.Sequential(module, nn.Softmax(1)), vectors[:1], path("reshaping.onnx"), opset_version=13)
    write("reshaping.y", module(vectors))


resnet18()
saved()
