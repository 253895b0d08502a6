"""
What an expert writes in PyTorch for what Occam measures of weights, curvature and examples' gradients, as a process that lives
through the benchmarks: requests on standard input and answers on standard output are JSON, one a line. Its argument is the number of threads.

    {"row": "hessian-trace", "network": "resnet18", "weights": PATH, "data": PATH, "examples": 4}
    {"values": [123.4], "errors": [5.0], "seconds": 5.6, "cpuSeconds": 11.1, "peakBytes": 7000000}

A row's function returns its values, and where they are drawn at random their standard errors, too: Occam's values must agree with them.
What was read from files stays in memory, and outside of the time. On a busy machine the processor's seconds, of all threads, are
steadier than those of the clock. The highest resident memory is the process's own so far: a
process for each row tells what the row takes.
"""
import copy
import functools
import json
import math
import resource
import sys
import time
import warnings

import numpy
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import networks


def folded(network):
    """The network with every batch normalization in the convolution before it, inner modules too."""
    def fold(module):
        if isinstance(module, nn.Sequential):
            layers = []
            for layer in module:
                if isinstance(layer, nn.BatchNorm2d) and layers and isinstance(layers[-1], nn.Conv2d):
                    layers[-1] = fuse_conv_bn_eval(layers[-1], layer)
                else:
                    layers.append(fold(layer))
            return copied(module, layers)
        for name, child in module.named_children():
            setattr(module, name, fold(child))
        return module

    def copied(module, layers):
        result = copy.copy(module)
        result._modules = {str(i): layer for i, layer in enumerate(layers)}
        return result

    return fold(copy.deepcopy(network)).eval()


def side_by_side(network, x):
    """Channels last: here pools and convolutions of few channels are faster so."""
    return network.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)


def cross_entropy(network, x, y):
    return nn.functional.cross_entropy(network(x), y)


def mean(samples):
    """The mean, and its standard error."""
    return [numpy.mean(samples)], [numpy.std(samples, ddof=1) / math.sqrt(len(samples))]


def dot(left, right):
    return sum((a * b).sum() for a, b in zip(left, right))


class Hessian:
    """Products with the Hessian of the mean loss, from one gradient whose graph is kept."""

    def __init__(self, network, x, y):
        self.parameters = list(network.requires_grad_(True).parameters())
        self.gradient = torch.autograd.grad(cross_entropy(network, x, y), self.parameters, create_graph=True)

    def times(self, vector):
        return torch.autograd.grad(self.gradient, self.parameters, grad_outputs=vector, retain_graph=True)


def hessian_product(network, x, y, products=1):
    """Products one after the other, of the weights w first: each is of the last one's image, to unit length. The images' lengths."""
    network = folded(network)
    hessian = Hessian(network, x, y)
    vector, lengths = [p.detach() for p in hessian.parameters], []
    for _ in range(products):
        length = dot(vector, vector).sqrt()
        vector = hessian.times([part / length for part in vector])
        lengths.append(dot(vector, vector).sqrt().item())
    return lengths


def hessian_trace(network, x, y, products=30):
    """Hutchinson 1990."""
    network = folded(network)
    hessian = Hessian(network, x, y)
    values = []
    for _ in range(products):
        signs = [torch.randint_like(p, 2).mul_(2).sub_(1) for p in hessian.parameters]
        values.append(dot(signs, hessian.times(signs)).item())
    return mean(values)


def largest_eigenvalue(network, x, y, products=10):
    """Lanczos with full reorthogonalization."""
    network = folded(network)
    hessian = Hessian(network, x, y)
    shapes = [p.shape for p in hessian.parameters]
    sizes = [p.numel() for p in hessian.parameters]
    v = torch.randn(sum(sizes))
    v /= v.norm()
    basis, diagonal, beside = [], [], []
    for step in range(products):
        basis.append(v)
        w = torch.cat([g.reshape(-1) for g in hessian.times([part.view(s) for part, s in zip(v.split(sizes), shapes)])])
        diagonal.append(torch.dot(w, v).item())
        for _ in range(2):
            for q in basis:
                w -= torch.dot(q, w) * q
        norm = w.norm()
        beside.append(norm.item())
        v = w / norm
    matrix = numpy.diag(diagonal) + numpy.diag(beside[:-1], 1) + numpy.diag(beside[:-1], -1)
    return [numpy.linalg.eigvalsh(matrix)[-1]]


def matrices(network):
    """Layers' weights, batch normalization folded, as matrices of a row a unit."""
    return [layer.weight.detach().flatten(1) for layer in folded(network).modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]


@torch.no_grad()
def spectral_norms(network, x, y):
    """The largest eigenvalue of the smaller Gram matrix, in float64: the squared norms of all layers, the largest first."""
    squares = []
    for w in matrices(network):
        w = w.double()
        gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
        squares.append(torch.linalg.eigvalsh(gram)[-1].item())
    return sorted(squares, reverse=True)


@torch.no_grad()
def path_norms(network, x, y, powers=(1, 2)):
    """
    One forward pass in float64 for each power, with |w|^q for the weights and no biases. The weights 1/n of a mean over n places are
    weights on a path, too: |1/n|^q.
    """
    values = []
    for power in powers:
        squared = folded(network).double()
        for layer in squared.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                layer.weight.data.abs_()
                if power != 1:
                    layer.weight.data.pow_(power)
                layer.bias = None
            elif isinstance(layer, nn.AdaptiveAvgPool2d):
                layer.register_forward_hook(
                    lambda layer, inputs, output, q=power: output * (inputs[0][0, 0].numel() / output[0, 0].numel()) ** (1 - q))
        values.append(squared(torch.ones(1, *x.shape[1:], dtype=torch.float64)).sum().item())
    return values


@torch.no_grad()
def patterns(network, x, y):
    """The number of distinct patterns of ReLU's signs, packed to bits and hashed."""
    network = folded(network)
    packed = []
    weights = 2 ** torch.arange(8, dtype=torch.uint8)

    def keep(output):
        signs = (output > 0).flatten(1)
        signs = nn.functional.pad(signs, (0, -signs.shape[1] % 8))
        packed.append((signs.view(len(signs), -1, 8).to(torch.uint8) * weights).sum(2, dtype=torch.uint8))

    handles = [m.register_forward_hook(lambda m, i, o: keep(o)) for m in network.modules() if isinstance(m, nn.ReLU)]
    relu = torch.relu
    torch.relu = lambda value: (lambda output: (keep(output), output)[1])(relu(value))
    found = set()
    try:
        for part in x.split(500):
            packed.clear()
            network(part)
            found.update(row.tobytes() for row in torch.cat(packed, 1).numpy())
    finally:
        torch.relu = relu
        for handle in handles:
            handle.remove()
    return [len(found)]


def example_norms(network, x, y, batch_gradient=False):
    """
    Squared norms of the examples' loss gradients by ghost norms in one reverse pass, the cheaper way for each layer; with
    batch_gradient also the squared norm of the mean loss's gradient, after the mean over the examples.
    """
    network = copy.deepcopy(network).eval().requires_grad_(batch_gradient)
    squares = torch.zeros(len(x))
    handles = []

    def dense(inputs, g):
        return inputs.square().sum(1) * g.square().sum(1) if inputs.dim() == 2 else product(inputs.transpose(1, 2), g.transpose(1, 2))

    def product(a, b):
        places, size = a.shape[2], a.shape[1] * b.shape[1]
        if 2 * places * places < size:
            return (torch.bmm(a.transpose(1, 2), a) * torch.bmm(b.transpose(1, 2), b)).sum((1, 2))
        return torch.bmm(b, a.transpose(1, 2)).square().sum((1, 2))

    def convolution(layer, inputs, g):
        seen = nn.functional.unfold(inputs, layer.kernel_size, layer.dilation, layer.padding, layer.stride)
        return product(seen, g.flatten(2))

    def at_layer(layer, inputs, output):
        given = inputs[0].detach()

        def at_gradient(g):
            with torch.no_grad():
                g = g * len(x)
                if isinstance(layer, nn.Linear):
                    squares.add_(dense(given, g))
                elif isinstance(layer, nn.Conv2d):
                    squares.add_(convolution(layer, given, g))
                else:
                    normal = (given - layer.running_mean[:, None, None]) * (layer.running_var[:, None, None] + layer.eps).rsqrt()
                    squares.add_((g * normal).sum((2, 3)).square().sum(1))
                if layer.bias is not None:
                    squares.add_((g if g.dim() == 2 else g.flatten(2).sum(2)).square().sum(1))

        output.register_hook(at_gradient)

    for layer in network.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d, nn.BatchNorm2d)):
            handles.append(layer.register_forward_hook(at_layer))
    inputs = x if batch_gradient else x.clone().requires_grad_()
    loss, whole = cross_entropy(network, inputs, y), []
    if batch_gradient:
        gradients = torch.autograd.grad(loss, list(network.parameters()))
        whole = [dot(gradients, gradients).item()]
    else:
        # By the first layer's output: nothing needs the gradient by the images.
        torch.autograd.grad(loss, inputs)
    return [squares.mean().item(), *whole]


def max_sharpness(network, x, y, steps=2000, alpha=5e-4, rate=0.01, momentum=0.9, batch=64):
    """Projected gradient ascent in the box |v| <= alpha (|w| + 1); the value is the relative increase of the loss."""
    network, x = side_by_side(folded(network).requires_grad_(True), x)
    parameters = list(network.parameters())
    with torch.no_grad():
        before = cross_entropy(network, x, y).item()
        reach = [alpha * (p.abs() + 1) for p in parameters]
        lower, upper = [p - r for p, r in zip(parameters, reach)], [p + r for p, r in zip(parameters, reach)]
        velocity = [torch.zeros_like(p) for p in parameters]
    for _ in range(steps):
        chosen = torch.randperm(len(x))[:batch] if batch < len(x) else slice(None)
        gradients = torch.autograd.grad(cross_entropy(network, x[chosen], y[chosen]), parameters)
        with torch.no_grad():
            torch._foreach_mul_(velocity, momentum)
            torch._foreach_add_(velocity, gradients)
            torch._foreach_add_(parameters, velocity, alpha=rate)
            for p, low, high in zip(parameters, lower, upper):
                torch.clamp(p, low, high, out=p) if not p.requires_grad else p.data.clamp_(low, high)
    with torch.no_grad():
        return [(cross_entropy(network, x, y).item() - before) / (1 + before)]


@torch.no_grad()
def expected_sharpness(network, x, y, draws=100, alpha=0.005, batch=64):
    """The weights perturbed in place, each draw on a mini-batch of its own."""
    network, x = side_by_side(folded(network), x)
    parameters = list(network.parameters())
    trained = [p.clone() for p in parameters]
    scale = [alpha * (10 * p.abs() + 1) for p in parameters]
    losses = []
    for _ in range(draws):
        for p, w, s in zip(parameters, trained, scale):
            torch.addcmul(w, torch.randn_like(w), s, out=p.data)
        chosen = torch.randperm(len(x))[:batch]
        losses.append(cross_entropy(network, x[chosen], y[chosen]).item())
    for p, w in zip(parameters, trained):
        p.data.copy_(w)
    (value,), errors = mean(losses)
    return [value - cross_entropy(network, x, y).item()], errors


@torch.no_grad()
def local_complexity(network, x, y, radius=0.005, directions=25, chunk=100):
    """
    Units whose sign isn't the same at all corners x ± r v of a random orthonormal frame (Humayun et al. 2024), the mean over the examples:
    frames by a batched decomposition, all corners of a chunk in one forward pass.
    """
    counts = []
    for part in x.split(chunk):
        frames = torch.linalg.qr(torch.randn(len(part), part[0].numel(), directions))[0].transpose(1, 2) * radius
        h = torch.cat([part.unsqueeze(1) + frames, part.unsqueeze(1) - frames], 1).flatten(0, 1)
        cut = torch.zeros(len(part))
        for layer in network:
            if isinstance(layer, nn.ReLU):
                signs = (h > 0).unflatten(0, (len(part), 2 * directions))
                cut += (signs.any(1) & ~signs.all(1)).sum(1)
            h = layer(h)
        counts.append(cut)
    return mean(torch.cat(counts).double().numpy())


ROWS = {
    "example-norms": example_norms, "example-norms-and-gradient": functools.partial(example_norms, batch_gradient=True),
    "spectral-norms": spectral_norms, "path-norms": path_norms, "patterns": patterns,
    "hessian-product": hessian_product, "hessian-trace": hessian_trace, "largest-eigenvalue": largest_eigenvalue,
    "local-complexity": local_complexity, "max-sharpness": max_sharpness, "expected-sharpness": expected_sharpness,
}


@functools.lru_cache(maxsize=None)
def load_network(name, weights):
    network = networks.NETWORKS[name]()
    network.load_state_dict(torch.load(weights))
    return network.eval().requires_grad_(False)


@functools.lru_cache(maxsize=None)
def load_data(path):
    arrays = numpy.load(path)
    return torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"]) if "y" in arrays else None


def answer(request):
    torch.manual_seed(0)
    network = load_network(request["network"], request["weights"])
    x, y = load_data(request["data"])
    count = request.get("examples") or len(x)
    x, y = x[:count], y[:count] if y is not None else None
    began, spent = time.perf_counter(), time.process_time()
    found = ROWS[request["row"]](network, x, y, **request.get("options", {}))
    seconds, spent = time.perf_counter() - began, time.process_time() - spent
    values, errors = found if isinstance(found, tuple) else (found, [])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"values": [float(value) for value in values], "errors": errors, "seconds": seconds, "cpuSeconds": spent, "peakBytes": peak}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
