using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Derivatives;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// Branch and bound for the largest σ_max of a piecewise-linear network's Jacobian over all of its linear regions. A subproblem is a choice
/// of pieces for some units, node after node, with the region that it is; its bound takes every slope of the other units for possible.
/// The subproblem with the largest bound is divided first, by the unit whose slope adds most to the bound.
/// </summary>
internal sealed class PieceSearch
{
    /// <summary>The radius of a ball that a region must hold to count: GLOP's tolerance is that.</summary>
    public const double Thinnest = 1e-7;

    // How far, relatively, the best bound may be from what was found, for rounding.
    private const double Tolerance = 1e-9;

    private readonly Enclosures _enclosures;
    private readonly InputJacobian _jacobian;
    private readonly long[] _shape;
    private readonly int _inputs;
    private readonly CancellationToken _cancellation;
    private readonly Generator _generator;
    private readonly PriorityQueue<Subproblem, double> _open = new();
    private double _unsure;

    /// <summary>Prepares the search.</summary>
    public PieceSearch(Network network, long[] shape, long outputs, ulong seed, CancellationToken cancellation)
    {
        _enclosures = new Enclosures(network, shape);
        _inputs = (int)shape.Aggregate(1L, (product, size) => product * size);
        _jacobian = new InputJacobian(network, _inputs, outputs);
        _shape = shape;
        _cancellation = cancellation;
        _generator = new Generator(seed);
    }

    /// <summary>The largest σ_max met, at a point inside a region.</summary>
    public double Lower { get; private set; }

    /// <summary>The point where it was met; null before the first.</summary>
    public double[]? Steepest { get; private set; }

    /// <summary>What no region's σ_max is above.</summary>
    public double Upper { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether both are the same to rounding.</summary>
    public bool IsDone => Upper <= Lower * (1 + Tolerance);

    /// <summary>How many subproblems were bounded.</summary>
    public int Subproblems { get; private set; }

    /// <summary>How many regions were met, all of whose units are chosen.</summary>
    public int Regions { get; private set; }

    /// <summary>How many units the network has; null, with the reason, where it can't be searched.</summary>
    public (int? Units, string Why) Units()
    {
        var choices = new PieceChoices(ImmutableDictionary<(int, int), int>.Empty);
        using var scope = Libtorch.NewDisposeScope();
        return Run(choices, out _, out _) is { } why ? (null, why) : (choices.Units, "");
    }

    /// <summary>Searches until both bounds meet, or a limit is reached.</summary>
    /// <param name="subproblems">The most subproblems.</param>
    /// <param name="time">The most time.</param>
    public void Run(int subproblems, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        Bound(new Subproblem([], [], double.PositiveInfinity));
        while (_open.TryDequeue(out var next, out _))
        {
            _cancellation.ThrowIfCancellationRequested();
            Upper = Math.Max(next.Bound, Math.Max(Lower, _unsure));
            if (IsDone || Subproblems >= subproblems || clock.Elapsed > time)
            {
                return;
            }

            Divide(next);
        }

        // Nothing is left whose bound was above what was found.
        Upper = Math.Max(Lower, _unsure);
    }

    private void Divide(Subproblem problem)
    {
        var unit = problem.Unit!.Value;
        var at = problem.Open!;
        for (var piece = 0; piece <= at.Breaks.Length; piece++)
        {
            Bound(problem with
            {
                Chosen = problem.Chosen.SetItem((at.Node, unit), piece),
                Region = Within(problem.Region, at, unit, piece),
            });
        }
    }

    // The region with the half-spaces of a piece.
    private ImmutableList<HalfSpace> Within(ImmutableList<HalfSpace> region, PieceNode at, int unit, int piece)
    {
        var (weights, offset) = (at.Weights[unit].AsSpan(0, _inputs).ToArray(), at.Offsets[unit]);
        var length = Math.Sqrt(weights.Sum(w => w * w));
        foreach (var (side, limit) in new[] { (1, piece - 1), (-1, piece) })
        {
            if (limit < 0 || limit >= at.Breaks.Length)
            {
                continue;
            }

            var distance = side * (offset - at.Breaks[limit]);
            region = region.Add(new HalfSpace(Array.ConvertAll(weights, w => side * w / length), distance / length));
        }

        return region;
    }

    private void Bound(Subproblem problem)
    {
        using var scope = Libtorch.NewDisposeScope();
        var ball = problem.Region.IsEmpty ? (new double[_inputs], RegionProgram.MostRadius)
            : RegionProgram.LargestBall(_inputs, problem.Region);
        if (ball is (_, var room) && room < Thinnest)
        {
            return;
        }

        Subproblems++;
        var choices = new PieceChoices(problem.Chosen);
        _ = Run(choices, out var found, out var steepest);
        var bound = Math.Min(found, problem.Bound);
        if (ball is ({ } centre, { } radius))
        {
            Look(centre, radius);
        }

        if (choices.Open is { } open)
        {
            if (bound > Lower * (1 + Tolerance))
            {
                var unit = steepest is { } most && open.Open.Contains(most) ? most : open.Open[0];
                _open.Enqueue(problem with { Bound = bound, Open = open, Unit = unit }, -bound);
            }
        }
        else
        {
            // Where GLOP gave up, whether there is such a region wasn't found out.
            _unsure = bound > Lower * (1 + Tolerance) ? Math.Max(_unsure, bound) : _unsure;
            Regions += ball is null ? 0 : 1;
        }
    }

    // Takes σ_max at a random point of a ball, where no unit stands on its break but by chance 0.
    private void Look(double[] centre, double radius)
    {
        var direction = Tensor.Randn([_inputs], _generator, ScalarType.Float64);
        var point = Tensor.FromArray(centre, _inputs) + (direction * (radius / 2 / direction.Norm().Item()));
        var steep = LocalLipschitz.LargestSingularValues(_jacobian.Reduced(point.Reshape([1, .. _shape])))[0];
        if (steep > Lower)
        {
            (Lower, Steepest) = (steep, point.ToArray<double>());
        }
    }

    private string? Run(PieceChoices choices, out double bound, out int? steepest)
    {
        EnclosureSpace space = new(_inputs, 0, isEuclidean: true, hasSlopes: true) { Pieces = choices };
        var (output, why) = _enclosures.Of(space, Tensor.Zeros([1, .. _shape], ScalarType.Float64), _cancellation);
        (bound, steepest) = (double.PositiveInfinity, null);
        if (output is null)
        {
            return why;
        }

        var padded = space.Padded(output);
        (bound, steepest) = (space.Derivative.Norm(padded), space.Derivative.LargestOfFirst(padded));
        return null;
    }

    private sealed record Subproblem(
        ImmutableDictionary<(int Node, int Unit), int> Chosen, ImmutableList<HalfSpace> Region, double Bound)
    {
        public PieceNode? Open { get; init; }

        public int? Unit { get; init; }
    }
}
