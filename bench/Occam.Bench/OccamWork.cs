using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;

namespace Occam.Bench;

/// <summary>
/// What Occam computes for a row. The time begins with the network as it was read, so that folding batch normalization and
/// factorizing layers are in it.
/// </summary>
internal static class OccamWork
{
    private const double Rate = 1e-4;
    private const double Strength = 1e-3;

    /// <summary>Measures at once, of a network as it was read.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data; null for none.</param>
    /// <param name="measures">The measures.</param>
    /// <param name="values">What is compared with the peers' values; each measure's value when left out.</param>
    /// <param name="options">How they are computed.</param>
    /// <param name="type">The precision.</param>
    /// <param name="limit">So many examples only.</param>
    /// <param name="isCounted">Whether the operations of exact Jacobians are counted.</param>
    public static Func<Answer> Measure(
        string network, string? data, ImmutableArray<Measure> measures, Func<MeasureResult[], IEnumerable<Uncertain>>? values = null,
        MeasureOptions? options = null, ScalarType type = ScalarType.Float32, int? limit = null, bool isCounted = false)
    {
        var read = Read(network);
        var examples = data is null ? null : Open(data);
        examples = limit is { } count ? examples!.Range(0, count) : examples;
        var operations = isCounted ? OperationCount.OfJacobians(new Subject(read, FinalActivation.None), examples!) : 0;
        return () =>
        {
            var clock = Stopwatch.StartNew();
            using var scope = Libtorch.NewDisposeScope();
            var context = new MeasureContext(new Subject(read, FinalActivation.None, type), examples, options);
            Measure[] possible = [.. measures.Where(measure => context.WhyNot(measure) is null)];
            context.Plan(possible);
            MeasureResult[] results = [.. possible.Select(measure => measure.Measurement(context))];
            var seconds = clock.Elapsed.TotalSeconds;
            Uncertain[] compared = [.. values?.Invoke(results) ?? results.Select(result => result.Quantity ?? double.NaN)];
            return new Answer([.. compared.Select(value => value.Value)], seconds, 0, operations)
            {
                Errors = [.. compared.Select(value => double.IsFinite(value.StandardError) ? value.StandardError : 0)],
            };
        };
    }

    /// <summary>
    /// Products with the Hessian one after the other, of the weights first: each is of the last one's image, to unit length. The values are
    /// the images' lengths.
    /// </summary>
    public static Func<Answer> HessianProducts(string network, string data, int products)
    {
        var (read, examples) = (Read(network), Open(data));
        return () =>
        {
            var clock = Stopwatch.StartNew();
            using var scope = Libtorch.NewDisposeScope();
            var surface = LossSurface.Of(new MeasureContext(new Subject(read), examples), out _)!;
            using var hessian = surface.Hessian(products);
            var (vector, lengths) = (surface.Weights.Origin, new double[products]);
            for (var i = 0; i < products; i++)
            {
                vector = hessian.Times(vector / vector.Norm());
                lengths[i] = vector.Norm().Item();
            }

            return new Answer(lengths, clock.Elapsed.TotalSeconds, 0);
        };
    }

    /// <summary>
    /// A training step on 64 images, each time from the same weights: the loss, and, where nothing is drawn, how far the weights moved.
    /// </summary>
    /// <param name="row">Which: step, step-cotangent, step-exact.</param>
    public static Func<Answer> Step(string row)
    {
        var (network, data) = (Read("resnet18"), Open("photographs-64"));
        return () =>
        {
            using var trainer = new Trainer(network, data, new TrainingSettings
            {
                Loss = new CrossEntropy(),
                Optimizer = new Sgd(Rate),
                BatchSize = data.Count,
                Steps = 2,
                Regularizers = row switch
                {
                    "step-cotangent" => [new GeometricComplexityRegularizer(Strength, Cotangents: 1)],
                    "step-exact" => [new GeometricComplexityRegularizer(Strength)],
                    _ => [],
                },
            });
            var clock = Stopwatch.StartNew();
            trainer.TakeStep();
            var seconds = clock.Elapsed.TotalSeconds;
            return new Answer(row == "step-cotangent" ? [trainer.Loss] : [trainer.Loss, Moved(trainer)], seconds, 0);
        };
    }

    /// <summary>
    /// Steps of a training that goes on from call to call; the time is that of a step. The value is the loss after some steps on the
    /// first batch alone, where the order of the examples is no one's choice.
    /// </summary>
    public static Func<Answer> SmallSteps(
        string network, string data, Loss loss, int batch, double rate, ImmutableArray<string> frozen, int steps, int check)
    {
        var (read, examples) = (Read(network), Open(data));
        Trainer Of(DataSet some) => new(read, some, new TrainingSettings
        {
            Loss = loss,
            Optimizer = new Sgd(rate),
            BatchSize = batch,
            Replacement = batch == 1,
            Steps = long.MaxValue,
            Frozen = frozen,
        });
        using var checking = Of(examples.Range(0, batch));
        for (var step = 0; step < check; step++)
        {
            checking.TakeStep();
        }

        var (value, trainer) = (checking.Loss, Of(examples));
        return () =>
        {
            var clock = Stopwatch.StartNew();
            for (var step = 0; step < steps; step++)
            {
                trainer.TakeStep();
            }

            return new Answer([value], clock.Elapsed.TotalSeconds / steps, 0);
        };
    }

    private static double Moved(Trainer trainer)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var before = trainer.Start.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        return Math.Sqrt(trainer.Snapshot().Parameters.Sum(parameter =>
        {
            using var own = Libtorch.NewDisposeScope();
            using var value = parameter.Value;
            return (value.To(ScalarType.Float64) - before[parameter.Name].To(ScalarType.Float64)).Square().Sum().Item();
        }));
    }

    private static Network Read(string network) => new(OnnxReader.Read(Setting.Exported(network + ".onnx")));

    private static DataSet Open(string data) => DataSource.Open(Setting.Exported(data + ".npz"), new DataOptions());
}
