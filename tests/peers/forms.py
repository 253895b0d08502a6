"""Modules that PyTorch exports as several nodes each, for the tests to find again.

Usage: forms.py FOLDER. Writes FOLDER/NAME.onnx (operator set 13), the input FOLDER/NAME.x and, in float64, the output
FOLDER/NAME.y and the gradient FOLDER/NAME.g of its sum weighted by cosines; FOLDER/NAME.shape.
"""
import math
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional


class Activations(nn.Module):
    """Every activation once, and those that libraries write by hand."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(6, 6) for _ in range(8))

    def forward(self, x):
        a = [layer(x) for layer in self.layers]
        by_hand = 0.5 * a[5] * (1 + torch.tanh(math.sqrt(2 / math.pi) * (a[5] + 0.044715 * torch.pow(a[5], 3))))
        fast = 0.5 * a[6] * (1 + torch.tanh(a[6] * 0.7978845608 * (1 + 0.044715 * a[6] * a[6])))
        return (functional.gelu(a[0]) + functional.silu(a[1]) + functional.mish(a[2]) + functional.hardswish(a[3])
                + functional.gelu(a[4], approximate="tanh") + by_hand + fast + a[7] * torch.sigmoid(1.702 * a[7])
                + a[0] * functional.relu6(a[0] + 3) / 6 + torch.log(1 + torch.exp(a[1]))
                + a[2] * 0.5 * (1.0 + torch.erf(a[2] / math.sqrt(2.0))))


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(width) + 0.5)

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class Attention(nn.Module):
    """Scaled dot products as GPT, BERT or Llama write them."""

    def __init__(self, width, heads, style):
        super().__init__()
        self.heads, self.style = heads, style
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.register_buffer("causal", torch.ones(1, 1, 16, 16).tril().bool())

    def forward(self, x):
        n, t, width = x.shape
        q, k, v = (part.reshape(n, t, self.heads, -1).transpose(1, 2) for part in self.qkv(x).split(width, 2))
        scale = math.sqrt(width // self.heads)
        if self.style == "gpt":
            scores = torch.where(self.causal[:, :, :t, :t], q @ k.transpose(2, 3) / scale, torch.tensor(-1e9, dtype=x.dtype))
        elif self.style == "split":
            scores = (q / scale ** 0.5) @ (k.transpose(2, 3) / scale ** 0.5)
        elif self.style == "before":
            scores = (q * (1 / scale)) @ k.transpose(2, 3)
        else:
            scores = q @ k.transpose(2, 3) / scale + torch.linspace(-1, 1, t, dtype=x.dtype)
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width))


class Block(nn.Module):
    """A layer of a transformer, normalized before."""

    def __init__(self, width, style, norm, activation):
        super().__init__()
        self.norm1, self.norm2 = norm(width), norm(width)
        self.attention = Attention(width, 2, style)
        self.up, self.gate, self.down = nn.Linear(width, 12), nn.Linear(width, 12), nn.Linear(12, width)
        self.activation = activation

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        y = self.norm2(x)
        return x + self.down(self.activation(self.gate(y)) * self.up(y) if self.activation is functional.silu
                             else self.activation(self.up(y)))


def modules():
    yield "activations", Activations(), (4, 6)
    yield "gpt", nn.Sequential(*[Block(8, "gpt", nn.LayerNorm, functional.gelu) for _ in range(2)], nn.LayerNorm(8)), (2, 5, 8)
    yield "bert", nn.Sequential(nn.LayerNorm(8), Block(8, "bert", nn.LayerNorm, functional.gelu)), (2, 5, 8)
    yield "llama", nn.Sequential(Block(8, "before", RmsNorm, functional.silu), RmsNorm(8)), (2, 5, 8)
    yield "split", Attention(8, 2, "split"), (2, 5, 8)
    yield "encoder", nn.TransformerEncoderLayer(8, 2, 12, activation="gelu", batch_first=True, norm_first=True), (2, 5, 8)


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    torch.manual_seed(3)
    for name, module, shape in modules():
        x = torch.randn(shape)
        # In training mode no fused kernel takes the layer's place; there is nothing random in it.
        for part in module.modules():
            if isinstance(part, nn.Dropout):
                part.p = 0.0
            if isinstance(part, nn.LayerNorm):
                part.weight.data.uniform_(-1, 1.5)
                part.bias.data.normal_(0, 0.3)
        module.eval()
        x.requires_grad_()
        torch.onnx.export(module, x, str(folder / f"{name}.onnx"), opset_version=13, input_names=["x"], output_names=["y"],
                          dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
        module.double()
        x = x.detach().double().requires_grad_()
        y = module(x)
        weights = torch.arange(y.numel()).double().cos().reshape(y.shape)
        gradient, = torch.autograd.grad((weights * y).sum(), x)
        for ending, tensor in (("x", x), ("y", y), ("g", gradient)):
            (folder / f"{name}.{ending}").write_bytes(tensor.detach().contiguous().numpy().astype("<f8").tobytes())
        (folder / f"{name}.shape").write_text(" ".join(map(str, shape)))


if __name__ == "__main__":
    main()
