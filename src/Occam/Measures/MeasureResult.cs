using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Measures;

/// <summary>What a measure found, with how far it can be trusted.</summary>
public sealed record MeasureResult
{
    /// <summary>The measure's id.</summary>
    public required string Id { get; init; }

    /// <summary>The measure's title.</summary>
    public required string Title { get; init; }

    /// <summary>Paper and equation.</summary>
    public required string Source { get; init; }

    /// <summary>The quantity itself; null when it isn't defined here, and then <see cref="NotApplicable"/> says why.</summary>
    public double? Value { get; init; }

    /// <summary>The standard error where the value comes from random sampling; 0 where it is exact.</summary>
    public double StandardError { get; init; }

    /// <summary>Whether the value is exact up to rounding, not estimated by sampling.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>Further numbers by name, in the order of their making.</summary>
    public ImmutableArray<KeyValuePair<string, double>> Details { get; init; } = [];

    /// <summary>The quantity by layer, where that makes sense.</summary>
    public ImmutableArray<LayerValue> Layers { get; init; } = [];

    /// <summary>What was left out, and why.</summary>
    public ImmutableArray<SkippedNode> Skipped { get; init; } = [];

    /// <summary>What a reader must know: conventions, rewrites, choices made.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The quantity by example, where it is a mean over examples.</summary>
    public ImmutableArray<double> PerExample { get; init; } = [];

    /// <summary>Why there is no value.</summary>
    public string? NotApplicable { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }

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
