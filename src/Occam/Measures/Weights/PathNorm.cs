using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ over paths from an input to an output of Π |W|^p along the path (Neyshabur et al. 2017, §2.2). Exact: one pass in
/// float64 with |W|^p in place of W, an input of ones, biases absent, the sum of a window in place of its maximum; the
/// coefficients 1/n of a mean are weights too. An activation counts with its steepest slope, 1 for ReLU. The same for
/// networks that differ by a rescaling of units only. Batch normalization folded.
/// </summary>
public abstract record PathNorm : Measure
{
    /// <summary>Says what a path norm is.</summary>
    private protected PathNorm(string id, string title, string source, string definition)
        : base(id, title, source, definition, MeasureNeeds.Graph)
    {
    }

    /// <summary>Why there is no sum where the input's size isn't known.</summary>
    internal const string NoSize = "needs the input's size, which the network leaves open: give data";

    private protected abstract double Power { get; }

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected sealed override MeasureResult Compute(MeasureContext context)
    {
        if (context.OneExample is not { } example)
        {
            return Blank with { NotApplicable = NoSize };
        }

        if (HeldOnPaths.First(context.Subject.Folded!) is var (held, at))
        {
            return Blank with { NotApplicable = Changes(held, at) };
        }

        var network = HeldOnPaths.Stored(context, context.Subject.Folded!);
        var sum = PathSum.Of(network, example, Power, null, context.Options.Cancellation);
        if (sum.Untreated is { } node)
        {
            return Blank with
            {
                NotApplicable = $"sums over paths, which mean nothing at {node}",
                Skipped = [new SkippedNode(node.Name, "no sum over paths passes through it")],
            };
        }

        context.Options.Progress?.Invoke(0.5);
        var result = Blank with
        {
            Value = sum.Value,
            Notes = [.. CurvedNotes(network)],
        };
        return result.WithCapacity(context, LnNorm(sum.Ln), MarginNormalization.Margin(context) is > 0
            ? LnNorm(WithTerms(context, network, example)) - LnNorm(sum.Ln)
            : 0);
    }

    /// <summary>Why there is no sum where an input that is held changes what paths are worth.</summary>
    internal static string Changes(string held, Node at) =>
        $"is a sum over paths, and '{held}', which is held at each example's own value, changes what they are worth at {at}";

    /// <summary>What a reader must know of activations that are no ReLU.</summary>
    internal static IEnumerable<string> CurvedNotes(Network network) =>
        network.ActiveNodes.Count(node => network.LinearityOf(node) is Linearity.Curved or Linearity.Step) is > 0 and var curved
            ? [$"{curved} curved activations count with their steepest slopes"] : [];

    // ln of the sum with the capacity's terms.
    private double WithTerms(MeasureContext context, Network network, long[] example)
    {
        var factors = Factors(context, network, example);
        return PathSum.Of(network, example, Power, node => factors.GetValueOrDefault(node, 1), context.Options.Cancellation).Ln;
    }

    /// <summary>ln of what is divided by γ².</summary>
    private protected abstract double LnNorm(double lnSum);

    /// <summary>What a layer of h units multiplies the paths through it by in the capacity.</summary>
    private protected abstract double Term(long units);

    private Dictionary<Node, double> Factors(MeasureContext context, Network network, long[] example)
    {
        using var scope = Libtorch.NewDisposeScope();
        var values = LipschitzBound.RunZeros(network, example);
        return context.WeightLayers.All.ToDictionary(
            layer => layer.Node, layer => Term(values[layer.Node.Output].Elements / example[0]), NodeIdentity.Comparer);
    }
}
