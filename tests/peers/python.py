"""Uses python/occam.py as a user does, and holds what it gives against PyTorch in float64. Says ok at the end."""

import sys
import warnings

import numpy
import torch

sys.path.insert(0, sys.argv[1])
import occam  # noqa: E402

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(6, 16), torch.nn.BatchNorm1d(16), torch.nn.Tanh(), torch.nn.Dropout(0.5), torch.nn.Linear(16, 3))
model(torch.randn(200, 6))  # running statistics
x, y = torch.randn(90, 6), torch.randint(0, 3, (90,))
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=32)

found = occam.measure(model, loader, measures="geometric-complexity,margin,group-norm(p=1)")
assert model.training and model[3].training, "the module's mode was changed"

exact = torch.nn.Sequential(*model).double().eval()
jacobians = torch.autograd.functional.jacobian(lambda batch: exact(batch).sum(0), x.double()).permute(1, 0, 2)
expected = jacobians.square().sum((1, 2)).mean().item()
value = found["geometric-complexity"]["value"]
assert abs(value - expected) < 1e-5 * expected, (value, expected)
accuracy = (exact(x.double()).argmax(1) == y).double().mean().item()
assert abs(found["margin"]["details"]["accuracy"] - accuracy) < 1e-12
assert found["group-norm(p=1)"]["value"] > 0
module = found["document"]["module"]
assert module["parameters"] == sum(part.numel() for part in model.parameters()), module
assert module["largestDifference"] < 1e-5, module
model.float().train()

# A pair of arrays, the first of them, and options.
part = occam.measure(model, (x.numpy(), y.numpy()), measures="geometric-complexity", limit=10, options=["--precision", "float64"])
expected = jacobians[:10].square().sum((1, 2)).mean().item()
assert abs(part["geometric-complexity"]["value"] - expected) < 1e-6 * expected

try:
    occam.measure(model, (x, y), measures="geometric-complexty")
except occam.OccamError as error:
    assert error.code == 2 and "geometric-complexity" in str(error), error
else:
    raise AssertionError("an unknown measure passed")


# A module that isn't the same function twice: the export has the first.
class Branching(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.affine, self.calls = torch.nn.Linear(6, 3), 0

    def forward(self, inputs):
        self.calls += 1
        return self.affine(inputs) * self.calls


with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    other = occam.measure(Branching(), (x, y), measures="geometric-complexity")
assert any("another function than the module's" in str(warning.message) for warning in told), told
assert other["document"]["module"]["largestDifference"] > 0.01
try:
    import pandas  # noqa: F401
except ImportError:
    pass
else:
    assert set(occam.frame(found)["measure"]) == {"geometric-complexity", "margin", "group-norm(p=1)"}
assert numpy.isfinite(value)
print("ok")
