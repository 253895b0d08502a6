using System.Collections.Immutable;

namespace Occam.Training;

/// <summary>
/// The biases at the last step, in memory that the next step uses again. The normalized step of b_l is
/// ‖b_l(t+1) − b_l(t)‖/(α ε) (Loukas et al. 2021, Theorem 1). For plain gradient descent on one example of one output
/// it is ‖∂f/∂b_l‖ and comes from the step's own gradient, without a division by small numbers.
/// </summary>
internal sealed class BiasStep
{
    public BiasStep(ImmutableArray<string> names, int first)
    {
        Names = names;
        Normalized = new double[names.Length];
        First = new float[first];
        Before = new float[first];
    }

    /// <summary>The biases' names, from the input on.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The normalized step of each.</summary>
    public double[] Normalized { get; }

    /// <summary>b_1 after the step.</summary>
    public float[] First { get; private set; }

    /// <summary>b_1 before the step.</summary>
    public float[] Before { get; private set; }

    /// <summary>‖∇_x f‖ at the step's example, for one example and one output; NaN otherwise.</summary>
    public double Lipschitz { get; set; } = double.NaN;

    /// <summary>Takes the values of b_1 after a step.</summary>
    public void MoveFirst(ReadOnlySpan<float> values)
    {
        (First, Before) = (Before, First);
        values.CopyTo(First);
    }
}
