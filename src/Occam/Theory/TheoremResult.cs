using System.Collections.Immutable;

namespace Occam.Theory;

/// <summary>What was found of a theorem on one network.</summary>
public sealed record TheoremResult
{
    /// <summary>The theorem's id.</summary>
    public required string Id { get; init; }

    /// <summary>The theorem's title.</summary>
    public required string Title { get; init; }

    /// <summary>Paper and number.</summary>
    public required string Source { get; init; }

    /// <summary>Its inequalities with both sides; none where the whole theorem is not applicable.</summary>
    public ImmutableArray<Inequality> Inequalities { get; init; } = [];

    /// <summary>Its hypotheses as they were measured.</summary>
    public ImmutableArray<Hypothesis> Hypotheses { get; init; } = [];

    /// <summary>Further numbers by name, in the order of their making.</summary>
    public ImmutableArray<KeyValuePair<string, double>> Details { get; init; } = [];

    /// <summary>What a reader must know: conventions, choices made.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Why the whole theorem says nothing here; null where it was checked.</summary>
    public string? NotApplicable { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>
    /// The worst of the proved inequalities' verdicts that is one: fails before holds before vacuous before not applicable.
    /// </summary>
    public InequalityVerdict Verdict =>
        new[] { InequalityVerdict.Fails, InequalityVerdict.Holds, InequalityVerdict.Vacuous }
            .Where(verdict => Inequalities.Any(inequality => inequality.IsProved && inequality.Verdict == verdict))
            .FirstOrDefault(InequalityVerdict.NotApplicable);

    /// <summary>A further number by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public double Detail(string name)
    {
        foreach (var (key, value) in Details)
        {
            if (key == name)
            {
                return value;
            }
        }

        throw new KeyNotFoundException($"{Id} has no detail '{name}'");
    }
}
