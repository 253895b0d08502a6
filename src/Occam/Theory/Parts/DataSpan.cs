using Occam.Data;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;
using Occam.Training.Trajectories;

namespace Occam.Theory.Parts;

/// <summary>
/// The linear span S of examples and the smallest ‖W_1 x‖ over its unit vectors, which Loukas et al. 2021 (§4.1) suggest
/// in place of σ_n(W_1) in the upper bound of Theorem 1 where the data lie on a subspace.
/// <para>
/// The bound with it follows where the layer has as many units as S has dimensions: with B an orthonormal basis of S, W_1 B is
/// square, and min ‖W_1 B y‖ = min ‖(W_1 B)ᵀ v‖ ≤ min ‖W_1ᵀ v‖, so that it is no larger than σ_n. With fewer units it is
/// 0. With more of them it may fail: ∂f/∂b_1 may be any vector of R^{n_1}, and W_1ᵀ may take it to 0, or nearly.
/// </para>
/// </summary>
/// <param name="Dimension">The dimension of S.</param>
/// <param name="Inputs">n, that of the input space.</param>
/// <param name="Units">n_1, those of the first layer.</param>
/// <param name="Smallest">The smallest ‖W_1 x‖ over unit x in S.</param>
internal sealed record DataSpan(int Dimension, int Inputs, int Units, double Smallest)
{
    private const double Negligible = 1e-10;
    private const int MostInputs = 2048;
    private const int ReadAtOnce = 512;

    /// <summary>Whether the data lie on a subspace, so that the suggestion is about something.</summary>
    public bool IsProper => Dimension < Inputs;

    /// <summary>Whether the bound with <see cref="Smallest"/> in place of σ_n follows, or is no more than suggested.</summary>
    public bool Follows => Units == Dimension;

    /// <summary>Why the bound says nothing; null where it says something.</summary>
    public string? Vacuous =>
        Smallest > 0 ? null
        : Units < Dimension
            ? $"W₁ has fewer units ({Units}) than the data's span has dimensions ({Dimension}), and maps some vector of it to 0"
        : "W₁ maps some vector of the data's span to 0";

    /// <summary>What of the suggestion holds here, in a sentence.</summary>
    public string Remark =>
        Units > Dimension
            ? $"the data span {Dimension} of {Inputs} dimensions; the bound with min‖W₁x‖ over them is the paper's suggestion, without a "
                + $"proof: with {Units} units it may fail, for ∂f/∂b₁ may be a vector that W₁ᵀ takes to less than that"
        : $"the data span {Dimension} of {Inputs} dimensions; with {Units} units min‖W₁x‖ over them is at most σ_n, so that the paper's "
            + "suggestion holds and tightens nothing";

    /// <summary>The right side of Theorem 1 over a window with the smallest ‖W_1 x‖ in place of σ_n: Σ λ_t/min ‖W_1 x‖.</summary>
    /// <param name="window">A window of a training by plain SGD in which W_1 stays as it is.</param>
    /// <param name="first">W_1.</param>
    public double Upper(TrajectoryWindow window, FirstWeights first) => window.Lower * first.Largest / Smallest;

    /// <summary>Finds it.</summary>
    /// <param name="network">The network; null is the answer where it begins with no layer W_1 x + b_1 of its own biases.</param>
    /// <param name="data">The examples; null is the answer where one has more than 2,048 numbers, or all are 0.</param>
    public static DataSpan? Of(Network network, DataSet data)
    {
        var inputs = data.ExampleSize;
        using var scope = Libtorch.NewDisposeScope();
        if (inputs > MostInputs || EntryLayer.Of(network) is not { } layer)
        {
            return null;
        }

        using var grad = Libtorch.NoGrad();
        var gram = Tensor.Zeros([inputs, inputs], ScalarType.Float64);
        foreach (var some in Enumerable.Range(0, data.Count).Chunk(ReadAtOnce))
        {
            var values = new double[some.Length * inputs];
            data.CopyInputs(some, values);
            var x = Tensor.FromArray(values, some.Length, inputs);
            gram.AddInPlace(x.T().MatMul(x));
        }

        var eigen = gram.EigenSymmetric();
        var squares = eigen[0].ToArray<double>();
        var dimension = squares.Count(value => value > Negligible * squares[^1]);
        if (dimension == 0)
        {
            return null;
        }

        var basis = eigen[1].Narrow(1, inputs - dimension, dimension);
        var image = layer.Weight is { } W ? W.To(ScalarType.Float64).To(Device.Cpu).MatMul(basis) : basis;
        var smallest = image.Size(0) < dimension ? 0 : image.SingularValues().AMin([0]).Item();
        return new DataSpan(dimension, inputs, (int)image.Size(0), smallest);
    }
}
