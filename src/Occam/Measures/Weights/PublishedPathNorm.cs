using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// The path norm of published code, Σ_i f_{w²}(1)[i]: the network itself run on an input of ones with the square of every
/// parameter in its place, biases among them, and maxima left as they are (Jiang et al. 2020, eq. 44; Dziugaite et al.
/// 2020). <c>l2-path-norm</c> is the sum over paths that it stands for. In float64, batch normalization folded.
/// </summary>
public sealed record PublishedPathNorm() : Measure(
    "path-norm", "Path norm of published code", "Jiang et al. 2020, eq. 44; Dziugaite et al. 2020",
    "$Σ_i f_i(1; w²)$, the outputs for an input of ones, every parameter squared, biases and maxima kept", MeasureNeeds.Graph)
{
    internal const string OfOnes = "runs the network on an input of ones, and there the inputs that are held have no value";

    /// <inheritdoc/>
    public override string Meaning => "How much all paths from input to output let through together, as published code computes it.";

    /// <inheritdoc/>
    public override bool HoldsInputs => false;

    /// <inheritdoc/>
    public override string WhyNotHolding => OfOnes;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context) =>
        Of(context) is not { } norm ? Blank with { NotApplicable = "needs the input's size, which the network leaves open: give data" }
        : Blank with
        {
            Value = norm,
            Notes = double.IsFinite(norm) ? [] : ["the value leaves the range of a double: l2-path-norm has a logarithm"],
        };

    /// <summary>The norm, or null where the input's size isn't known.</summary>
    internal static double? Of(MeasureContext context)
    {
        if (context.OneExample is not { } example)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var network = context.FoldedInFloat64;
        var squared =
            network.WithInitializers(network.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value.Square())));
        return squared.Forward(Tensor.Ones(example, ScalarType.Float64, network.Device)).Narrow(0, 0, 1).Sum().Item();
    }
}
