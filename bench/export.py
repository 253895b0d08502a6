"""
Writes what the benchmarks measure: each network as ONNX (for Occam) and as weights (for the PyTorch peers),
and the data as npz.

    export.py FOLDER DATA_ROOT... [--full]

Real images where a DATA_ROOT has them, seeded noise otherwise. --full adds 10,000 images.
"""
import argparse
import gzip
import inspect
import os

import numpy
import torch

import networks

INPUTS = {
    "mlp": (784,), "mlp-100k": (784,), "mlp-10k": (64,), "small-mlp": (64,), "task-1": (10,), "gor-1": (1,), "vgg": (3, 32, 32),
    "resnet18": (3, 32, 32),
}


def write_whole(path, write):
    """Writes beside and renames, so that what an interrupted run leaves is not taken for a file."""
    write(path + ".new")
    os.replace(path + ".new", path)


def save(path, x, **labels):
    def write(target):
        with open(target, "wb") as stream:
            numpy.savez(stream, x=x.astype(numpy.float32), **labels)

    write_whole(path, write)


def export(name, folder, network=None):
    network = network or networks.build(name)
    write_whole(os.path.join(folder, name + ".pt"), lambda path: torch.save(network.state_dict(), path))
    # The newer exporter, where there is one, asks for packages beside PyTorch.
    older = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    # PRESERVE, since exporting for evaluation would fold batch normalization, which is a part of what is timed.
    write_whole(os.path.join(folder, name + ".onnx"), lambda path: torch.onnx.export(
        network, torch.zeros(2, *INPUTS[name]), path, opset_version=13, do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE, input_names=["input"], output_names=["logits"],
        dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}, **older))


def read(roots, *names):
    for root in roots:
        for name in names:
            for path, opener in ((os.path.join(root, name), open), (os.path.join(root, name + ".gz"), gzip.open)):
                if os.path.exists(path):
                    with opener(path, "rb") as stream:
                        return stream.read()
    return None


def digits(roots, count, noise):
    raw = read(roots, "mnist/train-images-idx3-ubyte", "MNIST/raw/train-images-idx3-ubyte")
    if raw is None:
        return noise.standard_normal((count, 784)), "noise"
    pixels = numpy.frombuffer(raw, numpy.uint8, count * 784, offset=16).reshape(count, 784)
    return (pixels / 255 - 0.1307) / 0.3081, "MNIST"


def answers(roots, count, noise):
    raw = read(roots, "mnist/train-labels-idx1-ubyte", "MNIST/raw/train-labels-idx1-ubyte")
    return noise.integers(10, size=count) if raw is None else numpy.frombuffer(raw, numpy.uint8, count, offset=8).astype(numpy.int64)


def trained(name, x, y, steps=2000, decay=1e-3):
    """Near a minimum of the loss, with weights that decay keeps in bounds."""
    network = networks.build(name).requires_grad_(True)
    inputs, labels = torch.from_numpy(x.astype(numpy.float32)), torch.from_numpy(y)
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=decay)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * (1 - step / steps)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(inputs), labels).backward()
        optimizer.step()
    return network.requires_grad_(False)


def photographs(roots, count, noise):
    raw = read(roots, "cifar-10-batches-bin/test_batch.bin", "cifar10/test_batch.bin")
    if raw is None:
        return noise.standard_normal((count, 3, 32, 32)), noise.integers(10, size=count), "noise"
    records = numpy.frombuffer(raw, numpy.uint8, count * 3073).reshape(count, 3073)
    pixels = records[:, 1:].reshape(count, 3, 32, 32) / numpy.float32(255)
    mean, deviation = numpy.float32([0.4914, 0.4822, 0.4465]), numpy.float32([0.2470, 0.2435, 0.2616])
    return (pixels - mean[:, None, None]) / deviation[:, None, None], records[:, 0].astype(numpy.int64), "CIFAR-10"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("roots", nargs="*")
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for name in networks.NETWORKS:
        if name != "mlp-10k":
            export(name, options.folder)

    noise = numpy.random.default_rng(0)
    x, mnist = digits(options.roots, 2000, noise)
    save(os.path.join(options.folder, "digits-2000.npz"), x)
    y = answers(options.roots, 2000, numpy.random.default_rng(1))
    save(os.path.join(options.folder, "digits-labelled.npz"), x[:1000], y=y[:1000])
    small = x.reshape(-1, 28, 28)[:, 2:26, 2:26].reshape(-1, 8, 3, 8, 3).mean((2, 4)).reshape(-1, 64)
    save(os.path.join(options.folder, "digits-small.npz"), small, y=y)
    export("mlp-10k", options.folder, trained("mlp-10k", small, y))
    save(os.path.join(options.folder, "points-1000.npz"), noise.standard_normal((1000, 64)))
    x, y, cifar = photographs(options.roots, 10000 if options.full else 512, noise)
    for count in (32, 64, 128, 512) + ((10000,) if options.full else ()):
        save(os.path.join(options.folder, f"photographs-{count}.npz"), x[:count], y=y[:count])
    half = numpy.concatenate([x[:256], x[:256][::-1]])
    save(os.path.join(options.folder, "photographs-twice.npz"), half, y=numpy.concatenate([y[:256], y[:256][::-1]]))
    x = noise.uniform(-1, 1, (1000, 10))
    save(os.path.join(options.folder, "waves-1000.npz"), x, y=numpy.cos(numpy.pi * x[:, :2]).prod(1))
    x = numpy.linspace(-1, 1, 10)[:, None]
    save(os.path.join(options.folder, "parabola-10.npz"), x, y=x[:, 0] ** 2)
    print(f"digits: {mnist}, photographs: {cifar}")


if __name__ == "__main__":
    main()
