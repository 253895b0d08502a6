using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The mean loss over the data as a function of the weights: cross-entropy where the data have labels, ½‖f − y‖² where they have targets.
/// </summary>
internal sealed class ParameterLoss
{
    private readonly MeasureContext _context;
    private readonly Func<Tensor, int[], Tensor> _losses;

    /// <summary>A loss of a batch's examples by their logits.</summary>
    /// <param name="context">Where the data are.</param>
    /// <param name="weights">Where the weights stand.</param>
    /// <param name="losses">The losses of the given examples from their logits, one each, in float64.</param>
    /// <param name="notes">What the loss is.</param>
    public ParameterLoss(MeasureContext context, WeightSpace weights, Func<Tensor, int[], Tensor> losses, params string[] notes)
    {
        _context = context;
        _losses = losses;
        Weights = weights;
        Notes = notes;
    }

    /// <summary>The space of the weights.</summary>
    public WeightSpace Weights { get; }

    /// <summary>What the loss is.</summary>
    public string[] Notes { get; }

    /// <summary>The number of examples, n.</summary>
    public int Examples => _context.Data!.Count;

    /// <summary>The loss of what the context measures, batch normalization folded; otherwise why there is none.</summary>
    /// <param name="context">What is measured.</param>
    /// <param name="why">Why there is none.</param>
    /// <param name="use">What is to be done with the weights.</param>
    public static ParameterLoss? Of(MeasureContext context, out string? why, WeightUse use = WeightUse.Moved)
    {
        why = Problem(context);
        if (why is not null || WeightSpace.Of(context, out why, use) is not { } weights)
        {
            return null;
        }

        if (weights.Type == ScalarType.BFloat16)
        {
            why = "has too few digits in bfloat16: measure in float32";
            return null;
        }

        if (HasLabels(context))
        {
            var answers = Answers.Of(context);
            return new ParameterLoss(context, weights, answers.Losses, answers.Notes);
        }

        var (targets, k) = (context.Data!.Targets!, context.Data.TargetSize);
        return new ParameterLoss(
            context, weights, (outputs, examples) => SquaredErrors(outputs, targets, k, examples), "the loss is ½‖f(x) − y‖²");
    }

    /// <summary>The same loss of what is made of the logits first.</summary>
    public ParameterLoss OfLogits(Func<Tensor, Tensor> first) =>
        new(_context, Weights, (logits, examples) => _losses(first(logits), examples), Notes);

    /// <summary>The loss of each example from its logits, in float64, recorded where they are.</summary>
    public Tensor Losses(Tensor logits, int[] examples) => _losses(logits, examples);

    /// <summary>The mean loss over the data at the point.</summary>
    public double AtPoint()
    {
        using var grad = Libtorch.NoGrad();
        var sum = 0.0;
        foreach (var batch in _context.Batches())
        {
            sum += _losses(Weights.Logits(batch), batch.Indices).Sum().Item();
        }

        return sum / Examples;
    }

    /// <summary>The mean loss of some examples at the point.</summary>
    public double On(ExampleBatch batch)
    {
        using var grad = Libtorch.NoGrad();
        var sum = 0.0;
        for (var start = 0; start < batch.Count; start += _context.BatchSize)
        {
            using var scope = Libtorch.NewDisposeScope();
            var part = batch.Part(start, Math.Min(_context.BatchSize, batch.Count - start));
            sum += _losses(Weights.Logits(part), part.Indices).Sum().Item();
        }

        return sum / batch.Count;
    }

    /// <summary>The gradient of the mean loss at the point, and that loss.</summary>
    public (Tensor Gradient, double Loss) Gradient()
    {
        var sum = Weights.Zeros();
        var loss = 0.0;
        foreach (var batch in _context.Batches())
        {
            using var grad = Libtorch.EnableGrad();
            var part = _losses(Weights.Logits(batch), batch.Indices).Sum() / Examples;
            loss += part.Item();
            Weights.AddGradient(part, sum);
        }

        return (sum, loss);
    }

    /// <summary>A matrix of how the mean loss bends at the point, which must not be moved while it is in use.</summary>
    /// <param name="of">Which.</param>
    /// <param name="products">How many products are to be computed, for progress.</param>
    public ISymmetricMatrix Curvature(CurvatureMatrix of, int products) => of == CurvatureMatrix.Hessian
        ? new LossHessian(_context, Weights, (logits, examples) => _losses(logits, examples).Sum() / Examples, products)
        : new OutputCurvature(_context, this, of == CurvatureMatrix.EmpiricalFisher, products);

    private static bool HasLabels(MeasureContext context) => (context.Data!.Labels ?? context.Data.PositionLabels) is not null;

    private static string? Problem(MeasureContext context) => HasLabels(context) ? Answers.Problem(context)
        : context.Data!.Targets is null ? "needs class labels or targets, and the data have neither"
        : context.Data.TargetSize != context.Outputs
            ? $"needs a target for each of the network's {context.Outputs} outputs, and the data have {context.Data.TargetSize} an example"
        : null;

    private static Tensor SquaredErrors(Tensor outputs, double[] targets, int size, int[] examples)
    {
        var wanted = Tensor.FromArray(
            [.. examples.SelectMany(example => new ArraySegment<double>(targets, example * size, size))], examples.Length, size);
        return (outputs.To(ScalarType.Float64) - wanted.To(outputs.Device)).Square().Sum([1]) / 2;
    }
}
