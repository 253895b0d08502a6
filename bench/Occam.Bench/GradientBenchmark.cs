using System.Diagnostics;
using System.Text.Json;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Slope;
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
/// What geometric complexity costs a training of ResNet-18 on batches of 64 images, as a regularizer and as a probe; and norms of
/// examples' gradients. By Occam and by PyTorch in turn.
/// </summary>
internal sealed class GradientBenchmark(Setting setting, Peer peer)
{
    private const string Name = "resnet18";
    private const string Data = "photographs-64";
    private const int Batch = 64;
    private const double Rate = 1e-4;
    private const double Strength = 1e-3;
    private const double MostForCotangent = 3.5;
    private const double LeastForNorms = 2;
    private const double LeastForMemory = 4;
    private const double MostForTerms = 15;
    private const double MostForProbe = 0.15;
    private const int ProbeEvery = 100;
    private const double SameValue = 1e-3;

    private readonly Network _network = new(OnnxReader.Read(Setting.Exported(Name + ".onnx")));
    private readonly DataSet _data = DataSource.Open(Setting.Exported(Data + ".npz"), new DataOptions());

    /// <summary>The lines of the comparisons.</summary>
    public IEnumerable<Row> Run(Action<string> tell)
    {
        Series step = new("step", () => Step([]));
        Series cotangent = new("cotangent", () => Step([new GeometricComplexityRegularizer(Strength, Cotangents: 1)]));
        Series exact = new("exact", () => Step([new GeometricComplexityRegularizer(Strength)]));
        Series norms = new("norms", () => Measured(new LossSlope()));
        Series terms = new("terms", () => Measured(new ImplicitGradientRegularization()));
        Series backward = new("backward", BackwardPass);
        var (theirStep, theirCotangent, theirExact, theirNorms) =
            (Theirs("step"), Theirs("cotangent-step"), Theirs("exact-step"), Theirs("example-norms"));
        Series[] all = [step, cotangent, exact, norms, terms, backward, theirStep, theirCotangent, theirExact, theirNorms];
        for (var round = 0; round <= setting.Rounds; round++)
        {
            foreach (var series in all)
            {
                tell($"gradients: {series.Title}, {(round == 0 ? "warming up" : $"round {round} of {setting.Rounds}")}");
                series.Run(isWarmUp: round == 0);
            }
        }

        return
        [
            AtMost("step with GC, one cotangent", cotangent, "the step without", step, MostForCotangent),
            AtLeast("step with GC, one cotangent", cotangent, "create_graph", theirCotangent, 1, sameValue: false),
            AtLeast("step with GC, exact", exact, "10 times create_graph", theirExact, 1, sameValue: true),
            AtLeast("step", step, "PyTorch", theirStep, 0, sameValue: true),
            AtLeast("norms of 64 examples' gradients", norms, "vmap(grad)", theirNorms, LeastForNorms, sameValue: true),
            NormsInProcesses(tell),
            AtMost("terms of implicit regularization, k = 10", terms, "a plain backward pass", backward, MostForTerms),
            Probe(tell),
        ];
    }

    private Series Theirs(string method) =>
        new($"their {method}", () => peer.GeometricComplexity(Name, Data, method, "float32", Batch));

    private static Row AtMost(string what, Series series, string against, Series other, double most)
    {
        var ratio = Spread.Ratio(series.Seconds, other.Seconds);
        return new Row(
            $"{Name}, {what}", Format.Seconds(series.Seconds), against, Format.Seconds(other.Seconds), Format.Ratio(ratio), $"≤ {most}×",
            "", ratio.Median <= most);
    }

    private static Row AtLeast(string what, Series series, string against, Series other, double least, bool sameValue)
    {
        var ratio = Spread.Ratio(other.Seconds, series.Seconds);
        var error = Math.Abs(series.Value - other.Value) / Math.Abs(other.Value);
        return new Row(
            $"{Name}, {what}", Format.Seconds(series.Seconds), against, Format.Seconds(other.Seconds), Format.Ratio(ratio), $"≥ {least}×",
            sameValue ? $"{error:0.0e+0}" : "", ratio.Median >= least && (!sameValue || error <= SameValue));
    }

    /// <summary>One step of a training on all the images, in their order; its value is the loss of the next.</summary>
    private Timed Step(Regularizer[] regularizers)
    {
        using var trainer = new Trainer(_network, _data, new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(Rate),
            BatchSize = Batch,
            Steps = 2,
            Regularizers = [.. regularizers],
        });
        var clock = Stopwatch.StartNew();
        trainer.TakeStep();
        return new Timed(trainer.Loss, clock.Elapsed.TotalSeconds);
    }

    private Timed Measured(Measure measure)
    {
        var clock = Stopwatch.StartNew();
        using var scope = Libtorch.NewDisposeScope();
        var result = measure.Measurement(new MeasureContext(new Subject(_network, FinalActivation.None), _data));
        return new Timed(result.Detail("perExample"), clock.Elapsed.TotalSeconds);
    }

    private Timed BackwardPass()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var x = new MeasureContext(new Subject(_network, FinalActivation.None), _data).Examples(0, Batch);
        var parameters = _network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.Detach().RequireGrad());
        var logits = _network.Run(
            new Dictionary<string, Tensor>(parameters) { [_network.Graph.Input.Name] = x }, [_network.Output])[_network.Output];
        var targets = Tensor.FromArray(Array.ConvertAll(_data.RequireLabels(), label => (double)label), Batch, 1);
        var loss = new CrossEntropy().Mean(logits, targets);
        var clock = Stopwatch.StartNew();
        Autograd.Grad([loss], [.. parameters.Values]);
        return new Timed(0, clock.Elapsed.TotalSeconds);
    }

    /// <summary>The same as whole processes, for their memory.</summary>
    private Row NormsInProcesses(Action<string> tell)
    {
        tell("gradients: memory");
        var mine = Child.Run(
            setting.Python, Path.Combine(Setting.Root, "occam"), "measure", Setting.Exported(Name + ".onnx"),
            "--data", Setting.Exported(Data + ".npz"), "--measures", "loss-slope", "--json");
        var theirs = Child.Run(
            setting.Python, setting.Python, Setting.Script("example_norms.py"), Setting.Exported(Name + ".pt"),
            Setting.Exported(Data + ".npz"));
        var ratio = (double)theirs.PeakBytes / mine.PeakBytes;
        var value = JsonDocument.Parse(mine.Output).RootElement
            .GetProperty("measures")[0]
            .GetProperty("details")
            .GetProperty("perExample")
            .GetDouble();
        var reference = JsonDocument.Parse(theirs.Output).RootElement.GetProperty("value").GetDouble();
        var error = Math.Abs(value - reference) / reference;
        return new Row(
            $"{Name}, norms of 64 examples' gradients, memory", Format.Megabytes(mine.PeakBytes), "vmap(grad)",
            Format.Megabytes(theirs.PeakBytes), $"{ratio:0.0}×",
            $"≥ {LeastForMemory}×", $"{error:0.0e+0}", ratio >= LeastForMemory && error <= SameValue);
    }

    /// <summary>The estimator on 512 images every 100 steps of 256.</summary>
    private Row Probe(Action<string> tell)
    {
        var data = DataSource.Open(Setting.Exported("photographs-512.npz"), new DataOptions());
        var (steps, probes) = (new List<double>(), new List<double>());
        using var trainer = new Trainer(_network, data, new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(Rate),
            BatchSize = 256,
            Steps = 100,
        });
        for (var round = 0; round <= 3; round++)
        {
            tell($"gradients: probe, {(round == 0 ? "warming up" : $"round {round} of 3")}");
            var clock = Stopwatch.StartNew();
            trainer.TakeStep();
            steps.Add(clock.Elapsed.TotalSeconds);
            clock.Restart();
            using var scope = Libtorch.NewDisposeScope();
            new GeometricComplexity().Measurement(
                new MeasureContext(new Subject(trainer.Snapshot(), FinalActivation.None), data, new MeasureOptions { Directions = 1 }));
            probes.Add(clock.Elapsed.TotalSeconds);
        }

        Spread probe = new([.. probes.Skip(1)]);
        Spread training = new([.. steps.Skip(1).Select(seconds => seconds * ProbeEvery)]);
        var share = Spread.Ratio(probe, training);
        return new Row(
            $"{Name}, GC probe on 512 images", Format.Seconds(probe), $"{ProbeEvery} steps of 256", Format.Seconds(training),
            $"{share.Median:0.0%}",
            $"≤ {MostForProbe:0%}", "", share.Median <= MostForProbe);
    }

    /// <summary>What was timed, round by round.</summary>
    private sealed record Series(string Title, Func<Timed> Compute)
    {
        private readonly List<Timed> _rounds = [];

        /// <summary>The value of the first round that counts.</summary>
        public double Value => _rounds[0].Value;

        /// <summary>The seconds of the rounds.</summary>
        public Spread Seconds => new([.. _rounds.Select(timed => timed.Seconds)]);

        /// <summary>Computes once; the warm-up doesn't count.</summary>
        public void Run(bool isWarmUp)
        {
            var timed = Compute();
            if (!isWarmUp)
            {
                _rounds.Add(timed);
            }
        }
    }
}
