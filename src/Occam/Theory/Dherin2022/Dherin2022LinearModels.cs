using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Theory.Dherin2022;

/// <summary>Dherin et al. 2022, §3: the geometric complexity of an affine model x ↦ A x + b is ‖A‖_F², whatever the data.</summary>
public sealed class Dherin2022LinearModels() : Theorem(
    "gc-linear-models",
    "Geometric complexity of linear models",
    "Dherin et al. 2022, §3",
    "for f(x) = Ax + b the geometric complexity is ‖A‖_F²")
{
    private const long MostEntries = 1L << 24;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var network = context.Network;
        if (network.ActiveNodes.FirstOrDefault(
            node => network.LinearityOf(node) is Linearity.PiecewiseAffine or Linearity.Curved or Linearity.Step) is { } bent)
        {
            return Blank with { NotApplicable = $"is about affine models, and {bent} isn't affine" };
        }

        var inputs = context.Measures.Inputs;
        if (inputs * context.Measures.Outputs > MostEntries || inputs * inputs > MostEntries)
        {
            return Blank with { NotApplicable = $"A has {context.Measures.Outputs} × {inputs} entries, more than are compared" };
        }

        var found = new GeometricComplexity().Measurement(context.Measures);
        if (found.Value is not { } complexity)
        {
            return Blank with { NotApplicable = found.NotApplicable };
        }

        // The columns of A are the images of the unit vectors, less b.
        using var grad = Libtorch.NoGrad();
        long[] shape = [inputs, .. context.Measures.ExampleShape];
        var A = network.Forward(Tensor.Eye(inputs, ScalarType.Float64).Reshape(shape)) - network.Forward(
            Tensor.Zeros([1, .. context.Measures.ExampleShape], ScalarType.Float64));
        return Blank with
        {
            Inequalities = [Inequality.Equal("GC = ‖A‖_F²", complexity, A.Square().Sum().Item()).AsArithmetic()],
            Hypotheses = [new("the model is affine", true, "no node of the graph bends")],
        };
    }
}
