using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using Occam.Derivatives;

namespace Occam.Training.Trajectories;

/// <summary>
/// Follows the biases while a network trains, one window after the other (Loukas et al. 2021, §4). Costs a few sums
/// over b_1 a step. The normalized step of b_l is ‖b_l(t+1) − b_l(t)‖/(α ε); for plain gradient descent on one example of
/// one output it is ‖∂f/∂b_l‖ and comes from the step's own gradient, without a division by small numbers.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class Trajectory : IStepObserver
{
    // A step of single precision is known up to this part of the numbers it leads between; one of fewer of these units than
    // the second has no digits to compare.
    private const double Rounding = 6e-8;
    private const double LeastUnits = 1e4;
    private const double LeastSquare = LeastUnits * Rounding * LeastUnits * Rounding;

    private readonly FirstWeights? _first;
    private readonly Loss _loss;
    private readonly long _window;
    private readonly double[] _norms, _normalized, _lengths;
    private readonly List<TrajectoryWindow> _windows = [];
    private bool _isPlain;
    private double[] _start = [], _sum = [];
    private float[] _now = [], _before = [];
    private double _inputNorm, _logit;
    private long _from;
    private long _count;
    private double _squares, _longest, _lipschitz, _largestLipschitz, _drift, _inverseSquares, _distanceBound, _disagreement;

    /// <summary>A trajectory before the first step.</summary>
    /// <param name="names">The biases' names, from the input on.</param>
    /// <param name="first">W_1, where it stays as it is.</param>
    /// <param name="loss">The loss that is minimized.</param>
    /// <param name="window">Steps of a window.</param>
    internal Trajectory(ImmutableArray<string> names, FirstWeights? first, Loss loss, long window)
    {
        (Names, _first, _loss, _window) = (names, first, loss, window);
        (_norms, _normalized, _lengths) = (new double[names.Length], new double[names.Length], new double[names.Length]);
    }

    /// <summary>The biases' names, from the input on.</summary>
    public ImmutableArray<string> Names { get; }

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

    ImmutableArray<string> IStepObserver.Parameters => Names;

    void IStepObserver.Begin(bool isClosedForm, ReadOnlySpan<float> first)
    {
        _isPlain = isClosedForm;
        (_now, _before) = (first.ToArray(), new float[first.Length]);
        _start = Array.ConvertAll(_now, value => (double)value);
        _sum = new double[_start.Length];
    }

    void IStepObserver.Restart(ReadOnlySpan<float> first) => first.CopyTo(_now);

    void IStepObserver.Take(ReadOnlySpan<double> norms, ReadOnlySpan<float> first, double inputNorm, double logit)
    {
        norms.CopyTo(_norms);
        (_now, _before) = (_before, _now);
        first.CopyTo(_now);
        (_inputNorm, _logit) = (inputNorm, logit);
    }

    void IStepObserver.Observe(double rate, double epsilon)
    {
        _count++;
        var output = _isPlain ? _loss.OutputSlope(_logit) : double.NaN;
        for (var l = 0; l < _lengths.Length; l++)
        {
            _normalized[l] = _isPlain ? output * _norms[l] : _norms[l] / (rate * epsilon);
            _lengths[l] += _normalized[l];
        }

        var lambda = output * _inputNorm;
        _longest = Math.Max(_longest, _normalized[0]);
        _lipschitz += lambda;
        _largestLipschitz = Math.Max(_largestLipschitz, lambda);
        _drift += rate * lambda;
        _inverseSquares += 1 / (epsilon * epsilon);
        _distanceBound += rate * epsilon * lambda;
        var sum = _sum.AsSpan();
        var start = _start.AsSpan(0, sum.Length);
        var before = _before.AsSpan(0, sum.Length);
        var after = _now.AsSpan(0, sum.Length);
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
            _disagreement = Math.Max(_disagreement, Math.Abs((Math.Sqrt(step) / (rate * epsilon) / _normalized[0]) - 1));
        }
    }

    ImmutableArray<(string Name, double Value)> IStepObserver.Metrics(long step, bool isLast) =>
        _count == _window || isLast ? Metrics(Close(step)) : [];

    private ImmutableArray<(string Name, double Value)> Metrics(TrajectoryWindow window) =>
    [
        .. Names.Select((name, l) => (l == 0 ? "bias-trajectory" : $"bias-trajectory.{name}", window.Lengths[l])),
        ("bias-variance", window.Variance),
        ("distance-to-initialization", window.Distance),
        ("steadiness", window.Longest),
    ];

    // Ends the window before a step.
    private TrajectoryWindow Close(long step)
    {
        var (largest, smallest) = First is { } first ? (first.Largest, first.Smallest) : (double.NaN, double.NaN);
        var square = 0.0;
        var distance = 0.0;
        for (var i = 0; i < _sum.Length; i++)
        {
            square += _sum[i] / _count * (_sum[i] / _count);
            distance += (_now[i] - _start[i]) * (_now[i] - _start[i]);
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

    void IStepObserver.Save(StateArchive archive)
    {
        archive.Write("trajectory.start", _start);
        archive.Write("trajectory.lengths", _lengths);
        archive.Write("trajectory.sum", _sum);
        archive.Write("trajectory.steps", [_from, _count]);
        archive.Write(
            "trajectory.sums", [_squares, _longest, _lipschitz, _largestLipschitz, _drift, _inverseSquares, _distanceBound, _disagreement]);
        archive.Write("trajectory.windows", [.. _windows.SelectMany(window => Numbers(window))]);
    }

    void IStepObserver.Load(StateArchive archive, long step)
    {
        if (!archive.Read<double>("trajectory.start", _start.Length).AsSpan().SequenceEqual(_start))
        {
            throw StateArchive.Refused("trajectory.start", "it isn't where the training began");
        }

        archive.Read<double>("trajectory.lengths", _lengths.Length).CopyTo(_lengths, 0);
        archive.Read<double>("trajectory.sum", _sum.Length).CopyTo(_sum, 0);
        (_from, _count) = archive.Read<long>("trajectory.steps", 2) is [var from, var count] ? (from, count) : default;
        if (_from < 0 || _count < 0 || _count > _window || _from + _count != step)
        {
            throw StateArchive.Refused(
                "trajectory.steps", $"{_count} steps from step {_from} on are no window of {_window} at step {step}");
        }

        RefuseNegative(archive, "trajectory.lengths");
        RefuseNegative(archive, "trajectory.sums");
        if (!archive.IsFinite("trajectory.sum"))
        {
            throw StateArchive.Refused("trajectory.sum", "its numbers aren't finite");
        }

        var sums = archive.Read<double>("trajectory.sums", 8);
        (_squares, _longest, _lipschitz, _largestLipschitz) = (sums[0], sums[1], sums[2], sums[3]);
        (_drift, _inverseSquares, _distanceBound, _disagreement) = (sums[4], sums[5], sums[6], sums[7]);
        _windows.Clear();
        var windows = archive.Read<double>("trajectory.windows");
        if (windows.Length % NumbersOfWindow != 0)
        {
            throw StateArchive.Refused("trajectory.windows", $"{windows.Length} numbers are no windows of {NumbersOfWindow}");
        }

        foreach (var numbers in windows.Chunk(NumbersOfWindow))
        {
            if (numbers[0] != WindowsEnd || !(numbers[1] > WindowsEnd && numbers[1] <= _from)
                || TensorPrimitives.MinNumber<double>(numbers.AsSpan(0, OtherNumbers + _lengths.Length)) < 0)
            {
                throw StateArchive.Refused("trajectory.windows", $"there is no such window from step {WindowsEnd} on");
            }

            _windows.Add(Window(numbers));
        }

        if (_from != WindowsEnd)
        {
            throw StateArchive.Refused("trajectory.windows", $"they don't end at step {_from}");
        }
    }

    // All of them are norms, and sums and means of norms; one of a step that had no length may be no number.
    private static void RefuseNegative(StateArchive archive, string name)
    {
        if (archive.HasNegative(name))
        {
            throw StateArchive.Refused(name, "a length can't be negative");
        }
    }

    private const int OtherNumbers = 13;

    private long WindowsEnd => _windows.Count == 0 ? 0 : _windows[^1].To;

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
