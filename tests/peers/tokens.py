"""Networks of token ids and of several inputs that PyTorch exported with float32 weights, and what they measure in float64.

Usage: tokens.py FOLDER. Writes for each network NAME.onnx, its examples NAME.npz (arrays by the names of the inputs, and y), and
NAME.txt with a line 'quantity value' for each reference value.

Written from the definitions, not from Occam's code: the function is that of the word embedding, the Jacobian is taken output by
output, the slope of the loss by all parameters, the embedding's table among them; labels of -100 don't count, and an example's loss
is the mean over its positions that do.
"""
import math
import os
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional

folder = sys.argv[1]
torch.set_num_threads(1)
warnings.simplefilter("ignore")

VOCABULARY, LENGTH, WIDTH, HEADS = 23, 5, 8, 2


def attention(q, k, v, mask):
    n, t, width = q.shape

    def split(x):
        return x.reshape(n, -1, HEADS, width // HEADS).transpose(1, 2)

    scores = split(q) @ split(k).transpose(2, 3) / math.sqrt(width // HEADS) + mask
    return (scores.softmax(-1) @ split(v)).transpose(1, 2).reshape(n, t, width)


class Block(nn.Module):
    """A transformer's block, normalized before (as GPT) or after (as BERT)."""

    def __init__(self, before, cross=False):
        super().__init__()
        self.before = before
        self.q, self.k, self.v, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def attend(self, x, mask):
        return self.out(attention(self.q(x), self.k(x), self.v(x), mask))

    def forward(self, x, mask):
        if self.before:
            x = x + self.attend(self.norm1(x), mask)
            return x + self.down(functional.gelu(self.up(self.norm2(x))))
        x = self.norm1(x + self.attend(x, mask))
        return self.norm2(x + self.down(functional.gelu(self.up(x))))


class Gpt(nn.Module):
    """Causal, logits at every position through the tied table."""

    inputs = ["input_ids"]
    by_position = True

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(16, WIDTH)
        self.blocks = nn.ModuleList([Block(True), Block(True)])
        self.norm = nn.LayerNorm(WIDTH)

    def rest(self, e, ids):
        t = ids.shape[1]
        mask = torch.full((t, t), -1e9, dtype=e.dtype).triu(1)
        x = e + self.positions(torch.arange(t))
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.table.weight.t()

    def forward(self, ids):
        return self.rest(self.table(ids), ids)


class Bert(nn.Module):
    """A classifier of the first token, with a mask and token types."""

    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    by_position = False

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.positions = nn.Embedding(16, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.blocks = nn.ModuleList([Block(False), Block(False)])
        self.pool, self.head = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 3)

    def rest(self, e, ids, attention_mask, types):
        mask = (1 - attention_mask[:, None, None, :].to(e.dtype)) * -1e4
        x = self.norm(e + self.types(types) + self.positions(torch.arange(ids.shape[1])))
        for block in self.blocks:
            x = block(x, mask)
        return self.head(torch.tanh(self.pool(x[:, 0])))

    def forward(self, ids, attention_mask, types):
        return self.rest(self.table(ids), ids, attention_mask, types)


class Vector(nn.Module):
    """A perceptron on numbers, scaled by another floating-point input and shifted by a class's vector."""

    inputs = ["x", "scale", "group"]
    by_position = False

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(6, 12), nn.Linear(12, 4)
        self.groups = nn.Embedding(3, 12)

    def rest(self, x, scale, group):
        return self.second(torch.tanh(self.first(x) * scale + self.groups(group)))

    def forward(self, x, scale, group):
        return self.rest(x, scale, group)


def arrays(name, generator):
    n = 7
    ids = torch.randint(0, VOCABULARY, (n, LENGTH), generator=generator)
    if name == "gpt":
        y = torch.randint(0, VOCABULARY, (n, LENGTH), generator=generator)
        y[0, :3] = -100
        y[3, 1] = -100
        return [ids], y
    if name == "bert":
        mask = torch.ones(n, LENGTH, dtype=torch.long)
        mask[1, 3:] = 0
        mask[4, 2:] = 0
        return [ids, mask, torch.randint(0, 2, (n, LENGTH), generator=generator)], torch.randint(0, 3, (n,), generator=generator)
    return (
        [torch.randn(n, 6, generator=generator), torch.rand(n, 12, generator=generator) + 0.5,
         torch.randint(0, 3, (n,), generator=generator)],
        torch.randint(0, 4, (n,), generator=generator))


def losses(logits, y):
    """The mean over an example's labels that count."""
    if y.dim() == 1:
        return functional.cross_entropy(logits, y, reduction="none")
    each = functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none", ignore_index=-100).reshape(y.shape)
    return each.sum(1) / (y != -100).sum(1)


def measured(model, values, y):
    given = [value.double() if value.is_floating_point() else value for value in values]
    e = (model.table(given[0]) if hasattr(model, "table") else given[0]).detach()
    rest = given if hasattr(model, "table") else given[1:]
    n = len(y)
    jacobians = []
    for i in range(n):
        own = [value[i:i + 1] for value in rest]
        jacobians.append(torch.autograd.functional.jacobian(
            lambda x: model.rest(x, *own).flatten(), e[i:i + 1]).flatten(1))
    norms = torch.stack([j.square().sum() for j in jacobians])
    sigmas = torch.stack([torch.linalg.svdvals(j)[0] for j in jacobians])
    logits = model(*given).detach()
    rows, labels = logits.flatten(0, -2), y.flatten()
    rows, labels = rows[labels != -100], labels[labels != -100]
    own = rows.gather(1, labels[:, None]).squeeze(1)
    margins = own - rows.scatter(1, labels[:, None], -math.inf).amax(1)
    parameters = list(model.parameters())
    each = losses(model(*given), y)
    mean = torch.autograd.grad(each.mean(), parameters, retain_graph=True)
    single = [sum(g.square().sum() for g in torch.autograd.grad(each[i], parameters, retain_graph=True)) for i in range(n)]
    return {
        "parameters": sum(p.numel() for p in parameters),
        "geometric-complexity": norms.mean(),
        "geometric-complexity.first": norms[0],
        "local-lipschitz": sigmas.mean(),
        "local-lipschitz.maximum": sigmas.max(),
        "margin": torch.quantile(margins, 0.05),
        "margin.minimum": margins.min(),
        "margin.accuracy": (margins > 0).double().mean(),
        "loss-slope": sum(g.square().sum() for g in mean),
        "loss-slope.loss": each.mean(),
        "loss-slope.perExample": sum(single) / n,
    }


for seed, (name, kind) in enumerate({"gpt": Gpt, "bert": Bert, "vector": Vector}.items()):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = kind().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # No two tensors alike, for the exporter stores equal ones once.
            parameter.add_(0.1 * torch.randn(parameter.shape))
    values, y = arrays(name, generator)
    path = os.path.join(folder, name)
    torch.onnx.export(
        model, tuple(values), path + ".onnx", opset_version=14, do_constant_folding=False, input_names=model.inputs, output_names=["logits"],
        dynamic_axes={**{i: {0: "batch"} for i in model.inputs}, "logits": {0: "batch"}})
    np.savez(path + ".npz", y=y.numpy(), **{i: value.numpy() for i, value in zip(model.inputs, values)})
    with open(path + ".txt", "w") as file:
        for quantity, value in measured(model.double(), values, y).items():
            file.write(f"{quantity} {float(value)!r}\n")
