"""Writes ONNX's node conformance cases, whose generator the package onnx brings, for the tests to run.

usage: conformance.py FOLDER

Each case becomes FOLDER/NAME/model.onnx, inputs.npz and outputs.npz, whose arrays have the names of the model's inputs and
outputs; what NumPy has no type for, bfloat16, is written as float32. FOLDER/cases.txt has the version of onnx in its first line,
then a line a case: the name, the operator, and why the case is left aside, or nothing. What a former run left there for the
same version is kept.
"""

import os
import shutil
import sys
import zipfile

import numpy as np

# Names that NumPy dropped and the generator still uses.
for name, type_ in {"bool": bool, "object": object, "int": int, "float": float}.items():
    if name not in np.__dict__:
        setattr(np, name, type_)

import onnx
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case import node as nodes
from onnx.backend.test.case.utils import import_recursive

RANDOM = {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}


def graphs(graph):
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g] * attribute.HasField("g") + list(attribute.graphs):
                yield from graphs(inner)


def aside(model):
    """Why a case is not counted; empty for one that is."""
    operators = {node.op_type for graph in graphs(model.graph) for node in graph.node}
    domains = {node.domain for graph in graphs(model.graph) for node in graph.node}
    values = [value.type for graph in graphs(model.graph) for value in (*graph.input, *graph.output)]
    strings = any(value.tensor_type.elem_type == TensorProto.STRING for value in values)
    if any("training" in domain for domain in domains) or "training" in model.graph.name:
        return "training"
    if operators & RANDOM:
        return "random"
    if any(value.HasField("optional_type") for value in values) or any("Optional" in name for name in operators):
        return "optional"
    if any(value.HasField("sequence_type") for value in values) or any("Sequence" in name for name in operators):
        return "sequence"
    if strings or any(attribute.name.startswith("value_string") for graph in graphs(model.graph) for node in graph.node
                      for attribute in node.attribute):
        return "string"
    return ""


def array(value, declared):
    if isinstance(value, TensorProto):
        return numpy_helper.to_array(value)
    # The generator leaves bfloat16 in 16 bits, as NumPy has no such type.
    if declared.tensor_type.elem_type == TensorProto.BFLOAT16:
        bits = np.asarray(value)
        return (bits.astype(np.uint32) << 16).view(np.float32) if bits.dtype == np.uint16 else bits.astype(np.float32)
    return np.asarray(value)


def write(folder, case):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(case.model.SerializeToString())
    (inputs, outputs), = case.data_sets
    for name, values, declared in (("inputs", inputs, case.model.graph.input), ("outputs", outputs, case.model.graph.output)):
        # Not numpy.savez, which takes an array by the name of "like" for an option of its own.
        with zipfile.ZipFile(os.path.join(folder, name + ".npz"), "w") as archive:
            for value, info in zip(values, declared):
                with archive.open(info.name + ".npy", "w") as file:
                    np.lib.format.write_array(file, array(value, info.type), allow_pickle=False)


def is_there(folder):
    try:
        with open(os.path.join(folder, "cases.txt")) as file:
            return file.readline().strip() == onnx.__version__
    except FileNotFoundError:
        return False


def main(folder):
    if is_there(folder):
        return
    np.random.seed(0)
    import_recursive(nodes)
    unfinished = f"{folder}.{os.getpid()}.tmp"
    os.makedirs(unfinished)
    lines = [onnx.__version__]
    operator = ""
    for case in {case.name: case for case in nodes._NodeTestCases}.values():
        # A case that is spelled out by its operator's function follows the case of the operator.
        if not case.name.endswith("_expanded"):
            operator = case.model.graph.node[0].op_type
        why = aside(case.model)
        if not why:
            write(os.path.join(unfinished, case.name), case)
        lines.append(f"{case.name}\t{operator}\t{why}")
    with open(os.path.join(unfinished, "cases.txt"), "w") as file:
        file.write("\n".join(lines) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(unfinished, folder)


main(sys.argv[1])
