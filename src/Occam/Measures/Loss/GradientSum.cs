using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// A sum of gradients by parameter, in float64. A single one is kept in its own precision, in which it is exact: of a large network that
/// sees all its data at once, there is nothing in memory but the gradient.
/// </summary>
/// <param name="parameters">How many parameters there are.</param>
internal sealed class GradientSum(int parameters) : IDisposable
{
    private readonly Tensor?[] _sums = new Tensor?[parameters];
    private readonly bool[] _ownsMemory = new bool[parameters];

    /// <summary>Adds a gradient, null where nothing depends on the parameter.</summary>
    public void Add(Tensor?[] gradients)
    {
        using var grad = Libtorch.NoGrad();
        for (var p = 0; p < _sums.Length; p++)
        {
            if (gradients[p] is not { } gradient)
            {
                continue;
            }

            if (_sums[p] is not { } sum)
            {
                _sums[p] = gradient.Alias().DetachFromDisposeScope();
            }
            else if (_ownsMemory[p])
            {
                sum.AddInPlace(gradient.To(ScalarType.Float64));
            }
            else
            {
                (_sums[p], _ownsMemory[p]) =
                    ((sum.To(ScalarType.Float64) + gradient.To(ScalarType.Float64)).DetachFromDisposeScope(), true);
                sum.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sum in _sums)
        {
            sum?.Dispose();
        }
    }

    /// <summary>‖sum / count‖² by parameter.</summary>
    public double[] SquaresOver(int count)
    {
        using var grad = Libtorch.NoGrad();
        return Array.ConvertAll(_sums, sum => sum is null ? 0 : WideSum.Of(sum.Reshape(-1), part => (part / count).Square()));
    }
}
