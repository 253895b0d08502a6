using System.Diagnostics;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Probes;

/// <summary>
/// How near a training is to the edge of stability (Cohen et al. 2021; of momentum and Adam also Cohen et al. 2022): the largest eigenvalue
/// of the Hessian of the training's own loss, for Adam of P⁻¹H with its preconditioner P of now, over the largest at which the next step
/// wouldn't grow on a quadratic loss. <c>edge-of-stability</c> is their ratio, 1 at the edge; <c>edge-of-stability.sharpness</c> the
/// eigenvalue, by the Lanczos process to a thousandth; <c>edge-of-stability.threshold</c> what it is compared with, 2/h for gradient
/// descent. Parameters that are trained; evaluation mode; weight decay that is a part of the gradient is added; other regularizers aren't.
/// Adam has a preconditioner only after its first step: there is nothing to record before.
/// </summary>
/// <param name="Data">The examples that the loss is over.</param>
/// <param name="When">At which steps.</param>
/// <param name="Seed">The seed of the starting vector.</param>
public sealed record EdgeOfStability(DataSet Data, Cadence When, int Seed = 0) : Probe(When)
{
    /// <summary>The name of its metric; those beside it have it in front.</summary>
    public const string Metric = "edge-of-stability";

    private const double Tolerance = 1e-3;
    private const int Products = 300;
    private const int Held = 24;

    /// <inheritdoc/>
    public override string Name => Metric;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Observe(Trainer trainer)
    {
        var began = Stopwatch.GetTimestamp();
        if (Measured(trainer) is not var (sharpness, residual))
        {
            yield break;
        }

        var threshold = trainer.Settings.Optimizer.StableSharpness(trainer.LearningRate);
        Metric Of(string name, double value, double error) =>
            new(trainer.Step, trainer.Epoch, name, value, error, Stopwatch.GetElapsedTime(began).TotalSeconds);
        yield return Of(Metric, sharpness / threshold, double.NaN);
        yield return Of($"{Metric}.sharpness", sharpness, double.NaN);
        yield return Of($"{Metric}.residual", residual, 0);
        yield return Of($"{Metric}.threshold", threshold, 0);
    }

    /// <summary>The eigenvalue and its residual; null where the optimizer hasn't a preconditioner yet.</summary>
    private (double Sharpness, double Residual)? Measured(Trainer trainer)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = trainer.Snapshot();
        if (DerivativePaths.MissingByWeights(network) is { } missing)
        {
            throw new OccamException($"'{Metric}' can't be measured while training: {missing}");
        }

        var weights = new WeightSpace(network);
        if (Scale(trainer, network, weights) is not { } scale)
        {
            return null;
        }

        var context = new MeasureContext(new Subject(network), Data, new MeasureOptions { Seed = Seed });
        var loss = new ParameterLoss(context, weights, Losses(trainer.Settings.Loss));
        using var hessian = loss.Curvature(CurvatureMatrix.Hessian, Products);
        using var generator = new Generator(context.Options.RandomSeed, network.Device);
        var added = trainer.Settings.Optimizer.AddedCurvature;
        Tensor Times(Tensor v)
        {
            using var inner = Libtorch.NewDisposeScope();
            var scaled = v * scale;
            return ((hessian.Times([scaled])[0].AddInPlace(scaled, added)) * scale).MoveToOuterDisposeScope();
        }

        using var found = LargestEigenpairs.Of(Times, weights.Point, 1, Products, Held, Tolerance, generator);
        return (found.Values[0], found.Residuals[0]);
    }

    // P^{−1/2}, and 0 for what isn't trained.
    private static Tensor? Scale(Trainer trainer, Network network, WeightSpace weights)
    {
        using var grad = Libtorch.NoGrad();
        var optimizer = trainer.Settings.Optimizer;
        var isPreconditioned = optimizer.Slots > 1;
        if (isPreconditioned && trainer.Step == 0)
        {
            return null;
        }

        var state = isPreconditioned ? trainer.Save() : null;
        return weights.Vector(parameter =>
        {
            if (trainer.Settings.IsFrozen(parameter.Name))
            {
                return Tensor.ZerosLike(parameter.Value);
            }

            Tensor Slot(int slot) => (network.Type == ScalarType.Float64
                ? Tensor.FromArray(state!.Read<double>($"optimizer{slot}.{parameter.Name}"), parameter.Value.Shape)
                : Tensor.FromArray(state!.Read<float>($"optimizer{slot}.{parameter.Name}"), parameter.Value.Shape)).To(network.Device);
            return isPreconditioned
                && optimizer.Preconditioner([.. Enumerable.Range(0, optimizer.Slots).Select(Slot)], trainer.Step) is { } P
                ? P.Sqrt().Reciprocal() : Tensor.OnesLike(parameter.Value);
        });
    }

    private Func<Tensor, int[], Tensor> Losses(Loss loss)
    {
        var targets = Data.Targets ?? Array.ConvertAll(Data.RequireLabels(), label => (double)label);
        var size = targets.Length / Data.Count;
        return (logits, examples) =>
        {
            var wanted = Tensor.FromArray(
                [.. examples.SelectMany(example => new ArraySegment<double>(targets, example * size, size))], examples.Length, size);
            return loss.Mean(logits.To(ScalarType.Float64), wanted.To(logits.Device)).Reshape(1) * examples.Length;
        };
    }
}
