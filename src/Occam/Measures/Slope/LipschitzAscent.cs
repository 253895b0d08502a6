using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>Walks uphill in σ_max(J(x)) from several points at once.</summary>
internal sealed class LipschitzAscent
{
    private const double FirstStep = 0.1;

    private readonly MeasureContext _context;
    private readonly Generator _generator;
    private readonly double[] _values;
    private readonly double[] _steps;
    private readonly Tensor _starts;
    private ExampleBatch _points;

    public LipschitzAscent(MeasureContext context, int[] examples, double[] values)
    {
        _context = context;
        _generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        _values = values;
        _points = context.Batch(examples);
        _starts = _points.Inputs;

        // A tenth of an example's own length: far enough to leave its region, near enough to stay where data could be.
        var lengths = _points.Inputs.Flatten(1).Norm([1]).ToArray<double>();
        _steps = Array.ConvertAll(lengths, length => FirstStep * (length > 0 ? length : 1));
    }

    /// <summary>The largest σ_max met so far.</summary>
    public double Best => _values.Max();

    /// <summary>Which of the examples led to the steepest point, the point, and how far it is from the example.</summary>
    public (int Example, double[] Point, double Distance) BestPoint()
    {
        using var scope = Libtorch.NewDisposeScope();
        var best = Array.IndexOf(_values, Best);
        var point = _points.Inputs.Select(0, best).To(ScalarType.Float64);
        return (best, point.ToArray<double>(), (point - _starts.Select(0, best).To(ScalarType.Float64)).Norm().Item());
    }

    /// <summary>Tries a step in each direction from each point; keeps what improves, and halves the steps that didn't.</summary>
    public void Step()
    {
        using var scope = Libtorch.NewDisposeScope();
        var candidates = Directions().Select(direction => Moved(direction)).ToArray();
        var heights = candidates.Select(Heights).ToArray();
        var rows = new Tensor[_values.Length];
        for (var i = 0; i < _values.Length; i++)
        {
            var best = Enumerable.Range(0, candidates.Length).MaxBy(c => heights[c][i]);
            var improved = heights[best][i] > _values[i];
            rows[i] = (improved ? candidates[best] : _points.Inputs).Select(0, i);
            _steps[i] *= improved ? 1.5 : 0.5;
            _values[i] = Math.Max(_values[i], heights[best][i]);
        }

        _points = _points.WithInputs(Tensor.Stack(rows, 0).MoveToOuterDisposeScope());
    }

    private double[] Heights(Tensor points) =>
        [.. Parts(_points.WithInputs(points)).SelectMany(part =>
        {
            using var scope = Libtorch.NewDisposeScope();
            return LocalLipschitz.Finite(LocalLipschitz.LargestSingularValues(part.Jacobian.Reduced(part.Inputs)));
        })];

    private IEnumerable<ExampleBatch> Parts(ExampleBatch points) =>
        Enumerable.Range(0, points.Count)
            .Chunk(LocalLipschitz.ExamplesAtOnce(_context))
            .Select(chunk => points.Part(chunk[0], chunk.Length));

    private Tensor Moved(Tensor direction)
    {
        var steps = Tensor.FromArray(_steps, [_steps.Length, .. Enumerable.Repeat(1L, _points.Inputs.Dimensions - 1)])
            .To(_points.Inputs.ScalarType)
            .To(_points.Inputs.Device);
        return _points.Inputs + (direction * steps);
    }

    /// <summary>
    /// Unit directions at each point: the gradient of ‖uᵀJ‖² where it isn't zero, both ways along the top right singular vector, and a
    /// random one.
    /// </summary>
    private IEnumerable<Tensor> Directions()
    {
        var (gradient, right) = SteepestDirections();
        if (gradient is not null)
        {
            yield return gradient;
        }

        yield return right;
        yield return -right;
        yield return InputJacobian.RandomUnit(_points.Inputs.Shape, _points.Inputs, _generator);
    }

    private (Tensor? Gradient, Tensor Right) SteepestDirections()
    {
        var tops = Parts(_points).Select(part => TopEigenvector(part.Jacobian.Gram(part.Inputs)));
        var u = Tensor.Cat([.. tops], 0).To(_points.Inputs.ScalarType);
        using var grad = Libtorch.EnableGrad();
        var x = _points.Inputs.Detach().RequireGrad();
        var output = _points.Function.Forward(x);
        if (!output.RequiresGrad)
        {
            return (null, Tensor.ZerosLike(x));
        }

        var right = Autograd.Grad(output, x, u, createGraph: true);
        var uphill = right.RequiresGrad ? Autograd.Grad([right.Square().Sum()], [x])[0] : null;
        var unit = Unit(right.Detach());
        return uphill is null || uphill.Norm().Item() == 0 ? (null, unit) : (Unit(uphill), unit);
    }

    private static Tensor TopEigenvector(Tensor gram)
    {
        var vectors = gram.EigenSymmetric()[1];
        return vectors.Select(2, vectors.Size(2) - 1);
    }

    private static Tensor Unit(Tensor direction)
    {
        var lengths = direction.Flatten(1).Norm([1]).Clamp(1e-30, null);
        return direction / lengths.Reshape([direction.Size(0), .. Enumerable.Repeat(1L, direction.Dimensions - 1)]);
    }
}
