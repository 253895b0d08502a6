"""Networks of token ids and of several inputs that PyTorch exported with float32 weights, and what they measure in float64.

Usage: tokens.py FOLDER. Writes for each network NAME.onnx, its examples NAME.npz (arrays by the names of the inputs, and y), and
NAME.txt with a line 'quantity value' for each reference value; NAME.examples.npz where the examples don't come first in the network.

Written from the definitions, not from Occam's code: the function is that of the word embedding, the Jacobian is taken output by
output, the slope of the loss by all parameters, the embedding's table among them; labels of -100 don't count, and an example's loss
is the mean over its positions that do. Vision transformers, whose tokens are patches, are torchvision's where it is there.

OCCAM_PEER_EXPORTER=dynamo exports by the newer of PyTorch 2's exporters, =optimized by it with its optimizer. That one looks up what
doesn't depend on the input, and stores the rows in the table's place: the file's parameters are those rows, and so are the
reference's, each row looked up by itself.
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
exporter = os.environ.get("OCCAM_PEER_EXPORTER", "script")
dynamo = exporter in ("dynamo", "optimized")
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


class FloatMask(Bert):
    """The same, with the mask as floating-point numbers, before the ids, and token types of a single row."""

    def __init__(self):
        super().__init__()
        self.types = nn.Embedding(1, WIDTH)


class Causal(Gpt):
    """The same, written for one example, with a mask of -inf that is stored."""

    def rest(self, e, ids):
        t = ids.shape[1]
        mask = torch.full((t, t), -math.inf, dtype=e.dtype).triu(1)
        x = e + self.positions(torch.arange(t))
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.table.weight.t()


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



class T5(nn.Module):
    """An encoder and a decoder, which looks at the encoder's states; a function of the encoder's embedding."""

    inputs = ["input_ids", "decoder_input_ids"]
    by_position = True

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        self.encoder = Block(True)
        self.decoder = Block(True)
        self.cross_q, self.cross_k, self.cross_v, self.cross_out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.head = nn.Linear(WIDTH, VOCABULARY)

    def rest(self, e, ids, decoder_ids):
        states = self.encoder(e, torch.zeros((), dtype=e.dtype))
        t = decoder_ids.shape[1]
        y = self.decoder(self.table(decoder_ids), torch.full((t, t), -1e9, dtype=e.dtype).triu(1))
        seen = attention(self.cross_q(y), self.cross_k(states), self.cross_v(states), torch.zeros((), dtype=e.dtype))
        return self.head(y + self.cross_out(seen))

    def forward(self, ids, decoder_ids):
        return self.rest(self.table(ids), ids, decoder_ids)


class Llama(nn.Module):
    """RMS normalization, rotary positions, grouped queries, SwiGLU."""

    inputs = ["input_ids"]
    by_position = True

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        self.q, self.out = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.k, self.v = nn.Linear(WIDTH, WIDTH // HEADS, bias=False), nn.Linear(WIDTH, WIDTH // HEADS, bias=False)
        self.gate, self.up = nn.Linear(WIDTH, 12, bias=False), nn.Linear(WIDTH, 12, bias=False)
        self.down, self.head = nn.Linear(12, WIDTH, bias=False), nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.scale1, self.scale2, self.scale3 = (nn.Parameter(torch.ones(WIDTH)) for _ in range(3))

    @staticmethod
    def norm(x, scale):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * scale

    @staticmethod
    def rotate(x):
        t, d = x.shape[-2], x.shape[-1]
        angles = torch.arange(t, dtype=x.dtype)[:, None] / 10000 ** (torch.arange(0, d, 2, dtype=x.dtype) / d)
        cos, sin = torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)
        half = torch.cat([-x[..., d // 2:], x[..., :d // 2]], -1)
        return x * cos + half * sin

    def rest(self, e, ids):
        n, t, width = e.shape
        h = self.norm(e, self.scale1)
        q = self.rotate(self.q(h).reshape(n, t, HEADS, -1).transpose(1, 2))
        k = self.rotate(self.k(h).reshape(n, t, 1, -1).transpose(1, 2)).expand(n, HEADS, t, width // HEADS)
        v = self.v(h).reshape(n, t, 1, -1).transpose(1, 2).expand(n, HEADS, t, width // HEADS)
        mask = torch.full((t, t), -1e9, dtype=e.dtype).triu(1)
        seen = (q @ k.transpose(2, 3) / math.sqrt(width // HEADS) + mask).softmax(-1) @ v
        x = e + self.out(seen.transpose(1, 2).reshape(n, t, width))
        h = self.norm(x, self.scale2)
        x = x + self.down(functional.silu(self.gate(h)) * self.up(h))
        return self.head(self.norm(x, self.scale3))

    def forward(self, ids):
        return self.rest(self.table(ids), ids)


class Tagger(nn.Module):
    """A bidirectional LSTM that labels every token."""

    inputs = ["tokens"]
    by_position = True

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        self.lstm = nn.LSTM(WIDTH, 6, bidirectional=True, batch_first=True)
        self.head = nn.Linear(12, 4)

    def rest(self, e, ids):
        return self.head(self.lstm(e)[0])

    def forward(self, ids):
        return self.rest(self.table(ids), ids)


class Recurrent(nn.Module):
    """An LSTM over sequences whose examples are the second dimension, from given states; its last output is classified."""

    inputs = ["x", "h", "c"]
    by_position = False

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 6)
        self.head = nn.Linear(6, 3)

    def rest(self, x, h, c):
        # Examples come first here, and second in the network.
        return self.forward(x.transpose(0, 1), h.transpose(0, 1), c.transpose(0, 1))

    def forward(self, x, h, c):
        return self.head(self.lstm(x, (h.contiguous(), c.contiguous()))[0][-1])


class Vit(nn.Module):
    """torchvision's vision transformer, small."""

    inputs = ["x"]
    by_position = False

    def __init__(self):
        super().__init__()
        from torchvision.models import VisionTransformer
        self.inner = VisionTransformer(
            image_size=16, patch_size=8, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=16, num_classes=4)

    def rest(self, x):
        return self.inner(x)

    def forward(self, x):
        return self.rest(x)


class Swin(Vit):
    """torchvision's Swin transformer, small: windows of 2 × 2 patches, shifted in every second block."""

    def __init__(self):
        nn.Module.__init__(self)
        from torchvision.models import SwinTransformer
        self.inner = SwinTransformer(
            patch_size=[2, 2], embed_dim=8, depths=[2, 2], num_heads=[1, 2], window_size=[2, 2], mlp_ratio=2, num_classes=4)


def arrays(name, generator):
    n = 7
    if name in ("vit", "swin"):
        return [torch.randn(n, 3, 16, 16, generator=generator)], torch.randint(0, 4, (n,), generator=generator)
    ids = torch.randint(0, VOCABULARY, (n, LENGTH), generator=generator)
    if name in ("gpt", "causal"):
        y = torch.randint(0, VOCABULARY, (n, LENGTH), generator=generator)
        y[0, :3] = -100
        y[3, 1] = -100
        return [ids], y
    if name in ("t5", "llama", "tagger"):
        y = torch.randint(0, 4 if name == "tagger" else VOCABULARY, (n, LENGTH), generator=generator)
        y[2, 0] = -100
        decoder = [torch.randint(0, VOCABULARY, (n, LENGTH), generator=generator)]
        return [ids] + (decoder if name == "t5" else []), y
    if name == "recurrent":
        states = [torch.randn(n, 1, 6, generator=generator) for _ in range(2)]
        return [torch.randn(n, LENGTH, 5, generator=generator)] + states, torch.randint(0, 3, (n,), generator=generator)
    if name in ("bert", "floatmask"):
        mask = torch.ones(n, LENGTH, dtype=torch.long)
        mask[1, 3:] = 0
        mask[4, 2:] = 0
        types = torch.randint(0, 2, (n, LENGTH), generator=generator)
        y = torch.randint(0, 3, (n,), generator=generator)
        return ([ids, mask, types] if name == "bert" else [ids, mask.float(), 0 * types]), y
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
    def logits_of(values):
        return model.rest(*values) if not hasattr(model, "table") else model(*values)

    logits = logits_of(given).detach()
    rows, labels = logits.flatten(0, -2), y.flatten()
    rows, labels = rows[labels != -100], labels[labels != -100]
    own = rows.gather(1, labels[:, None]).squeeze(1)
    margins = own - rows.scatter(1, labels[:, None], -math.inf).amax(1)
    parameters = list(model.parameters())
    each = losses(logits_of(given), y)
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


KINDS = {"gpt": Gpt, "bert": Bert, "vector": Vector, "t5": T5, "llama": Llama, "tagger": Tagger, "recurrent": Recurrent,
         "floatmask": FloatMask, "causal": Causal, "vit": Vit, "swin": Swin}


def export(model, name, values, batch, path):
    """The network as a file, its examples counted by the dimension `batch`: by one alone where it takes no more."""
    # The newer exporter takes no LSTM of any number of examples.
    one = name == "causal" or (dynamo and name in ("tagger", "recurrent"))
    examples = tuple((value[:1] if one else value).transpose(0, batch) for value in values)
    names = {"input_names": model.inputs, "output_names": ["logits"]}
    if dynamo:
        size = {batch: torch.export.Dim("batch", max=1024)}
        torch.onnx.export(
            model, examples, path, dynamo=True, external_data=False, optimize=exporter == "optimized", **names,
            dynamic_shapes=None if one else tuple(size for _ in examples))
        return
    torch.onnx.export(
        model, examples, path, opset_version=14, do_constant_folding=False, **names,
        dynamic_axes=None if one else {**{i: {batch: "batch"} for i in model.inputs}, "logits": {0: "batch"}})


def with_rows_looked_up(model):
    """The model with the rows that are looked up in place of the tables, where no input says which."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(getattr(module, "positions", None), nn.Embedding):
                module.positions.weight = nn.Parameter(module.positions.weight[:LENGTH].clone())
            if hasattr(module, "relative_position_bias_table"):
                index = module.relative_position_index
                module.relative_position_bias_table = nn.Parameter(module.relative_position_bias_table[index.flatten()].clone())
                index.copy_(torch.arange(index.numel()).reshape(index.shape))
    return model


for seed, (name, kind) in enumerate(KINDS.items()):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    try:
        model = kind().eval()
    except ImportError:
        continue
    with torch.no_grad():
        for parameter in model.parameters():
            # No two tensors alike, for the exporter stores equal ones once.
            parameter.add_(0.1 * torch.randn(parameter.shape))
    values, y = arrays(name, generator)
    path = os.path.join(folder, name)
    batch = 1 if name == "recurrent" else 0
    export(model, name, values, batch, path + ".onnx")
    named = dict(zip(model.inputs, values))
    np.savez(path + ".npz", y=y.numpy(), **{i: value.transpose(0, batch).numpy() for i, value in named.items()})
    if batch:
        # As data sets have them: examples first.
        np.savez(path + ".examples.npz", y=y.numpy(), **{i: value.numpy() for i, value in named.items()})
    if exporter == "optimized":
        model = with_rows_looked_up(model)
    with open(path + ".txt", "w") as file:
        for quantity, value in measured(model.double(), values, y).items():
            file.write(f"{quantity} {float(value)!r}\n")
