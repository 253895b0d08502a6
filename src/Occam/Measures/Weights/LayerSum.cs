using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>A sum over the layers' weights, each stored tensor once (Jiang et al. 2020, Appendix C).</summary>
public abstract record LayerSum : WeightMeasure
{
    /// <summary>Says what a sum is.</summary>
    private protected LayerSum(string id, string title, string source, string definition, MeasureNeeds needs = MeasureNeeds.None)
        : base(id, title, source, definition, needs)
    {
    }

    private protected sealed override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var terms = Terms(context)
            .DistinctBy(layer => layer.Tensors)
            .Select(layer => new LayerValue(layer.Name, Term(layer)))
            .ToImmutableArray();
        var sum = terms.Sum(term => term.Value);
        return Blank with { Value = sum, Details = [new("root", Math.Sqrt(sum)), new("layers", terms.Length)], Layers = terms };
    }

    /// <summary>The weights that are summed over: the layers' own, or their differences from initialization.</summary>
    private protected abstract ImmutableArray<WeightLayer> Terms(MeasureContext context);

    private protected abstract double Term(WeightLayer layer);
}
