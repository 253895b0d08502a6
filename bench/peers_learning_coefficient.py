"""
The local learning coefficient nβ (E[L(w)] − L(w*)) as the usual Python tools estimate it (Lau et al. 2023): stochastic gradient Langevin
dynamics from w*, w ← w − (ε/2)(nβ ∇L_B(w) + γ(w − w*)) + √ε ξ, mini-batch after mini-batch. As they do: an optimizer, batches by a loader, chain after
chain; the same with nothing left around a step that could be spared; or all chains at once, stacked, with gradients by hand. Requests as
in peers_weights.py.
"""
import copy
import math

import numpy
import torch
from torch import nn

import peers_weights


def step_size(network, x, y, n_beta, gamma, batch, products=20):
    """A fifth of what the steepest direction allows, so that no variance is a twentieth too large."""
    steepest = n_beta * max(map(abs, peers_weights.largest_eigenvalue(network, x[:1024], y[:1024], products)))
    return 0.2 / (steepest * (1 + n_beta / batch) + gamma)


class Langevin(torch.optim.Optimizer):
    """The step, parameter by parameter."""

    def __init__(self, parameters, step, n_beta, gamma):
        super().__init__(parameters, {"step": step, "n_beta": n_beta, "gamma": gamma})
        for group in self.param_groups:
            group["origin"] = [p.detach().clone() for p in group["params"]]

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p, w in zip(group["params"], group["origin"]):
                move = p.grad.mul(group["n_beta"]).add_(p - w, alpha=group["gamma"])
                p.add_(move, alpha=-group["step"] / 2).add_(torch.randn_like(p), alpha=math.sqrt(group["step"]))


def usual(network, x, y, origin, chains, draws, stride, batch, n_beta, gamma, step, own):
    data = torch.utils.data.TensorDataset(x, y, own)
    # Drawn anew each time, as the other ways do: a loader that shuffles gives less noise to a gradient, and another answer at one step
    # size.
    drawn = torch.utils.data.RandomSampler(data, replacement=True)
    losses = torch.zeros(chains, draws)
    for chain in range(chains):
        copy_of = copy.deepcopy(network)
        sampler = Langevin(copy_of.parameters(), step, n_beta, gamma)
        at = -draws // 2 * stride
        while at < draws * stride:
            for inputs, labels, before in torch.utils.data.DataLoader(data, batch, sampler=drawn, drop_last=True):
                sampler.zero_grad(set_to_none=True)
                loss = nn.functional.cross_entropy(copy_of(inputs), labels)
                loss.backward()
                if at >= 0:
                    losses[chain, at // stride] += (loss.detach() - before.mean()) / stride
                sampler.step()
                at += 1
                if at == draws * stride:
                    break
    return losses


def one_after_the_other(network, x, y, origin, chains, draws, stride, batch, n_beta, gamma, step, own):
    parameters = list(network.parameters())
    losses = torch.zeros(chains, draws)
    for chain in range(chains):
        with torch.no_grad():
            for p, w in zip(parameters, origin):
                p.copy_(w)
        for at in range(-draws // 2 * stride, draws * stride):
            chosen = torch.randint(len(x), (batch,))
            loss = nn.functional.cross_entropy(network(x[chosen]), y[chosen])
            gradient = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                if at >= 0:
                    losses[chain, at // stride] += (loss - own[chosen].mean()) / stride
                offset = torch._foreach_sub(parameters, origin)
                torch._foreach_add_(parameters, gradient, alpha=-step / 2 * n_beta)
                torch._foreach_add_(parameters, offset, alpha=-step / 2 * gamma)
                torch._foreach_add_(parameters, [torch.randn_like(p) for p in parameters], alpha=math.sqrt(step))
    return losses


@torch.no_grad()
def stacked(network, x, y, origin, chains, draws, stride, batch, n_beta, gamma, step, own):
    """All parameters in a row a chain; layers' weights are views of it."""
    sizes, shapes = [w.numel() for w in origin], [w.shape for w in origin]
    start = torch.cat([w.reshape(-1) for w in origin])
    point, gradient = start.repeat(chains, 1), torch.empty(chains, len(start))

    def parts(flat):
        return [part.unflatten(1, shape) for part, shape in zip(flat.split(sizes, 1), shapes)]

    weights, slopes = parts(point), parts(gradient)
    losses = torch.zeros(chains, draws)
    count = len(weights) // 2
    for at in range(-draws // 2 * stride, draws * stride):
        chosen = torch.randint(len(x), (chains, batch))
        values = [x[chosen]]
        for layer in range(count):
            z = torch.baddbmm(weights[2 * layer + 1].unsqueeze(1), values[-1], weights[2 * layer].transpose(1, 2))
            values.append(z.relu_() if layer < count - 1 else z)
        logs, labels = values.pop().log_softmax(2), y[chosen].unsqueeze(2)
        if at >= 0:
            loss = -logs.gather(2, labels).squeeze(2) - own[chosen]
            losses[:, at // stride] += loss.mean(1) / stride
        g = logs.exp_()
        g.scatter_add_(2, labels, torch.full_like(labels, -1, dtype=g.dtype)).div_(batch)
        for layer in reversed(range(count)):
            torch.sum(g, 1, out=slopes[2 * layer + 1])
            slopes[2 * layer].copy_(torch.bmm(g.transpose(1, 2), values[layer]))
            if layer > 0:
                g = torch.bmm(g, weights[2 * layer]).mul_(values[layer] > 0)
        gradient.mul_(-step / 2 * n_beta).add_(point - start, alpha=-step / 2 * gamma)
        point.add_(gradient).add_(torch.randn_like(point), alpha=math.sqrt(step))
    return losses


def learning_coefficient(network, x, y, chains=4, draws=1000, stride=10, batch=64, way="stacked"):
    network = peers_weights.folded(network).requires_grad_(True)
    origin = [p.detach().clone() for p in network.parameters()]
    n_beta = len(x) / math.log(len(x))
    gamma = sum(w.numel() for w in origin) / sum(w.square().sum().item() for w in origin)
    step = step_size(network, x, y, n_beta, gamma, batch)
    with torch.no_grad():
        own = nn.functional.cross_entropy(network(x), y, reduction="none")
    walk = {"usual": usual, "loop": one_after_the_other, "stacked": stacked}[way]
    found = n_beta * walk(network, x, y, origin, chains, draws, stride, batch, n_beta, gamma, step, own).double().numpy()
    halves = numpy.concatenate([found[:, :draws // 2].mean(1), found[:, draws // 2:].mean(1)])
    return [found.mean()], [halves.std(ddof=1) / math.sqrt(len(halves))]


peers_weights.ROWS["learning-coefficient"] = learning_coefficient

if __name__ == "__main__":
    peers_weights.main()
