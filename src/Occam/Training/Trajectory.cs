using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using Occam.Derivatives;

namespace Occam.Training;

/// <summary>
/// Follows the biases while a network trains, one window after the other (Loukas et al. 2021, §4). Costs a few sums
/// over b_1 a step.
/// </summary>
public sealed class Trajectory
{
    // A step of single precision is known up to this part of the numbers it leads between; one of fewer of these units than
    // the second has no digits to compare.
    private const double Rounding = 6e-8;
    private const double LeastUnits = 1e4;
    private const double LeastSquare = LeastUnits * Rounding * LeastUnits * Rounding;

    private readonly BiasStep _bias;
    private readonly FirstWeights? _first;
    private readonly bool _isPlain;
    private readonly double[] _start;
    private readonly double[] _lengths;
    private readonly double[] _sum;
    private readonly List<TrajectoryWindow> _windows = [];
    private long _from;
    private long _count;
    private double _squares, _longest, _lipschitz, _largestLipschitz, _drift, _inverseSquares, _distanceBound, _disagreement;

    internal Trajectory(BiasStep bias, FirstWeights? first, bool firstIsFrozen, bool isPlain)
    {
        _bias = bias;
        _first = firstIsFrozen && first?.Bias == bias.Names[0] ? first : null;
        _isPlain = isPlain;
        _start = [.. bias.First.Select(value => (double)value)];
        _lengths = new double[bias.Names.Length];
        _sum = new double[_start.Length];
    }

    /// <summary>The biases' names, from the input on.</summary>
    public ImmutableArray<string> Names => _bias.Names;

    /// <summary>The windows that are complete.</summary>
    public IReadOnlyList<TrajectoryWindow> Windows => _windows;

    /// <summary>W_1, where it stays as it is and the bounds can be held against the trajectory; null where not.</summary>
    public FirstWeights? First => _isPlain ? _first : null;

    /// <summary>Why the bounds of the theorems don't apply to this trajectory; null where they do.</summary>
    public string? NotApplicable =>
        !_isPlain ? "Theorem 1 is exact for plain SGD with one example a step and one output"
        : _first is null ? "W_1 isn't one dense layer that stays as it is, so its singular values aren't known at every step"
        : null;

    /// <summary>The normalized length over all complete windows, for every bias.</summary>
    public ImmutableArray<double> TotalLengths => [.. _lengths.Select((_, l) => _windows.Sum(window => window.Lengths[l]))];

    /// <summary>The least φ with which the run is (τ, φ)-steady from the window of that index on (Definition 1).</summary>
    public double Steadiness(int window) => _windows.Skip(window).Max(part => part.Longest);

    /// <summary>The mean of ‖b_1 − mean b_1‖² over the last windows together (Corollary 2).</summary>
    public double Variance(int windows)
    {
        var last = _windows.TakeLast(windows).ToArray();
        var count = (double)last.Sum(window => window.To - window.From);
        var mean = new double[_start.Length];
        foreach (var window in last)
        {
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += (window.To - window.From) / count * window.MeanBias[i];
            }
        }

        return last.Sum(window => (window.To - window.From) / count * (window.Variance + Square(window.MeanBias.AsSpan(), mean)));
    }

    /// <summary>The steps of the window that isn't complete.</summary>
    internal long Count => _count;

    internal void Observe(double rate, double epsilon)
    {
        _count++;
        for (var l = 0; l < _lengths.Length; l++)
        {
            _lengths[l] += _bias.Normalized[l];
        }

        var lambda = _bias.Lipschitz;
        _longest = Math.Max(_longest, _bias.Normalized[0]);
        _lipschitz += lambda;
        _largestLipschitz = Math.Max(_largestLipschitz, lambda);
        _drift += rate * lambda;
        _inverseSquares += 1 / (epsilon * epsilon);
        _distanceBound += rate * epsilon * lambda;
        var sum = _sum.AsSpan();
        var start = _start.AsSpan(0, sum.Length);
        var before = _bias.Before.AsSpan(0, sum.Length);
        var after = _bias.First.AsSpan(0, sum.Length);
        var parts = Vector<double>.Zero;
        var (steps, sizes) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + Vector<float>.Count <= sum.Length; i += Vector<float>.Count)
        {
            var (old, now) = (new Vector<float>(before[i..]), new Vector<float>(after[i..]));
            steps += (now - old) * (now - old);
            sizes += now * now;
            Vector.Widen(old, out var low, out var high);
            low -= new Vector<double>(start[i..]);
            high -= new Vector<double>(start[(i + Vector<double>.Count)..]);
            (new Vector<double>(sum[i..]) + low).CopyTo(sum[i..]);
            (new Vector<double>(sum[(i + Vector<double>.Count)..]) + high).CopyTo(sum[(i + Vector<double>.Count)..]);
            parts += (low * low) + (high * high);
        }

        var (squares, step, size) = (Vector.Sum(parts), Vector.Sum(steps), Vector.Sum(sizes));
        for (; i < sum.Length; i++)
        {
            var moved = before[i] - start[i];
            sum[i] += moved;
            squares += moved * moved;
            step += (after[i] - before[i]) * (after[i] - before[i]);
            size += after[i] * after[i];
        }

        _squares += squares;
        if (_isPlain && step > LeastSquare * size)
        {
            _disagreement = Math.Max(_disagreement, Math.Abs((Math.Sqrt(step) / (rate * epsilon) / _bias.Normalized[0]) - 1));
        }
    }

    /// <summary>Closes a window before a step, if there is anything in it.</summary>
    internal TrajectoryWindow? Close(long step)
    {
        if (_count == 0)
        {
            return null;
        }

        var (largest, smallest) = First is { } first ? (first.Largest, first.Smallest) : (double.NaN, double.NaN);
        var square = 0.0;
        var distance = 0.0;
        for (var i = 0; i < _sum.Length; i++)
        {
            square += _sum[i] / _count * (_sum[i] / _count);
            distance += (_bias.First[i] - _start[i]) * (_bias.First[i] - _start[i]);
        }

        var window = new TrajectoryWindow(
            _from,
            step,
            [.. _lengths],
            _longest,
            _lipschitz / largest,
            _lipschitz / smallest,
            [.. _sum.Select((sum, i) => _start[i] + (sum / _count))],
            Math.Max(0, (_squares / _count) - square),
            _drift / _count / (2 * largest),
            Math.Sqrt(_count / _inverseSquares),
            Math.Sqrt(distance),
            _distanceBound / smallest,
            _isPlain ? _disagreement : double.NaN,
            _largestLipschitz,
            _lipschitz / _count);
        _windows.Add(window);
        Clear(step);
        return window;
    }

    internal void Save(StateArchive archive)
    {
        archive.Write("trajectory.start", _start);
        archive.Write("trajectory.lengths", _lengths);
        archive.Write("trajectory.sum", _sum);
        archive.Write("trajectory.steps", [_from, _count]);
        archive.Write(
            "trajectory.sums", [_squares, _longest, _lipschitz, _largestLipschitz, _drift, _inverseSquares, _distanceBound, _disagreement]);
        archive.Write("trajectory.windows", [.. _windows.SelectMany(window => Numbers(window))]);
    }

    internal void Load(StateArchive archive)
    {
        archive.Read<double>("trajectory.start").CopyTo(_start, 0);
        archive.Read<double>("trajectory.lengths").CopyTo(_lengths, 0);
        archive.Read<double>("trajectory.sum").CopyTo(_sum, 0);
        (_from, _count) = archive.Read<long>("trajectory.steps") is [var from, var count] ? (from, count) : default;
        var sums = archive.Read<double>("trajectory.sums");
        (_squares, _longest, _lipschitz, _largestLipschitz) = (sums[0], sums[1], sums[2], sums[3]);
        (_drift, _inverseSquares, _distanceBound, _disagreement) = (sums[4], sums[5], sums[6], sums[7]);
        _windows.Clear();
        _windows.AddRange(archive.Read<double>("trajectory.windows").Chunk(NumbersOfWindow).Select(Window));
    }

    private const int OtherNumbers = 13;

    private int NumbersOfWindow => OtherNumbers + _lengths.Length + _start.Length;

    private static double[] Numbers(TrajectoryWindow w) =>
    [
        w.From, w.To, w.Longest, w.Lower, w.Upper, w.Variance, w.Drift, w.HarmonicEpsilon, w.Distance, w.DistanceBound, w.Disagreement,
        w.LargestLipschitz, w.MeanLipschitz,
        .. w.Lengths, .. w.MeanBias,
    ];

    private TrajectoryWindow Window(double[] n) => new(
        (long)n[0], (long)n[1], [.. n.AsSpan(OtherNumbers, _lengths.Length)], n[2], n[3], n[4],
        [.. n.AsSpan(OtherNumbers + _lengths.Length)],
        n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]);

    private void Clear(long step)
    {
        (_from, _count) = (step, 0);
        (_squares, _longest, _lipschitz, _largestLipschitz) = (0, 0, 0, 0);
        (_drift, _inverseSquares, _distanceBound, _disagreement) = (0, 0, 0, 0);
        Array.Clear(_lengths);
        Array.Clear(_sum);
    }

    private static double Square(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }
}
