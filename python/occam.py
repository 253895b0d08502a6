"""Occam from Python: how complex the function is that a module computes.

    import occam
    found = occam.measure(model, loader)                       # default measures, on the loader's examples
    found["geometric-complexity"]["value"]
    occam.measure(model, (x, y), measures="margin,group-norm(p=1)", limit=500)
    occam.frame(found)                                          # a pandas DataFrame, where pandas is there

The module is exported to ONNX in evaluation mode, the examples go into a .npz, and the program `occam` measures; nothing else is
needed but numpy and the torch that the module is made of. The program is looked for in the variable OCCAM, on the PATH, and beside
this file's folder (a clone of the repository).
"""

import json
import os
import shutil
import subprocess
import tempfile
import warnings

import numpy
import torch

__all__ = ["OccamError", "frame", "measure"]

# Of the largest output: half precision's rounding through a deep network stays below it, another function doesn't.
MOST_DIFFERENCE = 0.01


class OccamError(Exception):
    """What the program said was wrong, with its exit code."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def measure(model, data, measures=None, limit=None, options=(), opset=None):
    """Measures a module on data.

    model:    a torch.nn.Module of one input that computes logits; it is left in the mode it is in.
    data:     a DataLoader or other iterable of batches (x, y) or x; or one pair (x, y) of tensors or arrays.
    measures: ids as the command line takes them, "margin,group-norm(p=1)"; the default ones when left out, "all" for all.
    limit:    how many examples at most: the first ones of the data.
    options:  further words for `occam measure`, such as ["--estimate", "8"].
    opset:    the operator set to export; the exporter's own when left out.

    Returns a dict by measure: value, standardError, exact, details, ... as docs/json.md has them; under "document" all of the JSON, and in
    it under "module" the module's own number of parameters (an export may fold or merge some) and how far the export's outputs are from
    the module's. A warning says where the exporter wrote another function than the module's.
    Raises OccamError where the program refuses.
    """
    x, y = _examples(data, limit)
    with tempfile.TemporaryDirectory(prefix="occam-") as folder:
        network, arrays = os.path.join(folder, "network.onnx"), os.path.join(folder, "data.npz")
        expected = _export(model, x[:2], network, opset)
        difference = _difference(network, x[:2], expected, folder)
        numpy.savez(arrays, x=x, **({} if y is None else {"y": y}))
        words = ["measure", network, "--data", arrays, "--json", *options]
        if measures is not None:
            words += ["--all"] if measures == "all" else ["--measures", measures]
        document = json.loads(_run(words))
    document["module"] = {"parameters": sum(part.numel() for part in model.parameters()), "largestDifference": difference}
    found = {_name(result): result for result in document["measures"]}
    found["document"] = document
    return found


def frame(found):
    """The values as a pandas DataFrame: a row for each measure and detail."""
    import pandas

    rows = []
    for name, result in found.items():
        if name == "document":
            continue
        rows.append((name, "", result.get("value"), result.get("standardError"), result.get("exact"), result.get("notApplicable")))
        rows += [(name, detail, value, None, None, None) for detail, value in (result.get("details") or {}).items()]
    return pandas.DataFrame(rows, columns=["measure", "detail", "value", "standardError", "exact", "notApplicable"])


def _name(result):
    parameters = result.get("parameters")
    return result["id"] if not parameters else f"{result['id']}({', '.join(f'{key}={value}' for key, value in parameters.items())})"


def _examples(data, limit):
    if isinstance(data, (tuple, list)) and len(data) == 2 and all(hasattr(part, "shape") for part in data):
        x, y = (_array(part) for part in data)
        return (x, y) if limit is None else (x[:limit], y[:limit])
    xs, ys, count = [], [], 0
    for batch in data:
        pair = batch if isinstance(batch, (tuple, list)) else (batch,)
        xs.append(_array(pair[0]))
        if len(pair) > 1:
            ys.append(_array(pair[1]))
        count += len(xs[-1])
        if limit is not None and count >= limit:
            break
    if not xs:
        raise ValueError("the data have no examples")
    if ys and len(ys) != len(xs):
        raise ValueError("some batches have labels and others have none")
    x, y = numpy.concatenate(xs), numpy.concatenate(ys) if ys else None
    return (x, y) if limit is None else (x[:limit], None if y is None else y[:limit])


def _array(values):
    return values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else numpy.asarray(values)


def _export(model, example, path, opset):
    modes = [(module, module.training) for module in model.modules()]
    parameter = next(model.parameters(), None)
    x = torch.from_numpy(example)
    if parameter is not None:
        x = x.to(parameter.device)
        if x.is_floating_point():
            x = x.to(parameter.dtype)
    arguments = {"input_names": ["x"], "output_names": ["y"], "dynamic_axes": {"x": {0: "n"}, "y": {0: "n"}}}
    if opset is not None:
        arguments["opset_version"] = opset
    if tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2]) >= (2, 5):
        arguments["dynamo"] = False  # the exporter that needs nothing beside torch
    model.eval()
    try:
        torch.onnx.export(model, (x,), path, **arguments)
        with torch.no_grad():
            y = model(x)
    finally:
        for module, training in modes:
            module.training = training
    return y.detach().cpu().double().numpy() if isinstance(y, torch.Tensor) else None


def _difference(network, x, expected, folder):
    """The largest difference of the export's outputs from the module's, as a share of the largest output; warns where it is large."""
    if expected is None:
        return None
    inputs, outputs = os.path.join(folder, "first.npz"), os.path.join(folder, "outputs.npz")
    numpy.savez(inputs, x=x)
    _run(["run", network, "--data", inputs, "--out", outputs])
    with numpy.load(outputs) as arrays:
        found = arrays["y"].astype(float)
    difference = float(numpy.abs(found - expected).max() / max(numpy.abs(expected).max(), 1e-30)) if found.shape == expected.shape else None
    if difference is None or not difference < MOST_DIFFERENCE:
        how = f"shape {found.shape}, not {expected.shape}" if difference is None else f"outputs differ by {difference:.2g} of the largest"
        warnings.warn(f"the exporter wrote another function than the module's: {how}; what is measured is the export", stacklevel=3)
    return difference


def _run(words):
    program = _program()
    try:
        run = subprocess.run([*program, *words], capture_output=True, text=True, check=False)
    except OSError as error:
        raise OccamError(f"{program[0]} can't be started: {error.strerror}", None) from error
    if run.returncode != 0:
        lines = [line for line in run.stderr.splitlines() if line.strip()]
        raise OccamError(lines[-1] if lines else f"occam ended with code {run.returncode}", run.returncode)
    return run.stdout


def _program():
    named = os.environ.get("OCCAM")
    if named:
        return named.split()
    found = shutil.which("occam")
    if found:
        return [found]
    beside = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "occam")
    if os.path.exists(beside):
        return [beside]
    raise OccamError("the program 'occam' is not found: put it on the PATH, or its path into the variable OCCAM", None)
