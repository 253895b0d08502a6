"""ℓq path norms of residual networks, by two conventions that were published: python3 path_norms.py FOLDER

Of thin networks of the depths of ResNet-18 and ResNet-152, with random running statistics, writes NAME.onnx and path_norms.json:
by network and q the logarithms of
- "folded": |s|^q and |b - m s|^q for the scale s = g/sqrt(v + eps) and the shift of a batch normalization, (1/n)^q for a mean;
- "parts": |g|^q, |b|^q, |m|^q and v^q in the places of g, b, m and v, 1/n for a mean and the root times (1/n)^(q - 1).
Both sum a window of max-pooling, keep the biases, and run once on ones.
`path_norms.py FOLDER 18 152` takes torchvision's ResNets of so many layers at 224 x 224 instead, and writes no networks.
"""
import copy
import json
import math
import sys

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, width, stride, deep):
        super().__init__()
        outputs = 4 * width if deep else width
        conv = lambda i, o, k, s=1: [nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o)]  # noqa: E731
        self.way = nn.Sequential(
            *(conv(inputs, width, 1) + [nn.ReLU()] + conv(width, width, 3, stride) + [nn.ReLU()] + conv(width, outputs, 1)
              if deep else conv(inputs, width, 3, stride) + [nn.ReLU()] + conv(width, width, 3)))
        self.skip = nn.Sequential(*conv(inputs, outputs, 1, stride)) if stride > 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        return torch.relu(self.way(x) + self.skip(x))


def thin(blocks, deep, width=4):
    parts = [nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = width
    for stage, count in enumerate(blocks):
        for block in range(count):
            parts.append(Block(inputs, width << stage, 2 if stage and not block else 1, deep))
            inputs = (width << stage) * (4 if deep else 1)
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def shake(network):
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network.eval()


class Sum(nn.Module):
    def __init__(self, pool):
        super().__init__()
        self.pool = pool

    def forward(self, x):
        ones = torch.ones(x.shape[1], 1, self.pool.kernel_size, self.pool.kernel_size, dtype=x.dtype)
        return nn.functional.conv2d(x, ones, None, self.pool.stride, self.pool.padding, groups=x.shape[1])


class Mean(nn.Module):
    def __init__(self, power):
        super().__init__()
        self.power = power

    def forward(self, x):
        self.count = x.shape[2] * x.shape[3]
        return x.sum((2, 3), keepdim=True) / self.count ** self.power


@torch.no_grad()
def logarithm(network, size, q, folded):
    network = copy.deepcopy(network).double()
    means = []
    for parent in list(network.modules()):
        for name, module in list(parent.named_children()):
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                for parameter in module.parameters():
                    parameter.copy_(parameter.abs() ** q)
            elif isinstance(module, nn.BatchNorm2d) and folded:
                scale = module.weight / (module.running_var + module.eps).sqrt()
                shift = module.bias - module.running_mean * scale
                module.weight.copy_(scale.abs() ** q * (1 + module.eps) ** 0.5)
                module.bias.copy_(shift.abs() ** q)
                module.running_mean.zero_()
                module.running_var.fill_(1)
            elif isinstance(module, nn.BatchNorm2d):
                for tensor in (module.weight, module.bias, module.running_mean, module.running_var):
                    tensor.copy_(tensor.abs() ** q)
            elif isinstance(module, nn.MaxPool2d):
                setattr(parent, name, Sum(module))
            elif isinstance(module, nn.AdaptiveAvgPool2d):
                means.append(Mean(q if folded else 1))
                setattr(parent, name, means[-1])
    total = network(torch.ones(1, 3, size, size, dtype=torch.float64)).sum().item()
    ln = math.log(total) / q
    return ln if folded else ln - (q - 1) * math.log(means[0].count)


torch.manual_seed(0)
folder, full = sys.argv[1], sys.argv[2:]
if full:
    import torchvision

    networks = {f"resnet{depth}": getattr(torchvision.models, f"resnet{depth}")() for depth in full}
else:
    networks = {"thin18": thin([2, 2, 2, 2], False), "thin152": thin([3, 8, 36, 3], True)}
found = {}
for name, network in networks.items():
    shake(network)
    size = 224 if full else 64
    found[name] = {
        str(q): {"folded": logarithm(network, size, q, True), "parts": logarithm(network, size, q, False)} for q in (1, 2, 4)}
    if full:
        print(name, {q: {way: value / math.log(10) for way, value in ways.items()} for q, ways in found[name].items()}, flush=True)
    else:
        torch.onnx.export(network, torch.ones(1, 3, size, size), f"{folder}/{name}.onnx", input_names=["x"],
                          training=torch.onnx.TrainingMode.PRESERVE)
with open(f"{folder}/path_norms.json", "w") as file:
    json.dump(found, file)
