using System.Collections.Immutable;
using System.Diagnostics;
using Occam.Data;
using Occam.Measures;
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

    /// <summary>Measures, of a network as it was read; the value is the first one's, or a detail of it.</summary>
    public static Func<Answer> Measure(
        string network, string data, ImmutableArray<Measure> measures, string? detail, MeasureOptions? options,
        ScalarType type = ScalarType.Float32, int? limit = null, bool isCounted = false)
    {
        var read = Read(network);
        var examples = Open(data);
        examples = limit is { } count ? examples.Range(0, count) : examples;
        var operations = isCounted ? OperationCount.OfJacobians(new Subject(read, FinalActivation.None), examples) : 0;
        return () =>
        {
            var clock = Stopwatch.StartNew();
            using var scope = Libtorch.NewDisposeScope();
            var context = new MeasureContext(new Subject(read, FinalActivation.None, type), examples, options);
            MeasureResult[] results = [.. measures.Where(measure => context.WhyNot(measure) is null)
                .Select(measure => measure.Measurement(context))];
            var last = results[^1];
            var value = (detail is null ? last.Value : last.Detail(detail)) ?? double.NaN;
            return new Answer(value, clock.Elapsed.TotalSeconds, 0, operations);
        };
    }

    /// <summary>A training step on 64 images, each time from the same weights; the value is the loss.</summary>
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
            return new Answer(trainer.Loss, clock.Elapsed.TotalSeconds, 0);
        };
    }

    /// <summary>Steps of a training that goes on from call to call; the time is that of a step.</summary>
    public static Func<Answer> SmallSteps(
        string network, string data, Loss loss, int batch, double rate, ImmutableArray<string> frozen, int steps)
    {
        var trainer = new Trainer(Read(network), Open(data), new TrainingSettings
        {
            Loss = loss,
            Optimizer = new Sgd(rate),
            BatchSize = batch,
            Replacement = batch == 1,
            Steps = long.MaxValue,
            Frozen = frozen,
        });
        return () =>
        {
            var clock = Stopwatch.StartNew();
            for (var step = 0; step < steps; step++)
            {
                trainer.TakeStep();
            }

            return new Answer(trainer.Loss, clock.Elapsed.TotalSeconds / steps, 0);
        };
    }

    private static Network Read(string network) => new(OnnxReader.Read(Setting.Exported(network + ".onnx")));

    private static DataSet Open(string data) => DataSource.Open(Setting.Exported(data + ".npz"), new DataOptions());
}
