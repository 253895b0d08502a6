"""Solves LipSDP (Fazlyab et al. 2019, Theorem 2) of random chains by CVXOPT, written as the paper writes it: (A; B)' Q (A; B) + M <= 0.

Writes lipsdp.json into the folder that is given: weights, slopes, and the bounds with a number a layer and a number a unit.
"""

import json
import pathlib
import sys

import cvxopt
import numpy

CASES = [
    ([3, 6, 2], 0.0, 1.0),
    ([5, 4, 3, 2], 0.0, 1.0),
    ([2, 7, 5, 6, 1], 0.0, 1.0),
    ([4, 6, 5, 3], 0.01, 1.0),
    ([4, 6, 5, 3], -0.25, 1.125),
    ([3, 5, 4, 2], -1.0, 1.0),
    ([3, 5, 4, 2], 0.0, 0.25),
]


def bound(weights, alpha, beta, by_layer):
    # Matrices of norm 1: CVXOPT wants numbers of like size.
    norms = [numpy.linalg.norm(weight, 2) for weight in weights]
    weights = [weight / norm for weight, norm in zip(weights, norms)]
    sizes = [weight.shape[1] for weight in weights]
    hidden = sum(sizes[1:])
    total = sizes[0] + hidden
    before = numpy.zeros((hidden, total))  # A: what goes into the activations
    row, column = 0, 0
    for weight in weights[:-1]:
        before[row:row + weight.shape[0], column:column + weight.shape[1]] = weight
        row, column = row + weight.shape[0], column + weight.shape[1]
    behind = numpy.eye(total)[sizes[0]:]  # B: what comes out

    def form(multipliers):
        T = numpy.diag(multipliers)
        Q = numpy.block([[-2 * alpha * beta * T, (alpha + beta) * T], [(alpha + beta) * T, -2 * T]])
        both = numpy.vstack([before, behind])
        return both.T @ Q @ both

    if by_layer:
        ends = numpy.cumsum([0, *sizes[1:]])
        groups = [numpy.repeat([0.0, 1.0, 0.0], [start, end - start, hidden - end]) for start, end in zip(ends, ends[1:])]
    else:
        groups = list(numpy.eye(hidden))

    last = numpy.zeros((total, total))
    last[total - sizes[-1]:, total - sizes[-1]:] = weights[-1].T @ weights[-1]
    corner = numpy.zeros((total, total))
    corner[:sizes[0], :sizes[0]] = numpy.eye(sizes[0])

    # CVXOPT: minimize c'x where h - G x is positive semidefinite: here rho corner - last - form(T).
    matrices = [corner, *[-form(group) for group in groups]]
    G = cvxopt.matrix(numpy.stack([-matrix.flatten(order="F") for matrix in matrices], axis=1))
    h = cvxopt.matrix(-last)
    signs = numpy.zeros((len(groups), len(matrices)))
    signs[:, 1:] = -numpy.eye(len(groups))
    objective = cvxopt.matrix([1.0] + [0.0] * len(groups))
    cvxopt.solvers.options.update(show_progress=False, abstol=1e-9, reltol=1e-8, feastol=1e-9)
    solution = cvxopt.solvers.sdp(objective, cvxopt.matrix(signs), cvxopt.matrix(numpy.zeros(len(groups))), [G], [h])
    assert solution["status"] == "optimal", solution["status"]
    return solution["x"][0] ** 0.5 * numpy.prod(norms)


found = []
for seed, (sizes, alpha, beta) in enumerate(CASES):
    random = numpy.random.RandomState(seed)
    weights = [random.randn(rows, columns) * 10.0 ** random.uniform(-1, 1) for columns, rows in zip(sizes, sizes[1:])]
    found.append({
        "weights": [weight.tolist() for weight in weights], "low": alpha, "high": beta,
        "layer": bound(weights, alpha, beta, True), "neuron": bound(weights, alpha, beta, False),
    })
pathlib.Path(sys.argv[1], "lipsdp.json").write_text(json.dumps(found))
