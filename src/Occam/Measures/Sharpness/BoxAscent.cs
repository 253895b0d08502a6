using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Projected stochastic gradient ascent of the loss in the box |ν_i| ≤ α(|w_i| + 1) around the weights.</summary>
internal sealed class BoxAscent
{
    private const int TraceParts = 10;
    /// <summary>How many numbers the weights may have for the box to be kept.</summary>
    internal const long MostKept = 1L << 25;

    private readonly MeasureContext _context;
    private readonly LossSurface _surface;
    private readonly MaxSharpness _measure;
    private readonly MiniBatches _batches;
    private readonly Generator _generator;

    // The box's lower and upper limits; null where they would be as large as a large network, and are computed anew.
    private readonly (Tensor Lower, Tensor Upper)? _box;

    public BoxAscent(MeasureContext context, LossSurface surface, MaxSharpness measure)
    {
        _context = context;
        _surface = surface;
        _measure = measure;
        _batches = new MiniBatches(context, measure.Batch);
        _generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        if (surface.Weights.Size <= MostKept)
        {
            var w = surface.Weights.Origin;
            var reach = Reach(w);
            _box = (w - reach, w + reach);
        }
    }

    /// <summary>Climbs from the weights themselves for the first start, from a random point of the box for the others.</summary>
    public AscentEnd Climb(int start)
    {
        var point = _surface.Weights.Point;
        _surface.Weights.Return();
        if (start > 0)
        {
            using var scope = Libtorch.NewDisposeScope();
            _surface.Weights.MoveBy((Tensor.Rand([_surface.Weights.Size], _generator, point.ScalarType) * 2) - 1, 1, Reach);
        }

        var velocity = Tensor.ZerosLike(point);
        var losses = new double[_measure.Steps];
        for (var step = 0; step < _measure.Steps; step++)
        {
            using var scope = Libtorch.NewDisposeScope();
            losses[step] = _surface.AddGradientOn(_batches.Next(), velocity.MultiplyInPlace(_measure.Momentum));
            point.AddInPlace(velocity, _measure.StepSize);
            KeepInBox(point);
            _context.Options.Progress?.Invoke((start + ((step + 1.0) / _measure.Steps)) / _measure.Starts);
        }

        var (all, errors) = _surface.Everywhere(done: (start + 1.0) / _measure.Starts);
        var onFaces = (double)_surface.Weights.KeepWithin(Reach) / _surface.Weights.Size;
        _surface.Weights.Return();
        return new AscentEnd(all.Average(), errors.Average(), onFaces, Trace(losses));
    }

    private Tensor Reach(Tensor w) => (w.Abs() + 1) * _measure.Alpha;

    private void KeepInBox(Tensor point)
    {
        if (_box is var (lower, upper))
        {
            point.ClampInPlace(lower, upper);
        }
        else
        {
            _surface.Weights.KeepWithin(Reach);
        }
    }

    private static ImmutableArray<(int Step, double Loss)> Trace(double[] losses)
    {
        var length = (losses.Length + TraceParts - 1) / TraceParts;
        return [.. losses.Chunk(length).Select((part, i) => ((i * length) + part.Length, part.Average()))];
    }
}
