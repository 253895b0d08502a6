"""
The largest eigenvalues of a loss's Gauss–Newton matrix Jᵀ M J by the weights, as an expert writes it in PyTorch: the Lanczos process with
full reorthogonalization, until the residuals of all that are asked for are a thousandth of them. Requests as in peers_weights.py.
"""
import numpy
import torch
from torch import nn
from torch.autograd import forward_ad

import peers_weights


class GaussNewton:
    """
    Products with batch normalization folded. The passes back are recorded once. J v is the derivative along v of Jᵀu by u, recorded once,
    too; or by forward mode, a pass forward each.
    """

    def __init__(self, network, x, y, forward):
        self.network, self.x, self.forward = network.requires_grad_(True), x, forward
        self.parameters = list(network.parameters())
        self.names = [name for name, _ in network.named_parameters()]
        self.logits = network(x)
        z = self.logits.detach()
        self.p = torch.softmax(z, 1)
        self.examples = len(x)
        if not forward:
            self.u = torch.zeros_like(self.logits, requires_grad=True)
            self.back = torch.autograd.grad(self.logits, self.parameters, self.u, create_graph=True)

    def along(self, parts):
        if not self.forward:
            return torch.autograd.grad(self.back, self.u, parts, retain_graph=True)[0]
        with torch.no_grad(), forward_ad.dual_level():
            duals = {name: forward_ad.make_dual(p.detach(), part) for name, p, part in zip(self.names, self.parameters, parts)}
            return forward_ad.unpack_dual(nn.utils.stateless.functional_call(self.network, duals, self.x)).tangent

    def times(self, parts):
        moved = self.along(parts)
        # The Hessian of the cross-entropy by the logits: diag(p) − p pᵀ.
        bent = self.p * (moved - (self.p * moved).sum(1, keepdim=True)) / self.examples
        return torch.autograd.grad(self.logits, self.parameters, bent, retain_graph=True)


def eigenvalues(network, x, y, k=10, most=400, tolerance=1e-3, forward=False):
    matrix = GaussNewton(peers_weights.folded(network), x, y, forward)
    shapes, sizes = [p.shape for p in matrix.parameters], [p.numel() for p in matrix.parameters]
    v = torch.randn(sum(sizes))
    v /= v.norm()
    basis, diagonal, beside = torch.empty(most, sum(sizes)), [], []
    for step in range(most):
        basis[step] = v
        image = matrix.times([part.view(shape) for part, shape in zip(v.split(sizes), shapes)])
        w = torch.cat([part.reshape(-1) for part in image])
        diagonal.append(torch.dot(w, v).item())
        held = basis[:step + 1]
        for _ in range(2):
            w -= held.T @ (held @ w)
        norm = w.norm().item()
        beside.append(norm)
        v = w / norm
        if step + 1 > k:
            values, vectors = numpy.linalg.eigh(
                numpy.diag(diagonal) + numpy.diag(beside[:-1], 1) + numpy.diag(beside[:-1], -1))
            if (norm * abs(vectors[-1, -k:]) <= tolerance * abs(values[-k:])).all():
                break
    return values[:-k - 1:-1]


peers_weights.ROWS["gauss-newton"] = eigenvalues

if __name__ == "__main__":
    peers_weights.main()
