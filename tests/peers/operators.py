"""Exports small PyTorch modules to ONNX, with an input, its output and a gradient, all in float64.

usage: operators.py FOLDER

For every module and operator set it writes NAME-OPSET.onnx, and as raw little-endian doubles NAME.x (the
input), NAME.y (the module's output) and NAME.g (the gradient of the sum of cos(i) * y[i] by the input).
NAME.shape holds the input's sizes. What can't be exported here is left out; its reason goes to NAME-OPSET.skip.
"""

import sys
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

if torch.__version__ >= "2.":
    import onnx  # noqa: F401: without it nothing can be exported

try:
    import torchvision
except ImportError:
    torchvision = None

OPSETS = (7, 9, 11, 13, 16) + ((18, 20) if torch.__version__ >= "2." else ())


class Of(nn.Module):
    """A module from a function of its input (and of itself, where it holds parts)."""

    def __init__(self, function, **parts):
        super().__init__()
        self.function = function
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.function(self, x) if self._modules or self._parameters else self.function(x)


def mlp(activation):
    return nn.Sequential(nn.Linear(6, 16), activation, nn.Linear(16, 16), activation, nn.Linear(16, 4))


def vgg():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 10))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.short = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.short(x))


def resnet():
    widths = (4, 4, 8, 16, 32)
    blocks = [Block(widths[i + j], widths[i + 1], 2 if i > 0 and j == 0 else 1) for i in range(4) for j in range(2)]
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(32, 10))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * width, width))

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Rounds(nn.Module):
    """A recurrence written as a loop, with a branch in it; exported by its script."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 4)
        self.b = nn.Linear(4, 4)

    def forward(self, x):
        h = torch.zeros_like(self.b(self.a(x[:, 0])))
        for t in range(x.size(1)):
            if t == 1:
                h = self.b(h)
            h = torch.tanh(self.a(x[:, t]) + h)
        return h


class Choice(nn.Module):
    """A branch that the data choose."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 4)
        self.b = nn.Linear(5, 4)

    def forward(self, x):
        if bool(x.sum() > 0):
            y = self.a(x)
        else:
            y = self.b(x).relu()
        return y


class Transformer(nn.Module):
    def __init__(self, width=12, heads=3, patch=4, size=12):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width))
        self.positions = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, width))
        self.layers = nn.Sequential(Layer(width, heads), Layer(width, heads))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        n = x.shape[0]
        x = self.patches(x).reshape(n, self.patches.out_channels, -1).permute(0, 2, 1)
        x = torch.cat([self.token.expand(n, -1, -1), x], dim=1) + self.positions
        return self.head(self.norm(self.layers(x))[:, 0])


def assign(x):
    y = 2 * x
    y[:, 1:3, 1:4] = x[:, :2, :3] ** 2
    y[:, :, 4] = 1
    return y


def modules():
    image = (2, 3, 9, 8)
    yield "mlp-relu", lambda: mlp(nn.ReLU()), (5, 6)
    yield "mlp-tanh", lambda: mlp(nn.Tanh()), (5, 6)
    yield "mlp-gelu", lambda: mlp(nn.GELU()), (5, 6)
    yield "mlp-no-bias", lambda: nn.Sequential(nn.Linear(6, 5, bias=False), nn.ReLU(), nn.Linear(5, 3, bias=False)), (5, 6)
    activations = {
        "leaky-relu": nn.LeakyReLU(0.2), "prelu": nn.PReLU(3), "elu": nn.ELU(1.3), "selu": nn.SELU(), "celu": nn.CELU(1.5),
        "softplus": nn.Softplus(), "softsign": nn.Softsign(), "hard-sigmoid": nn.Hardsigmoid(), "hard-swish": nn.Hardswish(),
        "mish": nn.Mish(), "silu": nn.SiLU(), "relu6": nn.ReLU6(), "hard-tanh": nn.Hardtanh(-0.7, 0.4), "sigmoid": nn.Sigmoid(),
        "gelu-tanh": nn.GELU(approximate="tanh"), "log-sigmoid": nn.LogSigmoid(),
    }
    for name, activation in activations.items():
        yield name, lambda activation=activation: activation, (4, 3, 5)
    functions = {
        "abs": torch.abs, "neg": torch.neg, "erf": torch.erf, "exp": torch.exp, "pow-2": lambda x: x ** 2,
        "pow-3": lambda x: x ** 3.0, "sqrt": lambda x: (x.abs() + 1).sqrt(), "log": lambda x: (x.abs() + 1).log(),
        "reciprocal": lambda x: 1 / (x * x + 1), "rsqrt": lambda x: torch.rsqrt(x * x + 1), "rsub": lambda x: 2 - x / 3,
        "clamp-least": lambda x: x.clamp(min=0.1), "clamp-most": lambda x: x.clamp(max=0.1), "clamp": lambda x: x.clamp(-0.5, 0.6),
        "extremes": lambda x: torch.maximum(x, -2 * x) + torch.minimum(x, x[:, :1]),
        "waves": lambda x: torch.sin(3 * x) + x.cos().atan(), "stairs": lambda x: x * x.round() + x * x.sign(),
        "remainders": lambda x: torch.fmod(x, x[:, :1].abs() + 0.3),
        "triangles": lambda x: x.triu() - x.tril(-1) + x.triu(2), "assign": assign,
        "where": lambda x: torch.where(x > 0.2, x, 0.3 * x) + torch.where(x < x[:, :1], 2 * x, x),
        "equal": lambda x: torch.where(torch.arange(5) == 2, x, -x), "mask": lambda x: x.masked_fill(torch.ones(5, 5).triu()[1:4] == 0, -1.0),
        "softmax": lambda x: x.softmax(1) + x.softmax(-1), "log-softmax": lambda x: x.log_softmax(1) - x.log_softmax(2),
        "means": lambda x: x.mean(1, keepdim=True) + x.mean((1, 2), keepdim=True), "sums": lambda x: x.sum(2) + x.sum((1, 2))[:, None],
        "amax": lambda x: x.amax(2) + x.max(1).values.amax(1, keepdim=True) - x.amin(2), "norm": lambda x: x.norm(dim=1),
        "normalize": lambda x: F.normalize(x, dim=1), "logsumexp": lambda x: x.logsumexp(2), "prod": lambda x: x.prod(2),
        "shapes": lambda x: x.unsqueeze(1).transpose(2, 3).squeeze(1).reshape(x.size(0), -1)[:, None].permute(2, 0, 1).transpose(0, 1).flatten(1),
        "slices": lambda x: torch.cat([x[:, ::2, 1:], x[:, 1:, 1:], x[:, -1:, :-1]], 1), "flip": lambda x: x.flip(2),
        "splits": lambda x: torch.cat([a * i for i, a in enumerate(x.split([2, 3], 2), 1)] + [a * (3 + i) for i, a in enumerate(x.chunk(2, 2))], 2),
        "gather": lambda x: x[:, [2, 0, 2]] + x.index_select(1, torch.tensor([1, 1, 0])), "select": lambda x: x[:, 1] * x[:, -1],
        "expand": lambda x: x[:, :1].expand(-1, 7, -1) * x.repeat(1, 1, 3)[:, :1, 4:9], "unbind": lambda x: sum(i * a for i, a in enumerate(x.unbind(1), 1)),
        "range": lambda x: x * torch.arange(x.size(2)), "full": lambda x: x + torch.full((x.size(2),), 0.5) + torch.ones_like(x),
        "casts": lambda x: x * (x > 0).float() + x.double().float(), "baddbmm": lambda x: torch.baddbmm(x, x, x.transpose(1, 2) @ x),
        "einsum": lambda x: torch.einsum("bij,bkj->bik", x, x), "einsum-ellipsis": lambda x: torch.einsum("...ij,jk->...ki", x, torch.eye(5)[:, :2]),
        "pad": lambda x: F.pad(x, (1, 2), value=0.3), "pad-reflect": lambda x: F.pad(x, (2, 1), mode="reflect"),
        "cumsum": lambda x: x.cumsum(2) * x.cumsum(1), "topk": lambda x: x.topk(3).values * x.topk(3, 1, False).values[:, :, :3],
        "take": lambda x: x.gather(2, torch.tensor([[[1, 0, 1], [4, 4, 4], [2, 3, 0]]]).expand(4, -1, -1)),
        "scatter": lambda x: x.scatter(2, torch.tensor([[[1, 0], [4, 2]]]).expand(4, -1, -1), x[:, 1:, :2] * 3),
        "scatter-add": lambda x: torch.zeros_like(x).scatter_add(2, torch.tensor([[[1, 0, 4]]]).expand(4, 3, -1), x[:, :, :3]),
        "largest": lambda x: x * F.one_hot(x.argmax(2), 5) + x[:, :1] * (x.argmin(2, keepdim=True) == 1),
        "angles": lambda x: torch.tan(x.tanh()) + torch.asin(x.tanh()) * torch.acos(x.tanh() * 0.9), "finite": lambda x: x.masked_fill(x.isnan() | x.isinf(), 0.0),
        "shrink": lambda x: F.softshrink(x, 0.3) + F.hardshrink(x, 0.6), "threshold": lambda x: F.threshold(x, 0.4, 0.0),
        "log-sum": lambda x: x.square().sum(1).log(), "det": lambda x: torch.linalg.det(x @ x.transpose(1, 2)).unsqueeze(1) / 100,
        "pad-replicate": lambda x: F.pad(x, (2, 3), mode="replicate"), "pad-negative": lambda x: F.pad(x, (-1, 2)), "std": lambda x: x.std(2),
    }
    for name, function in functions.items():
        yield name, lambda function=function: Of(function), (4, 3, 5)
    yield "linear-3d", lambda: nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 2)), (4, 3, 5)
    yield "conv1d", lambda: nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), (2, 4, 11)
    yield "conv2d", lambda: nn.Conv2d(3, 6, (3, 2), stride=(1, 2), padding=(2, 0), groups=3), image
    yield "conv3d", lambda: nn.Conv3d(2, 3, 2, padding=1), (2, 2, 4, 3, 5)
    # Not "circular": what torch 1.13 exports for it is wrong (it leaves the last row out).
    for mode in ("reflect", "replicate"):
        yield "conv-" + mode, lambda mode=mode: nn.Conv2d(3, 4, 3, padding=2, padding_mode=mode), image
    yield "conv-transpose1d", lambda: nn.ConvTranspose1d(4, 3, 3, stride=2, padding=1, output_padding=1), (2, 4, 5)
    yield "conv-transpose2d", lambda: nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, groups=2, dilation=2), (2, 4, 5, 6)
    for name, pool in {
        "max-pool": nn.MaxPool2d(3, 2, 1), "max-pool-ceil": nn.MaxPool2d(2, 2, ceil_mode=True), "max-pool-dilated": nn.MaxPool2d(2, 1, dilation=3),
        "max-pool-ceil-pad": nn.MaxPool2d(3, 3, 1, ceil_mode=True), "average-pool": nn.AvgPool2d(3, 2, 1), "average-pool-inside": nn.AvgPool2d(3, 2, 1, count_include_pad=False),
        "average-pool-ceil": nn.AvgPool2d(2, 2, ceil_mode=True), "average-pool-ceil-inside": nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
        "global-average": nn.AdaptiveAvgPool2d(1), "global-max": nn.AdaptiveMaxPool2d(1),
    }.items():
        yield name, lambda pool=pool: pool, image
    yield "adaptive-average", lambda: nn.AdaptiveAvgPool2d((4, 2)), (2, 3, 8, 8)
    yield "max-pool1d", lambda: nn.MaxPool1d(3, 2, 1), (2, 3, 9)
    yield "average-pool1d", lambda: nn.AvgPool1d(3, 2, 1, count_include_pad=True), (2, 3, 9)
    yield "max-pool3d", lambda: nn.MaxPool3d(2), (2, 2, 4, 5, 4)
    yield "average-pool3d", lambda: nn.AvgPool3d(2), (2, 2, 4, 5, 4)
    yield "batch-norm1d", lambda: nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4)), (5, 6)
    yield "batch-norm-plain", lambda: nn.BatchNorm2d(3, affine=False), image
    yield "batch-norm-training", lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, momentum=0.0), nn.ReLU(), nn.Dropout(0.3)), image
    yield "layer-norm", lambda: nn.LayerNorm(5), (4, 3, 5)
    yield "layer-norm-2d", lambda: nn.LayerNorm((3, 5)), (4, 3, 5)
    yield "group-norm", lambda: nn.GroupNorm(2, 6), (2, 6, 4)
    yield "instance-norm", lambda: nn.InstanceNorm2d(3, affine=True), image
    yield "upsample", lambda: nn.Upsample(scale_factor=2), image
    yield "upsample-fraction", lambda: nn.Upsample(scale_factor=(1.5, 0.5)), image
    yield "upsample-size", lambda: nn.Upsample(size=(13, 5)), image
    for mode in ("bilinear", "bicubic"):
        for align in (False, True):
            yield f"resize-{mode}" + "-aligned" * align, lambda mode=mode, align=align: nn.Upsample(size=(13, 5), mode=mode, align_corners=align), image
    yield "grid-sample", lambda: Of(lambda x: F.grid_sample(x, torch.linspace(-1.2, 1.1, 40).view(1, 4, 5, 2).expand(2, -1, -1, -1), align_corners=False)), image
    yield "grid-sample-of-grid", lambda: Of(lambda x: F.grid_sample(x[:, :1], x.permute(0, 2, 3, 1)[..., 1:] * 0.5, "bilinear", "border", True)), image
    yield "pixel-unshuffle", lambda: nn.PixelUnshuffle(2), (2, 3, 4, 6)
    yield "pixel-shuffle", lambda: nn.PixelShuffle(2), (2, 4, 3, 3)
    yield "embedding-like", lambda: Of(lambda m, x: x @ m.e.weight[torch.tensor([2, 0, 1])].t(), e=nn.Embedding(3, 5)), (4, 3, 5)
    yield "attention", lambda: Of(lambda m, x: m.a(x, x, x)[0], a=nn.MultiheadAttention(6, 2, batch_first=True)), (2, 4, 6)
    yield "encoder", lambda: nn.TransformerEncoderLayer(6, 2, 8, batch_first=True, norm_first=True), (2, 4, 6)
    yield "rnn", lambda: Of(lambda m, x: m.r(x)[0], r=nn.RNN(5, 4, batch_first=True)), (2, 3, 5)
    yield "rnn-relu", lambda: Of(lambda m, x: m.r(x)[1].transpose(0, 1), r=nn.RNN(5, 4, 2, nonlinearity="relu", batch_first=True)), (2, 3, 5)
    yield "gru", lambda: Of(lambda m, x: m.r(x)[0], r=nn.GRU(5, 4, bidirectional=True, batch_first=True)), (2, 3, 5)
    yield "gru-no-bias", lambda: Of(lambda m, x: m.r(x)[0], r=nn.GRU(5, 4, bias=False)), (3, 2, 5)
    yield "lstm", lambda: Of(lambda m, x: m.r(x)[0], r=nn.LSTM(5, 4, 2, batch_first=True)), (2, 3, 5)
    yield "lstm-states", lambda: Of(lambda m, x: torch.cat(m.r(x)[1], 2).transpose(0, 1), r=nn.LSTM(5, 4, bidirectional=True, batch_first=True)), (2, 3, 5)
    yield "tagger", lambda: Of(lambda m, x: m.o(m.r(m.i(x))[0]), i=nn.Linear(5, 6), r=nn.LSTM(6, 4, bidirectional=True, batch_first=True), o=nn.Linear(8, 3)), (2, 7, 5)
    yield "rounds", lambda: torch.jit.script(Rounds()), (2, 3, 5)
    yield "choice", lambda: torch.jit.script(Choice()), (2, 5)
    yield "vgg", vgg, (2, 3, 16, 16)
    yield "resnet", resnet, (2, 3, 16, 16)
    yield "vision-transformer", Transformer, (2, 3, 12, 12)
    yield "densenet", lambda: torchvision.models.DenseNet(4, (2, 2), 8, num_classes=10), (2, 3, 32, 32)
    yield "mobilenet", lambda: torchvision.models.mobilenet_v2(width_mult=0.1, num_classes=10), (2, 3, 32, 32)
    yield "mobilenet-v3", lambda: torchvision.models.mobilenet_v3_small(width_mult=0.1, num_classes=10), (2, 3, 32, 32)
    yield "squeezenet", lambda: torchvision.models.squeezenet1_1(num_classes=10), (2, 3, 32, 32)
    yield "swin", lambda: torchvision.models.SwinTransformer([4, 4], 8, [2, 2], [2, 2], [3, 3], num_classes=10), (2, 3, 28, 28)
    yield "convnext", lambda: torchvision.models.ConvNeXt([torchvision.models.convnext.CNBlockConfig(8, 16, 1), torchvision.models.convnext.CNBlockConfig(16, None, 1)], num_classes=10), (2, 3, 16, 16)


def settle(module):
    """Random statistics and scales, so that no normalization is the identity."""
    for part in module.modules():
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
            part.running_mean.normal_(0, 0.3)
            part.running_var.uniform_(0.5, 2)
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)) and part.weight is not None:
            part.weight.data.uniform_(-1, 1.5)
            part.bias.data.normal_(0, 0.3)


def write(folder, name, make, shape):
    torch.manual_seed(7)
    module = make()
    settle(module)
    x = torch.randn(shape)
    for opset in OPSETS:
        path = folder / f"{name}-{opset}.onnx"
        training = name.endswith("-training")
        module.train(training)
        try:
            torch.onnx.export(
                module, x, str(path), opset_version=opset, input_names=["x"], output_names=["y"],
                dynamic_axes={"x": {0: "N"}, "y": {0: "N"}}, do_constant_folding=not training,
                training=torch.onnx.TrainingMode.TRAINING if training else torch.onnx.TrainingMode.EVAL)
        except Exception as error:
            path.unlink(missing_ok=True)
            (folder / f"{name}-{opset}.skip").write_text(str(error).strip().splitlines()[0])

    module.eval().double()
    torch.set_default_dtype(torch.float64)
    x = x.double().requires_grad_()
    y = module(x)
    weights = torch.arange(y.numel()).double().cos().reshape(y.shape)
    gradient, = torch.autograd.grad((weights * y).sum(), x)
    torch.set_default_dtype(torch.float32)
    for ending, tensor in (("x", x), ("y", y), ("g", gradient)):
        tensor.detach().contiguous().numpy().astype("<f8").tofile(folder / f"{name}.{ending}")
    (folder / f"{name}.shape").write_text(" ".join(map(str, shape)))


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    wanted = set(sys.argv[2:])
    for name, make, shape in modules():
        if wanted and name not in wanted:
            continue
        try:
            write(folder, name, make, shape)
        except Exception as error:
            (folder / f"{name}.skip").write_text(f"{type(error).__name__}: {error}".splitlines()[0])


if __name__ == "__main__":
    main()
