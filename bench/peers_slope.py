"""
Geometric complexity and local Lipschitz constants as an expert writes them in PyTorch: a perceptron's Jacobians from their factors, batch
normalization folded, channels last, cotangents at the features where the last layer widens. Each function takes a network and gives a
function of a batch: the sum over its examples of ‖J‖_F², or of σ_max(J).

    peers_slope.py FOLDER [THREADS]     exports the networks that these need beside export.py's, with their data

As a process it answers requests, a line of JSON each, with {"method": NAME, "network": NAME} and the folder's files.
"""
import copy
import functools
import json
import os
import resource
import sys
import time
import warnings

import numpy
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import networks


class Attention(nn.Module):
    """Self-attention as exports have it: one layer for queries, keys and values."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, positions, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, positions, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax((q * (width // self.heads) ** -0.5) @ k.transpose(-2, -1), -1)
        return self.out((weights @ v).transpose(1, 2).reshape(batch, positions, width))


class Layer(nn.Module):
    """A layer of a transformer, normalized before each part."""

    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attention, self.norm2 = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.narrow(nn.functional.gelu(self.wide(self.norm2(x))))


class ViT(nn.Module):
    """ViT-tiny (Dosovitskiy et al. 2021; Touvron et al. 2021) on 32×32 images in patches of 4×4: 65 positions of width 192, 12 layers."""

    def __init__(self, classes=10, width=192, depth=12, heads=3, patch=4, side=32):
        super().__init__()
        self.embed = nn.Conv2d(3, width, patch, patch)
        self.first = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.position = nn.Parameter(torch.randn(1, (side // patch) ** 2 + 1, width) * 0.02)
        self.layers = nn.Sequential(*[Layer(width, heads) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.layers(x))[:, 0])


class ImageNetResNet18(nn.Sequential):
    """ResNet-18 for images of 224×224: a 7×7 convolution at its entry and a pool after it."""

    def __init__(self, classes=1000):
        layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        inputs = 64
        for width, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            layers += [networks.Block(inputs, width, stride), networks.Block(width, width, 1)]
            inputs = width
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))


def of_classes(network, classes):
    """The same with more classes."""
    network[-1] = nn.Linear(network[-1].in_features, classes)
    return network


NETWORKS = {
    "mlp": (networks.NETWORKS["mlp"], "digits-2000"),
    "mlp-100": (lambda: networks.Mlp(784, 100, 100, 10), "digits-2000"),
    "mlp-1000": (lambda: networks.Mlp(784, 1000, 1000, 10), "digits-2000"),
    "mlp-2000": (lambda: networks.Mlp(784, 2000, 2000, 10), "digits-2000"),
    "mlp-1000-classes": (lambda: networks.Mlp(784, 500, 500, 1000), "digits-2000"),
    "resnet18": (networks.ResNet18, "photographs-32"),
    "resnet18-1000": (lambda: of_classes(networks.ResNet18(), 1000), "photographs-32"),
    "vit": (ViT, "photographs-32"),
    "vit-1000": (lambda: ViT(1000), "photographs-32"),
    "resnet18-224": (ImageNetResNet18, "images-4"),
}


def build(name):
    """A network with seeded weights and statistics like a trained one's."""
    torch.manual_seed(0)
    network = NETWORKS[name][0]()
    norms = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.2)
    if norms:
        side = 224 if name.endswith("224") else 32
        with torch.no_grad():
            network.train()(torch.randn(8 if side == 224 else 64, 3, side, side))
    return network.eval().requires_grad_(False)


def squares(tensor):
    return (tensor if tensor.dtype == torch.float64 else tensor.float()).square().sum().double()


def in_chunks(total, chunk):
    return lambda x: sum(total(part) for part in x.split(chunk))


def triangle(weight):
    """R with RᵀR = WᵀW."""
    return torch.linalg.qr(weight.double(), mode="r")[1].to(weight.dtype)


def rows_by_hand(network, x):
    """For a perceptron of ReLUs: matrices with the Jacobians' singular values, batch × rows × r, from their factors."""
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    masks, h = [], x
    for layer in layers[:-1]:
        z = layer(h)
        masks.append((z > 0).to(z.dtype))
        h = z.relu()
    first, last = layers[0].weight, layers[-1].weight
    entry = torch.linalg.cholesky((first.double() @ first.double().T)).to(first.dtype) if first.shape[0] < first.shape[1] else first
    rows = triangle(last) if last.shape[0] > last.shape[1] else last
    rows = rows * masks[-1].unsqueeze(1)
    for layer, mask in zip(reversed(layers[1:-1]), reversed(masks[:-1])):
        rows = (rows.flatten(0, 1) @ layer.weight).unflatten(0, rows.shape[:2]) * mask.unsqueeze(1)
    return (rows.flatten(0, 1) @ entry).unflatten(0, rows.shape[:2])


def by_hand(network, chunk=200):
    return in_chunks(lambda x: squares(rows_by_hand(network, x)), min(chunk, 20) if network[-1].out_features > 100 else chunk)


def stretch_by_hand(network, chunk=200):
    """σ_max by the eigenvalues of the small Gram matrices in float32."""
    def total(x):
        rows = rows_by_hand(network, x)
        return torch.linalg.eigvalsh(rows @ rows.transpose(1, 2))[:, -1].clamp(0).sqrt().sum().double()

    return in_chunks(total, chunk)


def fold(module):
    """The network with batch normalization in the convolutions before it, at every depth."""
    module = copy.deepcopy(module)

    def folded(part):
        children = list(part.named_children())
        for (name, child), (after, norm) in zip(children, children[1:]):
            if isinstance(child, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(part, name, fuse_conv_bn_eval(child, norm))
                setattr(part, after, nn.Identity())
        for _, child in part.named_children():
            folded(child)

    folded(module)
    return module.eval().requires_grad_(False)


def parts(network):
    """The network up to its features, and its last layer."""
    if isinstance(network, nn.Sequential):
        return nn.Sequential(*list(network)[:-1]), network[-1]
    body = copy.deepcopy(network)
    body.head = nn.Identity()
    return body, network.head


def rows(network, x):
    """The Jacobians' rows, or as many with the same Gram matrices as there are features before the last layer."""
    body, last = parts(network)
    x = x.detach().requires_grad_()
    if last.out_features > last.in_features:
        end, cotangents = body(x), triangle(last.weight.float()).to(last.weight.dtype)
    else:
        end, cotangents = network(x), torch.eye(last.out_features).to(last.weight.dtype)
    for j, cotangent in enumerate(cotangents):
        yield torch.autograd.grad(end, x, cotangent.expand_as(end), retain_graph=j < len(cotangents) - 1)[0]


def folded(network, channels_last=False):
    network = fold(network)
    if channels_last:
        network = network.to(memory_format=torch.channels_last)

    def total(x):
        return sum(squares(row) for row in rows(network, x.contiguous(memory_format=torch.channels_last) if channels_last else x))

    return total


def folded_last(network):
    return folded(network, True)


def stretch(network):
    network = fold(network).to(memory_format=torch.channels_last)

    def total(x):
        J = torch.stack([row.flatten(1) for row in rows(network, x.contiguous(memory_format=torch.channels_last))], 1)
        return torch.linalg.eigvalsh(J @ J.transpose(1, 2))[:, -1].clamp(0).sqrt().sum().double()

    return total


def probes(network, count=8):
    """Random unit cotangents at the outputs; independent ones. With the standard error."""
    network = fold(network).to(memory_format=torch.channels_last)

    def total(x):
        x = x.contiguous(memory_format=torch.channels_last).requires_grad_()
        end, samples = network(x), []
        for j in range(count):
            cotangent = nn.functional.normalize(torch.randn_like(end), dim=1)
            samples.append(squares(torch.autograd.grad(end, x, cotangent, retain_graph=j < count - 1)[0]) * end.shape[1])
        samples = torch.stack(samples)
        return samples.mean(), samples.std() / count ** 0.5

    return total


METHODS = {
    "by-hand": by_hand, "stretch-by-hand": stretch_by_hand, "folded": folded, "folded-last": folded_last, "stretch": stretch, "probes": probes,
}


@functools.lru_cache(maxsize=None)
def prepared(folder, name, method, kind):
    network = build(name).to(getattr(torch, kind))
    data = torch.from_numpy(numpy.load(os.path.join(folder, NETWORKS[name][1] + ".npz"))["x"]).to(getattr(torch, kind))
    return network, data


def answer(request):
    network, data = prepared(request["folder"], request["network"], request["method"], request.get("type", "float32"))
    data = data[: request.get("examples", len(data))]
    torch.set_num_threads(request.get("threads", 2))
    began, cpu = time.perf_counter(), time.process_time()
    found = METHODS[request["method"]](network)(data)
    value, *errors = [number.item() / len(data) for number in (found if isinstance(found, tuple) else (found,))]
    return {"values": [value], "errors": errors, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def export(folder):
    import export as files
    os.makedirs(folder, exist_ok=True)
    noise = numpy.random.default_rng(0)
    if not os.path.exists(os.path.join(folder, "images-4.npz")):
        files.save(os.path.join(folder, "images-4.npz"), noise.standard_normal((4, 3, 224, 224)))
    for name in NETWORKS:
        network = build(name)
        shape = (784,) if name.startswith("mlp") else (3, 224, 224) if name.endswith("224") else (3, 32, 32)
        files.write_whole(os.path.join(folder, name + ".onnx"), lambda path: torch.onnx.export(
            network, torch.zeros(2, *shape), path, opset_version=13, do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE, input_names=["input"], output_names=["logits"],
            dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}))


def main():
    warnings.simplefilter("ignore")
    if len(sys.argv) > 1:
        export(sys.argv[1])
        return
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
