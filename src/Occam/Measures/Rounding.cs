using System.Collections.Immutable;
using System.Globalization;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>What computing in a short precision costs: seen by doing a few examples again in float32.</summary>
internal static class Rounding
{
    // Enough to tell parts in a thousand from percents, and few enough to cost little beside the measure.
    private const int Checked = 4;

    /// <summary>For a network in bfloat16, the measured error of the squared Jacobian norms; nothing otherwise.</summary>
    public static ImmutableArray<string> Notes(MeasureContext context)
    {
        if (context.Function is not Network { Type: ScalarType.BFloat16 } network)
        {
            return [];
        }

        var (error, count) = context.Shared("bfloat16 error", () => Measure(context, network));
        return [$"computed in bfloat16: single examples are {(100 * error).ToString("0.###", CultureInfo.InvariantCulture)} % from float32, the mean over the first {count}"];
    }

    private static (double Error, int Count) Measure(MeasureContext context, Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        var count = Math.Min(Checked, context.Data!.Count);
        var x = context.Examples(0, count);
        var folded = context.Subject.Folding!.Network.To(ScalarType.Float32, network.Device);
        var wide = new InputJacobian(folded, context.Inputs, context.Outputs);
        var reference = wide.SquaredNorms(x.To(ScalarType.Float32));
        var norms = GeometricComplexity.SquaredNorms(context);
        var own = norms.IsExact ? norms.PerExample.Take(count) : context.Jacobian.SquaredNorms(x);

        // By example, for in a sum errors of both signs would hide each other.
        return (own.Zip(reference, (value, exact) => exact == 0 ? 0 : Math.Abs((value / exact) - 1)).Average(), count);
    }
}
