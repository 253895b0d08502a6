using Occam.Measures;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Lab.Measuring;

/// <summary>The class that a network takes an example for.</summary>
internal static class ChosenClass
{
    /// <summary>The class of each of some examples.</summary>
    /// <param name="context">The network and its data, which have one class label an example.</param>
    /// <param name="examples">The examples' numbers in the data.</param>
    public static int[] Of(MeasureContext context, IReadOnlyList<int> examples)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return [.. examples.Select(example =>
        {
            using var inner = Libtorch.NewDisposeScope();
            var logits = context.Function.Forward(context.Examples([example])).To(ScalarType.Float64).ToArray<double>();

            // One output is a logit, or where no sigmoid follows the number of the class itself.
            return logits.Length > 1 ? Array.IndexOf(logits, logits.Max())
                : context.Subject.FinalActivation == FinalActivation.Sigmoid ? logits[0] > 0 ? 1 : 0
                : (int)Math.Clamp(Math.Round(logits[0]), 0, context.Data!.Classes - 1);
        })];
    }
}
