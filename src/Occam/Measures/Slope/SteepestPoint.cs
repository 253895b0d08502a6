using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>Where σ_max(J) was found to be largest: over the data, then uphill from the steepest examples.</summary>
/// <param name="OnData">The largest over the data.</param>
/// <param name="AfterAscent">The largest met on the way uphill; null where none was gone.</param>
/// <param name="Example">The example where it is, or from which the way led there.</param>
/// <param name="Starts">From how many examples a way was tried.</param>
/// <param name="Rounds">How many steps each way has.</param>
/// <param name="Coordinates">The point; null where the ascent was left out.</param>
/// <param name="Distance">How far it is from the example, in ℓ2.</param>
internal sealed record SteepestPoint(
    double OnData, double? AfterAscent, int Example, int Starts, int Rounds, double[]? Coordinates, double Distance)
{
    private const int MostStarts = 8;
    private const int MostRounds = 12;

    // Of the point's length: what keeps off kinks, where an operator's derivative need not be one of the function's.
    private const double Aside = 1e-9;

    // What is taken off for rounding, of Jacobians in float64 and in less.
    private const double Rounding = 1e-10;
    private const double CoarseRounding = 1e-5;

    /// <summary>The larger of both.</summary>
    public double Largest => Math.Max(OnData, AfterAscent ?? OnData);

    /// <summary>How it was searched for, in words.</summary>
    public string HowFound(int seed) => AfterAscent is null
        ? "on the data alone: Jacobians of so many rows are not computed, which the ascent would need"
        : $"ascent: {Rounds} rounds from the {Starts} steepest examples (seed {seed})";

    /// <summary>The search, made once a run.</summary>
    public static SteepestPoint Of(MeasureContext context) => context.Shared(default(Key), () => Search(context));

    /// <summary>
    /// σ_max of the Jacobian in float64 beside the point, a random billionth of its length away from it, less 10⁻¹⁰ of it for rounding;
    /// <see cref="Largest"/>, less 10⁻⁵ of it, where the point isn't known, or the network too large for a second copy.
    /// </summary>
    public double BesideIt(MeasureContext context)
    {
        if (Coordinates is null || context.HoldsInputs || context.Subject.Folded is not { IsLarge: false })
        {
            return Largest * (1 - CoarseRounding);
        }

        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(context.Options.RandomSeed);
        var function = context.Subject.At(context.FoldedInFloat64);
        var x = Tensor.FromArray([.. Coordinates], [1, .. context.ExampleShape]);
        var aside = InputJacobian.RandomUnit(x.Shape, x, generator) * (Aside * Math.Max(1, x.Norm().Item()));
        var jacobian = new InputJacobian(function, context.Inputs, context.Outputs);
        var beside = LocalLipschitz.LargestSingularValues(jacobian.Reduced((x + aside).To(function.Device)));
        return LocalLipschitz.Finite(beside)[0] * (1 - Rounding);
    }

    private static SteepestPoint Search(MeasureContext context)
    {
        var onData = LocalLipschitz.OfLogits(context);
        int[] order = [.. Enumerable.Range(0, onData.Length).OrderByDescending(i => onData[i])];
        if (LocalLipschitz.IsIterated(context))
        {
            return new SteepestPoint(onData.Max(), null, order[0], 0, 0, null, 0);
        }

        int[] starts = [.. order.Take(MostStarts)];
        var climb = new LipschitzAscent(context, starts, [.. starts.Select(i => onData[i])]);
        for (var round = 0; round < MostRounds; round++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            climb.Step();
            context.Options.Progress?.Invoke((round + 1.0) / MostRounds);
        }

        var (best, point, distance) = climb.BestPoint();
        return new SteepestPoint(onData.Max(), climb.Best, starts[best], starts.Length, MostRounds, point, distance);
    }

    private readonly record struct Key;
}
