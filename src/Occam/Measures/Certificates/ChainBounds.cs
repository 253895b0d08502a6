using System.Diagnostics;
using System.Globalization;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>The upper Lipschitz bounds of a chain, each proven by <see cref="ChainProof"/> but for the product of norms.</summary>
internal sealed class ChainBounds
{
    /// <summary>Of ρ: how far LipSDP may stop above its least value.</summary>
    public const double Tolerance = 1e-7;

    // Above this, cubes of a layer's size take minutes.
    private const long MostWidth = 2048;

    // Both ways of LipSDP together, as measured; and what a step takes, in products of two matrices of M's order.
    private const int LikelySteps = 200;
    private const int ProductsAStep = 4;
    private const int MatricesAtOnce = 12;
    private const int TimedOrder = 256;

    // The order of M up to which a thread solves it.
    private const int MostOnOneThread = 800;

    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(20);

    private readonly List<ChainBound> _found = [];
    private readonly List<string> _notes = [];
    private readonly MeasureOptions _options;
    private readonly int _most;

    private ChainBounds(MeasureOptions options, int most)
    {
        _options = options;
        _most = most;
    }

    /// <summary>The bounds.</summary>
    public IReadOnlyList<ChainBound> Found => _found;

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Finds the bounds.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="options">For forecasts, progress and cancellation.</param>
    /// <param name="most">The most hidden units of LipSDP.</param>
    public static ChainBounds Of(AffineChain chain, MeasureOptions options, int most)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        ChainBounds bounds = new(options, most);
        bounds.Find(chain, isPart: false);
        return bounds;
    }

    private double Least => _found.Min(bound => bound.Value);

    private void Find(AffineChain chain, bool isPart)
    {
        var scaled = ScaledChain.Of(chain, _options.Cancellation);
        Add("product", "the product of the layers’ norms", scaled.Unscaled(scaled.Product));
        if (scaled.Slopes.IsEmpty)
        {
            return;
        }

        if (scaled.Width > MostWidth)
        {
            _notes.Add($"one multiplier a layer (ECLipsE-Fast) and LipSDP left out: a matrix has "
                + $"{Numbers.Format(scaled.Width)} numbers on its smaller side, and {Numbers.Format(MostWidth)} are the most");
            return;
        }

        if (EclipseFast.Of(scaled, _options.Cancellation) is not { } start)
        {
            _notes.Add("one multiplier a layer (ECLipsE-Fast) and LipSDP left out: rounding makes a pivot of theirs negative");
            return;
        }

        ChainProof proof = new(scaled);
        var safe = start.Times(2);
        Add("eclipseFast", "one multiplier a layer in closed form (ECLipsE-Fast)", Proven(scaled, proof, start, safe));
        if (scaled.Hidden <= _most)
        {
            Solve(scaled, proof, safe, isPart);
        }
        else
        {
            Refuse(scaled);
            Split(chain);
        }
    }

    private void Solve(ScaledChain scaled, ChainProof proof, Multipliers start, bool isPart)
    {
        LipSdpSystem system = new(scaled);
        if (!isPart && _options.ExpectWork is { } expect && Time(system.Order) is var time && time > s_worthSaying)
        {
            expect(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"LipSDP of {Numbers.Format(system.Units)} multipliers is some {LikelySteps} steps of Newton’s method and "
                        + $"{Memory(system.Units)}"),
                time);
        }

        // Side by side, each on a thread of its own, where matrices are small: there a product is no faster on several.
        var (found, done) = (new ChainBound[2], new double[2]);
        void Run(int way, CancellationToken cancellation)
        {
            var byLayer = way == 0;
            var title = byLayer ? "LipSDP, one multiplier a layer" : "LipSDP, one multiplier a unit";
            var sdp = LipSdp.Solve(system, start, byLayer, Tolerance, share =>
            {
                cancellation.ThrowIfCancellationRequested();
                done[way] = share;
                _options.Progress?.Invoke(done.Average());
            });
            var bound = Proven(scaled, proof, sdp.Found, start);
            found[way] = new ChainBound(
                byLayer ? "lipsdpLayer" : "lipsdpNeuron", title, bound, bound * sdp.Gap / (2 * sdp.Found.Squared));
        }

        if (system.Order <= MostOnOneThread)
        {
            Workers.Run(2, _options.Threads ?? Libtorch.Threads, _options.Cancellation, Run);
        }
        else
        {
            Run(0, _options.Cancellation);
            Run(1, _options.Cancellation);
        }

        foreach (var bound in found)
        {
            Add(bound.Name, bound.Title, bound.Value, bound.Residual);
            if (bound.Residual > bound.Value * Tolerance)
            {
                var above = (bound.Residual / bound.Value).ToString("0.#e+0", CultureInfo.InvariantCulture);
                _notes.Add($"{bound.Title}: the solver stopped at most {above} of the bound above the least");
            }
        }
    }

    // Parts of the chain that LipSDP takes, one after another: the product of their bounds and of the slopes between them.
    private void Split(AffineChain chain)
    {
        var product = 1.0;
        List<int> parts = [];
        for (var start = 0; start < chain.Weights.Length;)
        {
            var end = start + 1;
            while (end < chain.Weights.Length && chain.Part(start, end + 1).Hidden <= _most)
            {
                end++;
            }

            ChainBounds part = new(_options, _most);
            part.Find(chain.Part(start, end), isPart: true);
            product *= part.Least * (end < chain.Weights.Length ? AffineChain.Steepest(chain.Slopes[end - 1]) : 1);
            parts.Add(end - start);
            start = end;
        }

        if (parts.Count < chain.Weights.Length)
        {
            // Each product of two numbers is rounded once.
            Add("lipsdpSplit", $"LipSDP of {parts.Count} parts, multiplied", product * (1 + (1e-15 * parts.Count)));
            _notes.Add($"LipSDP was taken of parts of {string.Join(", ", parts)} matrices one after another, which are small enough");
        }
    }

    private void Refuse(ScaledChain scaled) =>
        _notes.Add($"LipSDP of the whole left out: it has {Numbers.Format(scaled.Hidden)} multipliers, and most-neurons={_most} allows no "
            + $"more; it would take about {Memory(scaled.Hidden)} and {Time(scaled.Sizes.Sum()).TotalMinutes:N0} minutes");

    private double Proven(ScaledChain scaled, ChainProof proof, Multipliers found, Multipliers safe) =>
        scaled.Unscaled(proof.Bound(found, safe, _options.Cancellation));

    private void Add(string name, string title, double value, double residual = 0)
    {
        if (double.IsFinite(value))
        {
            _found.Add(new ChainBound(name, title, value, residual));
        }
        else
        {
            _notes.Add($"{title}: no proof of a bound came out, for roundings");
        }
    }

    private static string Memory(long units) => TorchMemoryException.Size(MatricesAtOnce * units * units * sizeof(double));

    // From a timed product of two matrices.
    private static TimeSpan Time(long order)
    {
        using var scope = Libtorch.NewDisposeScope();
        var matrix = Tensor.Ones([TimedOrder, TimedOrder], ScalarType.Float64);
        var clock = new Stopwatch();
        for (var turn = 0; turn < 2; turn++)
        {
            // The first one also pays for what is made once.
            clock.Restart();
            matrix.MatMul(matrix);
        }

        return clock.Elapsed * LikelySteps * ProductsAStep * Math.Pow((double)order / TimedOrder, 3);
    }
}
