using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// A sum of gradients by parameter, in float64. A single one is kept in its own precision, in which it is exact; and so are the sums of
/// a tensor that is alone for its size, which would count for memory: their rounding is that of the gradients themselves.
/// </summary>
/// <param name="parameters">How many parameters there are.</param>
internal sealed class GradientSum(int parameters) : IDisposable
{
    // Numbers of a tensor from which its gradients are summed in their own precision.
    private const long Large = 1L << 23;

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

                // Two parameters may have got one tensor for their gradients.
                _ownsMemory[p] = _sums.Length == 1 && gradient.Elements > Large && gradient.ScalarType != ScalarType.BFloat16;
            }
            else if (_ownsMemory[p])
            {
                sum.AddInPlace(gradient);
            }
            else
            {
                var wide = sum.ScalarType == ScalarType.Float64 ? sum.Clone() : sum.To(ScalarType.Float64);
                (_sums[p], _ownsMemory[p]) = (wide.AddInPlace(gradient).DetachFromDisposeScope(), true);
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
        return Array.ConvertAll(_sums, sum => sum is null ? 0 : WideSum.Of(sum, part => (part / count).Square()));
    }
}
