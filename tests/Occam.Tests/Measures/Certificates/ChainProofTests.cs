using Occam.Measures.Certificates;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class ChainProofTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 1)]
    [InlineData(-0.5, 1)]
    public void What_does_not_hold_is_not_proven(double low, double high)
    {
        using var scope = Libtorch.NewDisposeScope();
        var chain = ScaledChain.Of(Chains.Random(2, new Interval(low, high), 3, 6, 5, 2), Stop);
        LipSdpSystem system = new(chain);
        var safe = EclipseFast.Of(chain, Stop)!.Times(2);
        var found = LipSdp.Solve(system, safe, byLayer: false, 1e-7, _ => { }).Found;
        ChainProof proof = new(chain);
        Assert.True(proof.Holds(safe, Stop));

        // The least ρ of the same multipliers, by the eigenvalues of M: above it there is a proof, below none.
        var units = Tensor.FromArray([.. found.Units], system.Units, 1);
        double Least(double squared) => system.Matrix(squared, units).EigenvaluesSymmetric().AMin([0]).Item();
        var (below, above) = (0.0, found.Squared);
        for (var i = 0; i < 60; i++)
        {
            var middle = (below + above) / 2;
            (below, above) = Least(middle) > 0 ? (below, middle) : (middle, above);
        }

        Assert.True(proof.Holds(found with { Squared = above * (1 + 1e-8) }, Stop));
        Assert.False(proof.Holds(found with { Squared = above * (1 - 1e-10) }, Stop));
        Assert.False(proof.Holds(found.Times(0.999), Stop));
        Assert.False(proof.Holds(found with { Units = [.. found.Units.Select((unit, i) => i == 1 ? -unit : unit)] }, Stop));
        Assert.False(proof.Holds(found with { Squared = double.NaN }, Stop));
    }

    [Fact]
    public void A_solver_that_stops_early_or_is_wrong_gives_no_bound_that_is_too_small()
    {
        using var scope = Libtorch.NewDisposeScope();
        var whole = Chains.Random(4, new Interval(0, 1), 3, 5, 4, 2);
        var chain = ScaledChain.Of(whole, Stop);
        var safe = EclipseFast.Of(chain, Stop)!.Times(2);
        ChainProof proof = new(chain);
        var patterns = Chains.LargestOverPatterns(whole);
        var least = LipSdp.Solve(new LipSdpSystem(chain), safe, byLayer: false, 1e-7, _ => { }).Found;
        double Bound(Multipliers found) => chain.Unscaled(proof.Bound(found, safe, Stop));
        foreach (var tolerance in new[] { 0.5, 0.1, 1e-3 })
        {
            var early = LipSdp.Solve(new LipSdpSystem(chain), safe, byLayer: false, tolerance, _ => { });
            Assert.True(early.Gap <= tolerance * early.Found.Squared);
            Assert.True(early.Found.Squared - early.Gap <= least.Squared, $"the gap {early.Gap} is more than is told");
            Assert.InRange(Bound(early.Found), patterns, chain.Unscaled(Math.Sqrt(safe.Squared)));
        }

        // A ρ that nobody has found, and multipliers of another program.
        Assert.InRange(Bound(least with { Squared = least.Squared / 2 }), patterns, double.MaxValue);
        Assert.InRange(Bound(least with { Units = [.. Enumerable.Repeat(1e-3, least.Units.Length)] }), patterns, double.MaxValue);
        Assert.InRange(Bound(least with { Units = [.. Enumerable.Repeat(double.NaN, least.Units.Length)] }), patterns, double.MaxValue);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.125, 1.125)]
    public void Deep_chains_are_solved_to_the_end(double low, double high)
    {
        // The closed form is far above LipSDP there, and so far from the path that the barrier method follows.
        using var scope = Libtorch.NewDisposeScope();
        var chain = ScaledChain.Of(Chains.Random(1, new Interval(low, high), [6, .. Enumerable.Repeat(8L, 12), 3]), Stop);
        LipSdpSystem system = new(chain);
        var safe = EclipseFast.Of(chain, Stop)!.Times(2);
        var (layer, neuron) = (
            LipSdp.Solve(system, safe, byLayer: true, 1e-7, _ => { }), LipSdp.Solve(system, safe, byLayer: false, 1e-7, _ => { }));
        foreach (var sdp in new[] { layer, neuron })
        {
            Assert.InRange(sdp.Gap, 0, 1e-7 * sdp.Found.Squared);
            Assert.InRange(sdp.Steps, 1, 300);
        }

        Assert.InRange(neuron.Found.Squared, 0, layer.Found.Squared);
        Assert.InRange(layer.Found.Squared, 0, safe.Squared / 2);
    }

    [Fact]
    public void The_factor_is_the_matrix_within_what_is_told()
    {
        // A symmetric matrix of blocks beside the diagonal, whose envelope is not the whole.
        using var scope = Libtorch.NewDisposeScope();
        SeededRandom random = new(1);
        const int Order = 40;
        int[] starts = [.. Enumerable.Range(0, Order).Select(i => Math.Max(0, (i / 8 * 8) - 8))];
        double[][] rows = [.. starts.Select((start, i) => Enumerable.Range(start, i - start + 1)
            .Select(j => i == j ? 10 : random.NextGaussian()).ToArray())];
        double[][] factor = [.. rows.Select(row => (double[])row.Clone())];
        Assert.True(EnvelopeCholesky.Factor(factor, starts, Stop));
        double At(int i, int j) => j >= starts[i] && j <= i ? factor[i][j - starts[i]] : 0;
        var off = 0.0;
        for (var i = 0; i < Order; i++)
        {
            for (var j = starts[i]; j <= i; j++)
            {
                var sum = Enumerable.Range(0, j + 1).Aggregate(0m, (total, k) => total + ((decimal)At(i, k) * (decimal)At(j, k)));
                off += Math.Pow((double)(sum - (decimal)rows[i][j - starts[i]]), 2);
            }
        }

        Assert.InRange(Math.Sqrt(2 * off), 0, EnvelopeCholesky.Error(Order, 10 * Order));

        // Negative by less than the error is told of: the pivot comes out as what it is.
        Assert.False(EnvelopeCholesky.Factor([[1], [1, 1 - 1e-14]], [0, 0], Stop));
        Assert.False(EnvelopeCholesky.Factor([[double.NaN]], [0], Stop));
        AssertClose(1e-14 / 3, EnvelopeCholesky.Error(12, 1), 0.01);
    }

    [Fact]
    public void The_square_first_matrix_stretches_no_less()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(9);
        var W = Tensor.Randn([5, 30], generator, ScalarType.Float64);

        // Of rank 4: the last row is the first.
        W = Tensor.Cat([W.Narrow(0, 0, 4), W.Narrow(0, 0, 1)], 0);
        var chain = ScaledChain.Of(Chains.Of(new Interval(0, 1), W, Tensor.Randn([2, 5], generator, ScalarType.Float64)), Stop);
        var R = chain.Weights[0];
        Assert.Equal([5L, 5], R.Shape);
        var scaled = W / Math.Pow(2, Math.Round(Math.Log2(Chains.Norm(W))));
        var excess = R.MatMul(R.T()) - scaled.MatMul(scaled.T());
        Assert.InRange(excess.EigenvaluesSymmetric().AMin([0]).Item(), 0, 1e-12);
        Assert.InRange(excess.EigenvaluesSymmetric().AMax([0]).Item(), 0, 1e-12);
    }
}
