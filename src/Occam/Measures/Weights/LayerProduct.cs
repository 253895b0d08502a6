using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// Π_i ‖W_i‖² over the layers for some norm, and in the details its capacity γ⁻² Π_i c_i ‖W_i‖² (Neyshabur et al. 2017,
/// §2.2): <c>overMargin</c> without and <c>capacity</c> with the terms c_i that depend on h_i only.
/// </summary>
public abstract record LayerProduct : WeightMeasure
{
    /// <summary>Says what a product is.</summary>
    private protected LayerProduct(string id, string title, string source, string definition)
        : base(id, title, source, definition)
    {
    }

    private protected sealed override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        if (Norms(context, layers) is not { } norms)
        {
            return Blank with
            {
                NotApplicable = context.Subject.Weights is null
                    ? "needs the input's size, which the network leaves open: give data"
                    : "needs the input's size, which weights alone don't tell",
            };
        }

        // A norm that is up to s times too large makes its square up to s² times too large.
        double[] slacks = Slacks(context) is { } each ? [.. each.Select(slack => slack * slack)] : [.. norms.Select(_ => 1.0)];
        static Uncertain Square(double value, double slack) => slack > 1 ? Uncertain.Iterated(value, value * (1 - (1 / slack))) : value;
        var squares = norms.Select(norm => norm.Norm * norm.Norm).ToArray();
        var ln = norms.Sum(norm => 2 * Math.Log(norm.Norm));
        var product = squares.Aggregate(1.0, (product, square) => product * square);
        var result = Blank with
        {
            // On the way a product may leave the range of a double that it ends in.
            Quantity = Square(double.IsNormal(product) ? product : Math.Exp(ln), slacks.Aggregate(1.0, (all, one) => all * one)),
            Details = [new("layers", layers.Length)],
            Layers = [.. layers.Select((layer, i) => new LayerValue(layer.Name, Square(squares[i], slacks[i])))],
            Notes = ["by layer: ‖W‖²", .. Notes(context)],
        };
        return result.WithCapacity(context, ln, norms.Sum(norm => norm.LnTerm));
    }

    /// <summary>Each layer's norm and ln c_i; null where the input's size isn't known and matters.</summary>
    private protected abstract (double Norm, double LnTerm)[]? Norms(MeasureContext context, ImmutableArray<WeightLayer> layers);

    /// <summary>How many times too large each layer's norm may be; null where they are exact.</summary>
    private protected virtual IEnumerable<double>? Slacks(MeasureContext context) => null;

    /// <summary>What a reader must know of this norm.</summary>
    private protected virtual IEnumerable<string> Notes(MeasureContext context) => [];
}
