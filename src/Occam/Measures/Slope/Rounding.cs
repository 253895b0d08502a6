using System.Collections.Immutable;
using System.Globalization;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>What computing in a short precision costs: seen by doing a few examples again in float32.</summary>
internal static class Rounding
{
    // Enough to tell parts in a thousand from percents, and few enough to cost little beside the measure.
    private const int Checked = 2;

    /// <summary>For a network in bfloat16, the measured error of the squared Jacobian norms; nothing otherwise.</summary>
    public static ImmutableArray<string> Notes(MeasureContext context)
    {
        if (context.Function is not Network { Type: ScalarType.BFloat16 } network || context.HoldsInputs)
        {
            return [];
        }

        var (error, count) = context.Shared(default(BFloat16Error), () => Measure(context, network));
        return ["computed in bfloat16: single examples, each seen in a random direction, are "
            + $"{(100 * error).ToString("0.###", CultureInfo.InvariantCulture)} % from float32, the mean over the first {count}"];
    }

    private static (double Error, int Count) Measure(MeasureContext context, Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        var count = Math.Min(Checked, context.Data!.Count);
        var x = context.Examples(0, count);
        var folded = context.Subject.Folding!.Network.To(ScalarType.Float32, network.Device);
        var exact = SquaredNorms(context, new InputJacobian(folded, context.Inputs, context.Outputs), x.To(ScalarType.Float32));

        // By example, for in a sum errors of both signs would hide each other.
        var error = SquaredNorms(context, context.Jacobian, x)
            .Zip(exact, (value, reference) => reference == 0 ? 0 : Math.Abs((value / reference) - 1))
            .Average();
        return (error, count);
    }

    // What each squared norm is in the same direction in either precision: all directions would cost as much as the measure.
    private static double[] SquaredNorms(MeasureContext context, InputJacobian jacobian, Tensor x)
    {
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        return jacobian.SquaredNormEstimate(x, generator);
    }

    private readonly record struct BFloat16Error;
}
