using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;

namespace Occam.Lab.Explaining;

/// <summary>
/// Weighs what pulls on the parameters of a trained network: on batches like those of its steps, the gradient of the
/// loss, of the learning rate's implicit regularization (h/4)‖∇_θ L_B‖² (Dherin et al. 2022, §5) and of each regularizer,
/// and how each alone would move the geometric complexity.
/// </summary>
internal sealed class MechanismFinder(
    RunConfiguration configuration, RunStatus status, Network network, DataSet train, ExplanationRequest request)
{
    private readonly MechanismNotes _notes = new(configuration, status, network);
    private readonly string[] _names = configuration.Settings.TrainedParameters(network);

    /// <summary>Weighs them.</summary>
    /// <param name="questions">Receives what can't be answered.</param>
    public Mechanisms Find(ICollection<OpenQuestion> questions)
    {
        var (mean, last) = LearningRates();
        var named = Regularizers();
        var terms = Terms(mean, named);
        var batches =
            new RunBatches(configuration, network, train, request.Seed, _notes.Drops || terms.Any(pull => pull.Regularizer.IsRandom));
        var count = batches.Indices.Length;
        var complexity = new double[count];
        var found = terms.Select(_ => new (double Value, double Norm, double Effect)[count]).ToArray();

        // The function itself: running statistics, nothing dropped.
        var target = new GeometricComplexityRegularizer(1, batches.Cotangents, RunningStatistics: true);
        for (var i = 0; i < count; i++)
        {
            request.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();

            // Cotangents of their own: products of two estimates are unbiased only where these are independent.
            var aim = OnBatch(target, batches, i, 2 * i);
            complexity[i] = aim.Value;
            for (var p = 0; p < terms.Count; p++)
            {
                var penalty = OnBatch(terms[p].Regularizer, batches, i, (2 * i) + 1);
                var strength = terms[p].Strength;
                found[p][i] = (penalty.Value, strength * penalty.GradientNorm, -mean * strength * Dot(aim.Gradients, penalty.Gradients));
            }

            request.Progress?.Report((i + 1.0) / count);
        }

        ImmutableArray<Pull> pulls = [.. terms.Zip(found, (pull, samples) => new Pull(
            pull.Name, pull.Strength, Mean(samples, sample => sample.Value), Mean(samples, sample => sample.Norm),
            Mean(samples, sample => sample.Effect)))];
        return new Mechanisms(
            mean,
            last,
            batches.Size,
            count,
            batches.IsWhole,
            Mean(complexity, value => value),
            pulls,
            Implicit(batches, mean, questions),
            [.. _notes.WithoutGradient()],
            [.. _notes.Of(batches, pulls, [.. named.Where(pair => pair.Strength == 0).Select(pair => pair.Name)])]);
    }

    // One batch alone is taken only where it is all there is, and nothing is left to chance.
    private static Uncertain Mean<T>(T[] samples, Func<T, double> number) =>
        samples.Length == 1 ? number(samples[0]) : Uncertain.Mean([.. samples.Select(number)]).ExactWhereRounding();

    // The strengths of a run change as its schedules do: what held for most of it is their mean.
    private (double Mean, double Last) LearningRates()
    {
        var rate = configuration.Settings.Optimizer.LearningRate;
        return (
            rate * MeanOverSteps(configuration.Settings.Schedule.Factor),
            rate * configuration.Settings.Schedule.Factor(Math.Max(0, status.Step - 1), StepsPerEpoch, status.Steps));
    }

    private long StepsPerEpoch => status.Epoch > 0 ? Math.Max(1, (long)Math.Round(status.Step / status.Epoch)) : 1;

    private double MeanOverSteps(Func<long, long, long, double> factor)
    {
        const int places = 1000;
        var count = (int)Math.Clamp(status.Step, 1, places);
        return Enumerable.Range(0, count).Average(i => factor(status.Step * i / count, StepsPerEpoch, status.Steps));
    }

    private List<(string Name, double Strength, Regularizer Regularizer)> Regularizers() =>
        [.. configuration.Settings
            .NamedRegularizers()
            .Select(pair => (pair.Name, MeanOverSteps(pair.Regularizer.StrengthAt), pair.Regularizer))];

    private List<(string Name, double Strength, Regularizer Regularizer)> Terms(
        double rate, IEnumerable<(string Name, double Strength, Regularizer Regularizer)> named)
    {
        var terms = new List<(string Name, double Strength, Regularizer Regularizer)>
        {
            ("the loss", 1, new BatchLoss()),
            ("the learning rate", rate / 4, new FlatnessRegularizer(rate / 4)),
        };
        terms.AddRange(named.Where(pair => pair.Strength > 0));
        var decay = configuration.Settings.Optimizer switch
        {
            Sgd sgd => sgd.WeightDecay,
            Adam adam => adam.WeightDecay,
            AdamW adam => adam.WeightDecay,
            _ => 0,
        };
        if (decay > 0)
        {
            // A decay of w moves θ by −h w θ, the gradient of (w/2)‖θ‖².
            terms.Add(("weight decay", decay / 2, new L2Regularizer(decay / 2, AllParameters: true)));
        }

        return terms;
    }

    private Penalty OnBatch(Regularizer regularizer, RunBatches batches, int batch, int seed)
    {
        using var generator = new Generator(RandomStream.Seed(request.Seed + (long)seed, RandomStream.Measuring), network.Device);
        var options =
            new RunOptions { Training = true, Generator = generator, DropoutAfterForward = configuration.Settings.DropoutAfterForward };
        var (inputs, targets) = batches.Take(batches.Indices[batch]);
        return Penalty.Of(
            regularizer, network, _names, configuration.Settings.Loss, inputs, targets, options, generator,
            () => batches.DrawOthers(batch));
    }

    private static double Dot(IReadOnlyList<Tensor?> first, IReadOnlyList<Tensor?> second)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return first
            .Zip(second)
            .Sum(pair => pair is ({ } a, { } b) ? (a.To(ScalarType.Float64) * b.To(ScalarType.Float64)).Sum().Item() : 0);
    }

    private ImplicitTerms? Implicit(RunBatches batches, double rate, ICollection<OpenQuestion> questions)
    {
        const string question = "The parts of implicit gradient regularization";
        if (SlopeOfResidual() is not { } factor)
        {
            questions.Add(new OpenQuestion(question, "they are stated for losses whose slope by the logits is the residual or a "
                + $"multiple of it (cross-entropy and squared errors), and this run's is '{configuration.Settings.Loss.Id}'"));
            return null;
        }

        var subject = new Subject(network) { Frozen = [.. network.Parameters.Select(parameter => parameter.Name).Except(_names)] };
        var chosen = batches.IsWhole ? batches.Indices[..1] : batches.Indices;
        var results = chosen.Select(indices => new ImplicitGradientRegularization().Measurement(
            new MeasureContext(
                subject, batches.ToDataSet(indices, configuration.Settings.Loss.TakesClasses),
                new MeasureOptions { Cancellation = request.Cancellation }))).ToArray();
        if (results.Select(result => result.NotApplicable).OfType<string>().FirstOrDefault() is { } why)
        {
            questions.Add(new OpenQuestion(question, why));
            return null;
        }

        Uncertain Part(Func<MeasureResult, double> part) => Mean(results, part) * (rate / 4 * factor * factor);
        return new ImplicitTerms(
            Part(result => result.Value!.Value),
            Part(result => result.Detail("gradientNorms")),
            Part(result => result.Detail("labelAlignment")),
            Part(result => result.Detail("batchAlignment")),
            [.. results[0].Notes, .. _notes.Drops ? (string[])["with nothing dropped, unlike the pull above"] : []]);
    }

    /// <summary>The loss's slope by the logits in residuals; null where it is no multiple of them.</summary>
    private double? SlopeOfResidual() => configuration.Settings.Loss switch
    {
        CrossEntropy or BinaryCrossEntropy or HalfSquaredError => 1,
        MeanSquaredError => 2.0 / Math.Max(1, train.Targets is null ? 1 : train.TargetSize),
        _ => null,
    };
}
