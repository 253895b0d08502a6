"""
Training steps as an expert writes them in PyTorch, and several measures at once, as a process that lives through the benchmarks: requests on
standard input and answers on standard output are JSON, one a line. Its argument is the number of threads.

    {"row": "step", "network": "resnet18", "weights": PATH, "data": PATH, "options": {"channels_last": true}}
    {"values": [2.3, 0.7], "seconds": 0.61, "peakBytes": 1100000000}

Seconds are those of a step; of stacked networks, those of a step of one of them. Occam's values must agree with those of the answer.
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

import networks


def one_cotangent(x, logits):
    """k ‖vᵀJ‖² summed over the examples, for one random unit cotangent v an example."""
    cotangents = nn.functional.normalize(torch.randn_like(logits), dim=1)
    row, = torch.autograd.grad(logits, x, cotangents, create_graph=True)
    return logits.shape[1] * row.square().sum()


def every_output(x, logits):
    """‖J‖_F² summed over the examples, by a reverse pass an output."""
    return sum(torch.autograd.grad(logits[:, j].sum(), x, create_graph=True)[0].square().sum() for j in range(logits.shape[1]))


def step(network, x, y, penalty=None, channels_last=False):
    """
    A step of SGD in training mode from the same weights each time: its mean loss, and, where nothing is drawn, how far the weights moved.
    """
    before = network
    network = copy.deepcopy(network).requires_grad_(True).train()
    if channels_last:
        network, x = network.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-4)
    began = time.perf_counter()
    x = x.detach().requires_grad_(penalty is not None)
    logits = network(x)
    loss = nn.functional.cross_entropy(logits, y)
    whole = loss if penalty is None else loss + 1e-3 * penalty(x, logits) / len(x)
    optimizer.zero_grad()
    whole.backward()
    optimizer.step()
    value, seconds = loss.item(), time.perf_counter() - began
    with torch.no_grad():
        moved = math.sqrt(sum((new.double() - old.double()).square().sum().item()
                              for new, old in zip(network.parameters(), before.parameters())))
    return [value] + ([moved] if penalty is not one_cotangent else []), seconds


def stacked(network, x, y, count=4, batch=10, rate=0.02, steps=200, half=False, frozen=0, check=0):
    """
    Plain SGD on several perceptrons at once, their weights stacked, each with examples of its own. The value is the loss after `check`
    steps on the first batch alone, outside of the time: there the order of the examples is no one's choice.
    """
    if check > 0:
        (value,), _ = stacked(network, x[:batch], y[:batch], 1, batch, rate, check, half, frozen, 0)
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    weights = [layer.weight.detach().T.expand(count, -1, -1).clone() for layer in layers]
    biases = [layer.bias.detach().expand(count, 1, -1).clone() for layer in layers]
    trained = weights[frozen:] + biases
    for parameter in trained:
        parameter.requires_grad_(True)
    y = y.float()
    began = time.perf_counter()
    for _ in range(steps):
        if batch == len(x):
            h, targets = x.expand(count, -1, -1), y.expand(count, -1)
        else:
            chosen = torch.randint(len(x), (count, batch))
            h, targets = x[chosen], y[chosen]
        for i, (w, b) in enumerate(zip(weights, biases)):
            h = torch.baddbmm(b, h, w)
            h = h.relu() if i < len(layers) - 1 else h
        losses = (h[:, :, 0] - targets).square().mean(1) * (0.5 if half else 1)
        gradients = torch.autograd.grad(losses.sum(), trained)
        with torch.no_grad():
            torch._foreach_add_(trained, gradients, alpha=-rate)
    seconds = (time.perf_counter() - began) / (steps * count)
    return [value if check > 0 else losses.mean().item()], seconds


ROWS = {
    "step": step, "cotangent-step": functools.partial(step, penalty=one_cotangent), "exact-step": functools.partial(step, penalty=every_output),
    "stacked": stacked,
}


@functools.lru_cache(maxsize=None)
def load_network(name, weights):
    network = networks.NETWORKS[name]()
    network.load_state_dict(torch.load(weights))
    return network.eval().requires_grad_(False)


@functools.lru_cache(maxsize=None)
def load_data(path):
    arrays = numpy.load(path)
    return torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"])


def answer(request):
    torch.manual_seed(0)
    network = load_network(request["network"], request["weights"])
    x, y = load_data(request["data"])
    values, seconds = ROWS[request["row"]](network, x, y, **request.get("options", {}))
    return {"values": values, "seconds": seconds, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
