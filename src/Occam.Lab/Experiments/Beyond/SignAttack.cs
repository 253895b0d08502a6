using Occam.Data;
using Occam.Measures;
using Occam.Torch;
using Occam.Training.Losses;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// Examples changed to mislead a classifier, by projected gradient ascent on the cross-entropy with steps of the gradient's sign (Madry et
/// al. 2018), each input by ε at most. It starts at the example. What it finds is a lower bound on the error within that reach.
/// </summary>
internal static class SignAttack
{
    private const int Steps = 10;

    /// <summary>The share of examples classified wrongly after the attack, or before.</summary>
    /// <param name="subject">The classifier.</param>
    /// <param name="data">Examples with labels.</param>
    /// <param name="reach">ε, in the unit of the network's input.</param>
    public static double Error(Subject subject, DataSet data, double reach)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new MeasureContext(subject, data);
        double[] labels = [.. data.RequireLabels().Select(label => (double)label)];
        var wanted = Tensor.FromArray(labels, labels.Length, 1);
        var start = context.Examples(0, data.Count).Detach();
        var wrong = Wrong(subject, start, wanted);
        var x = start;
        using var grad = Libtorch.EnableGrad();
        for (var step = 0; reach > 0 && step < Steps; step++)
        {
            using var inner = Libtorch.NewDisposeScope();
            var at = x.Detach().RequireGrad();
            var slope = Autograd.Grad(new CrossEntropy().Mean(subject.Function.Forward(at).To(ScalarType.Float64), wanted), at);
            using var noGrad = Libtorch.NoGrad();
            var moved = (at.Detach() - start + (slope.Sign() * (2.5 * reach / Steps))).Clamp(-reach, reach);
            x = (start + moved).MoveToOuterDisposeScope();
            wrong = wrong.Maximum(Wrong(subject, x, wanted)).MoveToOuterDisposeScope();
        }

        return wrong.Mean().Item();
    }

    private static Tensor Wrong(Subject subject, Tensor x, Tensor wanted)
    {
        using var grad = Libtorch.NoGrad();
        return subject.Function.Forward(x).ArgMax(1).EqualTo(wanted.Reshape(-1).To(ScalarType.Int64)).Not().To(ScalarType.Float64);
    }
}
