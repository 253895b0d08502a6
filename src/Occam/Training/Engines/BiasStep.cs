using System.Collections.Immutable;
using System.Numerics;

namespace Occam.Training.Engines;

/// <summary>
/// The biases at the last step, in memory that the next step uses again. The normalized step of b_l is
/// ‖b_l(t+1) − b_l(t)‖/(α ε) (Loukas et al. 2021, Theorem 1). For plain gradient descent on one example of one output
/// it is ‖∂f/∂b_l‖ and comes from the step's own gradient, without a division by small numbers.
/// </summary>
internal sealed class BiasStep
{
    private readonly float[] _before;

    public BiasStep(ImmutableArray<string> names, int first)
    {
        Names = names;
        Normalized = new double[names.Length];
        First = new float[first];
        _before = new float[first];
    }

    /// <summary>The biases' names, from the input on.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The normalized step of each.</summary>
    public double[] Normalized { get; }

    /// <summary>b_1 after the step.</summary>
    public float[] First { get; }

    /// <summary>b_1 before the step.</summary>
    public ReadOnlySpan<float> Before => _before;

    /// <summary>‖b_1(t+1) − b_1(t)‖, from the stored numbers.</summary>
    public double FirstStep { get; private set; }

    /// <summary>‖b_1‖ after the step.</summary>
    public double SizeFirst { get; private set; }

    /// <summary>‖∇_x f‖ at the step's example, for one example and one output; NaN otherwise.</summary>
    public double Lipschitz { get; set; } = double.NaN;

    /// <summary>Takes the values of b_1 after a step.</summary>
    public void MoveFirst(ReadOnlySpan<float> values)
    {
        var first = First.AsSpan();
        var before = _before.AsSpan();
        var (steps, sizes) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + Vector<float>.Count <= first.Length; i += Vector<float>.Count)
        {
            var (old, now) = (new Vector<float>(first[i..]), new Vector<float>(values[i..]));
            steps += (now - old) * (now - old);
            sizes += now * now;
            old.CopyTo(before[i..]);
            now.CopyTo(first[i..]);
        }

        var (step, size) = (Vector.Sum(steps), Vector.Sum(sizes));
        for (; i < first.Length; i++)
        {
            var (old, now) = (first[i], values[i]);
            step += (now - old) * (now - old);
            size += now * now;
            (before[i], first[i]) = (old, now);
        }

        (FirstStep, SizeFirst) = (Math.Sqrt(step), Math.Sqrt(size));
    }
}
