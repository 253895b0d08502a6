"""
What a PyTorch user would write for what Occam measures, first the exact geometric complexity 1/|D| Σ ‖J(x)‖_F² of a network's logits, as a
process that lives through the benchmarks: requests on standard input and answers on standard output are JSON,
one a line. Its argument is the number of threads.

    {"network": "resnet18", "weights": PATH, "data": PATH, "method": "jacrev", "type": "float32", "chunk": 8}
    {"value": 123.4, "seconds": 5.6, "chunk": 8}

or for expected sharpness E[L(w + ν)] − L(w), its method "copies" or "folded copies":

    {"network": "vgg", "weights": PATH, "data": PATH, "method": "copies", "type": "float32", "sharpness": {"alpha": 0.005, "draws": 100, "batch": 64}}
    {"value": 0.12, "seconds": 1.7, "chunk": 64, "error": 0.01}

with the value's standard error. Without a chunk, candidates are timed on the first examples, and the answer is that of the fastest. What was read
from files stays in memory, and outside of the time.
"""
import copy
import functools
import json
import sys
import time
import warnings

import numpy
import torch
import torch.nn.utils.fusion

import networks


def fold(network):
    """The network with batch normalization in the convolutions before it."""
    layers = []
    for layer in copy.deepcopy(network):
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return torch.nn.Sequential(*layers).eval()


@torch.no_grad()
def expected_sharpness(network, x, y, alpha, draws, batch):
    """Random perturbations of copies of the state_dict, each on a mini-batch of its own."""
    trained = copy.deepcopy(network.state_dict())
    names = [name for name, _ in network.named_parameters()]
    losses = []
    for _ in range(draws):
        state = copy.deepcopy(trained)
        for name in names:
            state[name] += torch.randn_like(state[name]) * (alpha * (10 * state[name].abs() + 1))
        network.load_state_dict(state)
        chosen = torch.randperm(len(x))[:batch]
        losses.append(torch.nn.functional.cross_entropy(network(x[chosen]), y[chosen]).item())
    network.load_state_dict(trained)
    increase = numpy.mean(losses) - torch.nn.functional.cross_entropy(network(x), y).item()
    return increase, numpy.std(losses, ddof=1) / draws ** 0.5


def squared_norm(jacobian):
    return (jacobian if jacobian.dtype == torch.float64 else jacobian.float()).square().sum().double()


def jacrev(network):
    """vmap(jacrev(f)), of torch.func or of functorch."""
    try:
        from torch.func import functional_call, jacrev, vmap
        state = {**dict(network.named_parameters()), **dict(network.named_buffers())}
        jacobian = vmap(jacrev(lambda x: functional_call(network, state, (x.unsqueeze(0),)).squeeze(0)))
    except ImportError:
        from functorch import jacrev, make_functional_with_buffers, vmap
        function, parameters, buffers = make_functional_with_buffers(network)
        jacobian = vmap(jacrev(lambda x: function(parameters, buffers, x.unsqueeze(0)).squeeze(0)))
    return lambda x: squared_norm(jacobian(x))


def loop(network):
    """k reverse passes over one recorded forward pass, of a network whose weights need no gradient."""
    def total(x):
        x = x.detach().requires_grad_()
        logits = network(x)
        outputs = logits.shape[1]
        sum_of_squares = 0
        for j in range(outputs):
            cotangents = torch.zeros_like(logits)
            cotangents[:, j] = 1
            row, = torch.autograd.grad(logits, x, cotangents, retain_graph=j < outputs - 1)
            sum_of_squares = sum_of_squares + squared_norm(row)
        return sum_of_squares

    return total


def backward(network):
    """The loop as one writes it first: backward() by output, which fills the weights' gradients too."""
    network = copy.deepcopy(network).requires_grad_(True)

    def total(x):
        x = x.detach().requires_grad_()
        logits = network(x)
        outputs = logits.shape[1]
        sum_of_squares = 0
        for j in range(outputs):
            x.grad = None
            network.zero_grad()
            logits[:, j].sum().backward(retain_graph=j < outputs - 1)
            sum_of_squares = sum_of_squares + squared_norm(x.grad)
        return sum_of_squares

    return total


def projection(network):
    """k ‖vᵀJ‖² of one random unit cotangent v an example, as jacobian_regularizer estimates ‖J‖_F²."""
    def total(x):
        x = x.detach().requires_grad_()
        logits = network(x)
        cotangents = torch.nn.functional.normalize(torch.randn_like(logits), dim=1)
        row, = torch.autograd.grad(logits, x, cotangents)
        return logits.shape[1] * squared_norm(row)

    return total


def training_step(regularizer):
    """A step of SGD in training mode with a penalty on the logits' gradient by the input; the value is its mean loss."""
    def step(network):
        network = copy.deepcopy(network).requires_grad_(True).train()
        optimizer = torch.optim.SGD(network.parameters(), lr=1e-4)

        def total(x, y):
            if regularizer is not None:
                x = x.detach().requires_grad_()
            logits = network(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
            penalty = 0 if regularizer is None else 1e-3 * regularizer(x, logits) / len(x)
            optimizer.zero_grad()
            (loss + penalty).backward()
            optimizer.step()
            return loss.detach() * len(x)

        return total

    return step


def one_cotangent(x, logits):
    """k ‖vᵀJ‖² summed over the examples, for one random unit cotangent v an example."""
    cotangents = torch.nn.functional.normalize(torch.randn_like(logits), dim=1)
    row, = torch.autograd.grad(logits, x, cotangents, create_graph=True)
    return logits.shape[1] * row.square().sum()


def every_output(x, logits):
    """‖J‖_F² summed over the examples, by a reverse pass an output."""
    sum_of_squares = 0
    for j in range(logits.shape[1]):
        row, = torch.autograd.grad(logits[:, j].sum(), x, create_graph=True)
        sum_of_squares = sum_of_squares + row.square().sum()
    return sum_of_squares


def example_norms(network):
    """The squared norms of examples' loss gradients by the parameters, by vmap(grad), summed."""
    def loss(output, y):
        return torch.nn.functional.cross_entropy(output, y.unsqueeze(0))

    try:
        from torch.func import functional_call, grad, vmap
        parameters, buffers = dict(network.named_parameters()), dict(network.named_buffers())
        gradients = vmap(grad(lambda p, x, y: loss(functional_call(network, {**p, **buffers}, (x.unsqueeze(0),)), y)), (None, 0, 0))
        return lambda x, y: sum(g.square().sum() for g in gradients({n: p.detach() for n, p in parameters.items()}, x, y).values())
    except ImportError:
        from functorch import grad, make_functional_with_buffers, vmap
        function, parameters, buffers = make_functional_with_buffers(network)
        gradients = vmap(grad(lambda p, x, y: loss(function(p, buffers, x.unsqueeze(0)), y)), (None, 0, 0))
        return lambda x, y: sum(g.square().sum() for g in gradients(parameters, x, y))


# These take the labels too, and all the data at once.
SUPERVISED = {
    "step": training_step(None), "cotangent-step": training_step(one_cotangent), "exact-step": training_step(every_output),
    "example-norms": example_norms,
}
METHODS = {"jacrev": jacrev, "loop": loop, "backward": backward, "projection": projection}


@functools.lru_cache(maxsize=None)
def load_network(name, weights, kind):
    network = networks.NETWORKS[name]()
    network.load_state_dict(torch.load(weights))
    return network.eval().requires_grad_(False).to(getattr(torch, kind))


@functools.lru_cache(maxsize=None)
def load_data(path, kind):
    return torch.from_numpy(numpy.load(path)["x"]).to(getattr(torch, kind))


def timed(total, data, chunk):
    began = time.perf_counter()
    value = sum(total(part) for part in data.split(chunk)).item() / len(data)
    return {"value": value, "seconds": time.perf_counter() - began, "chunk": chunk}


def fastest_chunk(total, data):
    """The chunk of the highest rate on at most 512 examples; doubling stops when it has grown worse twice."""
    data = data[:512]
    best, best_seconds, worse = None, float("inf"), 0
    chunk = min(4, len(data))
    total(data[:chunk])
    while worse < 2:
        whole = data[: len(data) // chunk * chunk]
        seconds = timed(total, whole, chunk)["seconds"] / len(whole)
        if seconds < best_seconds:
            best, best_seconds, worse = chunk, seconds, 0
        else:
            worse += 1
        if chunk == len(data):
            break
        chunk = min(2 * chunk, len(data))
    return best


def timed_sharpness(network, request, x):
    y = torch.from_numpy(numpy.load(request["data"])["y"])
    began = time.perf_counter()
    if request["method"] == "folded copies":
        network = fold(network)
    value, error = expected_sharpness(network, x, y, **request["sharpness"])
    return {"value": value, "seconds": time.perf_counter() - began, "chunk": request["sharpness"]["batch"], "error": error}


LOSSES = {
    "half-squared-error": lambda z, y: 0.5 * (z[:, 0] - y).square().mean(),
    "mse": lambda z, y: torch.nn.functional.mse_loss(z[:, 0], y),
    "cross-entropy": torch.nn.functional.cross_entropy,
}


@functools.lru_cache(maxsize=None)
def trainer(name, weights, data, loss, batch, rate, momentum, frozen, threads):
    """Takes some steps of the loop as one writes it, where the last call ended; tells the last loss."""
    network = networks.NETWORKS[name]()
    network.load_state_dict(torch.load(weights))
    for parameter in frozen:
        network.get_parameter(parameter).requires_grad_(False)
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], rate, momentum=momentum)
    arrays = numpy.load(data)
    x, y = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"])
    y = y if loss == "cross-entropy" else y.float()
    criterion = LOSSES[loss]

    def train(steps):
        others = torch.get_num_threads()
        torch.set_num_threads(threads or others)
        for _ in range(steps):
            if batch == len(x):
                inputs, targets = x, y
            else:
                chosen = torch.randint(len(x), (batch,))
                inputs, targets = x[chosen], y[chosen]
            optimizer.zero_grad()
            value = criterion(network(inputs), targets)
            value.backward()
            optimizer.step()
        torch.set_num_threads(others)
        return value.item()

    network.train()
    return train


def timed_training(request):
    options = request["training"]
    train = trainer(
        request["network"], request["weights"], request["data"], options["loss"], options["batch"], options["rate"],
        options["momentum"], tuple(options["frozen"]), options["threads"])
    began = time.perf_counter()
    value = train(options["steps"])
    return {"value": value, "seconds": (time.perf_counter() - began) / options["steps"], "chunk": options["batch"]}


def answer(request):
    torch.manual_seed(0)
    if "training" in request:
        return timed_training(request)
    network = load_network(request["network"], request["weights"], request["type"])
    data = load_data(request["data"], request["type"])
    if "sharpness" in request:
        return timed_sharpness(network, request, data)
    if request["method"] in SUPERVISED:
        y = torch.from_numpy(numpy.load(request["data"])["y"])
        total = SUPERVISED[request["method"]](network)
        return timed(lambda x: total(x, y), data, len(data))
    total = METHODS[request["method"]](network)
    return timed(total, data, request.get("chunk") or fastest_chunk(total, data))


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
