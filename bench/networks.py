"""The benchmarks' networks as PyTorch modules. export.py writes them, the peers read them back."""
import torch
from torch import nn


class Mlp(nn.Sequential):
    """Dense layers with ReLU between them."""

    def __init__(self, *widths):
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        super().__init__(*layers[:-1])


class Vgg(nn.Sequential):
    """
    The VGG of Neyshabur et al. 2017, every width divided by the same number: four stacks of two 3×3
    convolutions with batch normalization, a 2×2 max-pool and dropout after each, then two dense layers.

    Four pools leave 2×2 of a 32×32 image, which the paper's 4×4 average pool does not fit: here the average
    is over those 2×2.
    """

    def __init__(self, divisor):
        layers, inputs = [], 3
        for width in (64 // divisor, 128 // divisor, 256 // divisor, 512 // divisor):
            for _ in range(2):
                layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
                inputs = width
            layers += [nn.MaxPool2d(2), nn.Dropout(0.5)]
        units = 512 // divisor
        layers += [nn.AvgPool2d(2), nn.Flatten(), nn.Linear(inputs, units), nn.ReLU(), nn.Linear(units, 10)]
        super().__init__(*layers)


class Block(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))
        self.shortcut = nn.Identity() if stride == 1 and inputs == width else nn.Sequential(
            nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


class ResNet18(nn.Sequential):
    """ResNet-18 for 32×32 images: a 3×3 convolution at its entry and no pool there, widths 64 to 512."""

    def __init__(self):
        layers, inputs = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
        for width, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            layers += [Block(inputs, width, stride), Block(width, width, 1)]
            inputs = width
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)]
        super().__init__(*layers)


NETWORKS = {
    "mlp": lambda: Mlp(784, 500, 500, 10),
    "mlp-100k": lambda: Mlp(784, 120, 40, 10),
    "mlp-10k": lambda: Mlp(64, 100, 32, 10),
    "small-mlp": lambda: Mlp(64, 144, 96, 10),
    "task-1": lambda: Mlp(10, 10, 32, 32, 32, 1),
    "gor-1": lambda: Mlp(1, 300, 300, 300, 1),
    "vgg": lambda: Vgg(4),
    "resnet18": ResNet18,
}


def build(name, seed=0):
    """A network with seeded weights and, where it has batch normalization, statistics and scales like a trained one's."""
    torch.manual_seed(seed)
    network = NETWORKS[name]()
    if name == "task-1":
        nn.init.eye_(network[0].weight)
    norms = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    if norms:
        for norm in norms:
            norm.momentum = None
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.normal_(norm.bias, 0, 0.2)
        with torch.no_grad():
            network.train()(torch.randn(64, 3, 32, 32))
    return network.eval().requires_grad_(False)
