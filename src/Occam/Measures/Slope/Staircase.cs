using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>
/// A function may be constant between jumps although each of its operators has a derivative, as x − (x mod 1) is: all slopes at the data
/// are zero then, and its outputs differ.
/// </summary>
internal static class Staircase
{
    private const int Looked = 16;

    // Of squares: outputs that differ 10⁴ times as much as the slopes at the data explain.
    private const double Far = 1e8;

    /// <summary>That the outputs differ far more than the slopes explain; nothing where they don't.</summary>
    /// <param name="context">The network and the data.</param>
    /// <param name="squaredSlope">The mean of ‖J‖_F² over the data.</param>
    public static ImmutableArray<string> Notes(MeasureContext context, double squaredSlope)
    {
        if (context.HoldsInputs || context.Data!.Count < 2)
        {
            return [];
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var x = context.Examples(0, Math.Min(Looked, context.Data.Count));
        return Spread(context.Function.Forward(x)) > Far * squaredSlope * Spread(x)
            ? ["the outputs of the examples differ 10⁴ times as much as the slopes there explain: the function may be constant between "
                + "jumps, or flat at the data and steep between"]
            : [];

        static double Spread(Tensor values)
        {
            var wide = values.To(ScalarType.Float64);
            return Math.Pow((wide - wide.Narrow(0, 0, 1)).Norm().Item(), 2);
        }
    }
}
