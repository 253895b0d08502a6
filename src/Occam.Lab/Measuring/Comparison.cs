using System.Collections.Immutable;

namespace Occam.Lab.Measuring;

/// <summary>Two networks side by side.</summary>
/// <param name="A">The first, with which is compared.</param>
/// <param name="B">The second, which is judged.</param>
public sealed record Comparison(MeasuredNetwork A, MeasuredNetwork B)
{
    /// <summary>Measure by measure.</summary>
    public ImmutableArray<MeasureComparison> Measures { get; } = [.. A.Results.Zip(B.Results, (a, b) => new MeasureComparison(a, b))];

    /// <summary>The comparison of a measure by its name; null where it was not asked for.</summary>
    public MeasureComparison? Find(string name) => Measures.FirstOrDefault(measure => measure.A.Name == name);
}
