"""Networks that PyTorch exported with float32 weights, and what they measure in float64, for the tests to compare.

Usage: measures.py FOLDER. Writes for each network NAME.onnx, its examples NAME.npz (x float64, y), and NAME.txt with
a line 'quantity value' for each reference value; wide.hessian,
wide.gauss-newton and wide.empirical-fisher with the eigenvalues of its loss's matrices, one a line; and black boxes: blackbox.pt of cnn, line.pt beside line.onnx.

Written from the definitions, not from Occam's code: Jacobians row by row, singular values by SVD, gradients of the
loss example by example, norms of the weights of modules.
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


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, padding=1)
        self.conv1 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6)
        self.down = nn.Conv2d(6, 8, 1, stride=2, bias=False)
        self.conv3 = nn.Conv2d(6, 8, 3, stride=2, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = torch.relu(x + self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))
        x = torch.relu(self.down(x) + self.bn3(self.conv3(x)))
        return self.fc(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))


def perceptron(activation, *sizes):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


def cnn():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(8 * 3 * 3, 5))


# The logit network, what the file ends in, the shape of an example, the number of examples.
networks = {
    "relu": (perceptron(nn.ReLU, 20, 40, 30, 7), None, (20,), 60),
    "tanh": (perceptron(nn.Tanh, 20, 40, 30, 7), None, (20,), 60),
    "gelu": (perceptron(nn.GELU, 20, 40, 30, 7), None, (20,), 60),
    "wide": (perceptron(nn.Tanh, 4, 30, 9), None, (4,), 60),
    "cnn": (cnn(), None, (3, 12, 12), 30),
    "residual": (Residual(), None, (3, 8, 8), 30),
    "softmax": (perceptron(nn.ReLU, 20, 40, 6), nn.Softmax(1), (20,), 60),
    "sigmoid": (perceptron(nn.Tanh, 20, 40, 1), nn.Sigmoid(), (20,), 60),
}


def jacobian(network, x):
    x = x[None].clone().requires_grad_()
    y = network(x)[0]
    return torch.stack([torch.autograd.grad(y[j], x, retain_graph=True)[0].flatten() for j in range(len(y))])


def probability_jacobian(network, end, x):
    return jacobian(lambda z: end(network(z)), x)


def loss(logits, y):
    if logits.shape[1] == 1:
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], y.double())
    return nn.functional.cross_entropy(logits, y)


def squared_gradient(network, x, y):
    gradients = torch.autograd.grad(loss(network(x), y), list(network.parameters()))
    return sum(float((gradient ** 2).sum()) for gradient in gradients)


def quantities(network, end, x, y):
    jacobians = [jacobian(network, example) for example in x]
    norms = np.array([float((J ** 2).sum()) for J in jacobians])
    yield "geometric-complexity", norms.mean()
    yield "dirichlet-energy", norms.mean() / 2
    yield "geometric-complexity.first10", norms[:10].mean()
    sigmas = np.array([float(torch.linalg.svdvals(J)[0]) for J in jacobians])
    yield from spread("local-lipschitz", sigmas)
    end = end or (nn.Sigmoid() if network(x[:1]).shape[1] == 1 else nn.Softmax(1))
    sigmas = [float(torch.linalg.svdvals(probability_jacobian(network, end, example))[0]) for example in x]
    yield from ((name.replace("local-lipschitz", "local-lipschitz.probabilities"), value) for name, value in spread("local-lipschitz", np.array(sigmas)))
    logits = network(x).detach().numpy()
    if logits.shape[1] > 1:
        margins = np.array([row[label] - max(np.delete(row, label)) for row, label in zip(logits, y.tolist())])
        yield "margin", np.percentile(margins, 5)
        yield "margin.minimum", margins.min()
        yield "margin.mean", margins.mean()
        yield "margin.median", np.median(margins)
    yield "loss-slope", squared_gradient(network, x, y)
    yield "loss-slope.perExample", np.mean([squared_gradient(network, x[i:i + 1], y[i:i + 1]) for i in range(len(x))])
    yield "loss-slope.loss", float(loss(network(x), y))
    yield "parameters", sum(parameter.numel() for parameter in network.parameters())


def dense_hessian(network, x, y):
    """Of the mean loss by all parameters, row by row."""
    parameters = list(network.parameters())
    gradients = torch.autograd.grad(loss(network(x), y), parameters, create_graph=True)
    gradient = torch.cat([part.flatten() for part in gradients])
    return torch.stack([
        torch.cat([part.flatten() for part in torch.autograd.grad(entry, parameters, retain_graph=True)]) for entry in gradient])


def weight_jacobian(network, x):
    """Of one example's logits by all parameters, row by row."""
    parameters = list(network.parameters())
    return torch.stack([
        torch.cat([part.flatten() for part in torch.autograd.grad(logit, parameters, retain_graph=True)]) for logit in network(x[None])[0]])


def gauss_newton(network, x, y):
    """The mean of Jᵀ (diag p − ppᵀ) J, and that of the gradients' outer products."""
    matrices = [0, 0]
    for one, label in zip(x, y):
        J = weight_jacobian(network, one)
        p = torch.softmax(network(one[None])[0], 0).detach()
        slope = p - nn.functional.one_hot(label, len(p))
        matrices[0] = matrices[0] + J.T @ (torch.diag(p) - torch.outer(p, p)) @ J / len(x)
        matrices[1] = matrices[1] + torch.outer(J.T @ slope, J.T @ slope) / len(x)
    return matrices


def folded(network):
    """Each batch normalization in the convolution that was registered before it."""
    network = copy.deepcopy(network)
    before = None
    for name, layer in list(network.named_children()):
        if isinstance(layer, nn.BatchNorm2d):
            setattr(network, before, torch.nn.utils.fuse_conv_bn_eval(getattr(network, before), layer))
            setattr(network, name, nn.Identity())
        before = name
    return network


def norms_of_weights(network, x):
    network = folded(network)
    W = [layer.weight.detach().flatten(1) for layer in network.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]
    frobenius = np.array([float((w ** 2).sum()) for w in W])
    spectral = np.array([float(torch.linalg.svdvals(w)[0]) ** 2 for w in W])
    yield "parameter-count", sum(parameter.numel() for parameter in network.parameters())
    yield "l2-norm", frobenius.prod()
    yield "spectral-norm", spectral.prod()
    yield "l1-infinity-norm", np.prod([float(w.abs().sum(1).max()) ** 2 for w in W])
    yield "group-norm", np.prod([float(w.norm(dim=1).max()) ** 2 for w in W])
    yield "param-norm", frobenius.sum()
    yield "fro-over-spec", (frobenius / spectral).sum()
    yield "log-prod-of-fro", np.log(frobenius).sum()
    yield "log-sum-of-spec", np.log(len(W)) + np.log(spectral).mean()
    for parameter in network.parameters():
        parameter.data.square_()
    yield "path-norm", float(network(torch.ones_like(x[:1])).sum())


def spread(name, values):
    yield name, values.mean()
    yield name + ".maximum", values.max()
    yield name + ".median", np.median(values)
    yield name + ".p95", np.percentile(values, 95)


def shake(network):
    """Statistics and scales as training leaves them, weights larger than at the start."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.3)
        elif isinstance(module, (nn.Linear, nn.Conv2d)):
            with torch.no_grad():
                module.weight.mul_(2)


for seed, (name, (network, end, shape, count)) in enumerate(networks.items()):
    torch.manual_seed(seed)
    shake(network)
    network.eval()
    x = torch.randn(count, *shape).double()
    outputs = network(x[:1].float()).shape[1]
    y = torch.randint(max(outputs, 2), (count,))
    np.savez(os.path.join(folder, name + ".npz"), x=x.numpy(), y=y.numpy())
    whole = network if end is None else nn.Sequential(network, end)
    torch.onnx.export(
        whole, x[:2].float(), os.path.join(folder, name + ".onnx"), opset_version=13, do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE, input_names=["x"], dynamic_axes={"x": {0: "batch"}})
    if name == "cnn":
        torch.jit.trace(network, x[:2].float()).save(os.path.join(folder, "blackbox.pt"))
    network.double()
    with open(os.path.join(folder, name + ".txt"), "w") as file:
        for quantity, value in [*quantities(network, end, x, y), *norms_of_weights(network, x)]:
            file.write(f"{quantity} {float(value)!r}\n")
    if name == "wide":
        with open(os.path.join(folder, "wide.hessian"), "w") as file:
            file.writelines(f"{value!r}\n" for value in torch.linalg.eigvalsh(dense_hessian(network, x, y)).tolist())
        for kind, matrix in zip(("gauss-newton", "empirical-fisher"), gauss_newton(network, x, y)):
            with open(os.path.join(folder, f"wide.{kind}"), "w") as file:
                file.writelines(f"{value!r}\n" for value in torch.linalg.eigvalsh(matrix).tolist())

torch.manual_seed(99)
line = perceptron(nn.Tanh, 1, 10, 10, 3).eval()
shake(line)
example = torch.randn(2, 1)
torch.onnx.export(line, example, os.path.join(folder, "line.onnx"), opset_version=13, input_names=["x"], dynamic_axes={"x": {0: "batch"}})
torch.jit.trace(line, example).save(os.path.join(folder, "line.pt"))
