namespace Occam.Theory.Parts;

/// <summary>
/// A system of linear equations M a = y brought to independent rows once, for many right sides: equations that follow
/// from others are only checked.
/// </summary>
internal sealed class RowReduction
{
    private const double Negligible = 1e-9;
    private const double Contradiction = 1e-6;

    private readonly List<double[]> _independent = [];
    private readonly List<(double[] Factors, double Pivot)> _steps = [];

    /// <summary>Reduces a matrix of so many columns, row by row.</summary>
    public RowReduction(IEnumerable<double[]> rows)
    {
        List<int> pivots = [];
        foreach (var row in rows)
        {
            var rest = (double[])row.Clone();
            var factors = new double[_independent.Count];
            for (var i = 0; i < factors.Length; i++)
            {
                factors[i] = rest[pivots[i]];
                if (factors[i] != 0)
                {
                    for (var j = 0; j < rest.Length; j++)
                    {
                        rest[j] -= factors[i] * _independent[i][j];
                    }
                }
            }

            var pivot = Enumerable.Range(0, rest.Length).MaxBy(j => Math.Abs(rest[j]));
            var isNew = Math.Abs(rest[pivot]) > Negligible;
            _steps.Add((factors, isNew ? rest[pivot] : 0));
            if (isNew)
            {
                _independent.Add(Array.ConvertAll(rest, value => value / rest[pivot]));
                pivots.Add(pivot);
            }
        }
    }

    /// <summary>The independent rows.</summary>
    public IReadOnlyList<double[]> Independent => _independent;

    /// <summary>The right side of the independent rows; null where the equations contradict each other.</summary>
    public double[]? RightSide(IReadOnlyList<double> right)
    {
        var reduced = new List<double>(_independent.Count);
        for (var row = 0; row < _steps.Count; row++)
        {
            var (factors, pivot) = _steps[row];
            var rest = right[row];
            for (var i = 0; i < factors.Length; i++)
            {
                rest -= factors[i] * reduced[i];
            }

            if (pivot != 0)
            {
                reduced.Add(rest / pivot);
            }
            else if (Math.Abs(rest) > Contradiction)
            {
                return null;
            }
        }

        return [.. reduced];
    }
}
