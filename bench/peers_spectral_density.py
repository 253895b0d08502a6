"""
The density of a Hessian's eigenvalues as an expert writes it in PyTorch: stochastic Lanczos quadrature from random vectors of signs, with
full reorthogonalization, the gradient's graph kept over products. Requests as in peers_weights.py.
"""
import numpy
import torch

import peers_weights


def density(network, x, y, draws=5, steps=60, z=0.1, smoothing=0.01, places=240):
    """The trace and Σ λ² with their standard errors; the effective number Σ max(λ, 0)/(max(λ, 0) + z) and the curve are only computed."""
    hessian = peers_weights.Hessian(peers_weights.folded(network), x, y)
    shapes, sizes = [p.shape for p in hessian.parameters], [p.numel() for p in hessian.parameters]
    size, spectra = sum(sizes), []
    for _ in range(draws):
        v = torch.randint(2, (size,)).float().mul_(2).sub_(1).div_(size ** 0.5)
        basis, diagonal, beside = torch.empty(steps, size), [], []
        for step in range(steps):
            basis[step] = v
            w = torch.cat([g.reshape(-1) for g in hessian.times([part.view(s) for part, s in zip(v.split(sizes), shapes)])])
            diagonal.append(torch.dot(w, v).item())
            held = basis[:step + 1]
            for _ in range(2):
                w -= held.T @ (held @ w)
            norm = w.norm().item()
            beside.append(norm)
            v = w / norm
        values, vectors = numpy.linalg.eigh(numpy.diag(diagonal) + numpy.diag(beside[:-1], 1) + numpy.diag(beside[:-1], -1))
        spectra.append((values, vectors[0] ** 2))
    low, high = min(v.min() for v, _ in spectra), max(v.max() for v, _ in spectra)
    width = smoothing * (high - low)
    at = numpy.linspace(low - 4 * width, high + 4 * width, places)
    numpy.mean([(numpy.exp(-((at[:, None] - v) / width) ** 2 / 2) / (width * (2 * numpy.pi) ** 0.5)) @ w for v, w in spectra], 0)
    found = [
        [size * (w * f(v)).sum() for v, w in spectra]
        for f in (lambda v: numpy.maximum(v, 0) / (numpy.maximum(v, 0) + z), lambda v: v, lambda v: v ** 2)]
    means = [peers_weights.mean(samples) for samples in found][1:]
    return [value[0] for value, _ in means], [error[0] for _, error in means]


peers_weights.ROWS["spectral-density"] = density

if __name__ == "__main__":
    peers_weights.main()
