using Occam.Data;
using Occam.Lab.Runs;
using Occam.Measures;
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
internal sealed class MechanismFinder(RunConfiguration configuration, RunStatus status, Network network, DataSet train, ExplanationRequest request)
{
    private const int Batches = 8;
    private const int LargestBatch = 256;
    private const int MostExactOutputs = 32;
    private const int Cotangents = 8;

    private readonly string[] _names = [.. network.Parameters.Select(parameter => parameter.Name).Where(name => !configuration.Settings.IsFrozen(name))];

    /// <summary>Weighs them.</summary>
    /// <param name="untold">Told what can't be told.</param>
    public Mechanisms Find(ICollection<Untold> untold)
    {
        var (mean, last) = LearningRates();
        var asked = Math.Min(configuration.Batch ?? train.Count, train.Count);
        var size = Math.Min(asked, LargestBatch);
        var batches = DrawBatches(size);
        var pulled = Pulled(mean);
        var complexity = new double[batches.Length];
        var found = pulled.Select(_ => new (double Value, double Norm, double Effect)[batches.Length]).ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            request.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var target = OnBatch(ComplexityOfBatch(), batches[i], i);
            complexity[i] = target.Value;
            for (var p = 0; p < pulled.Count; p++)
            {
                var penalty = OnBatch(pulled[p].Regularizer, batches[i], i);
                var strength = pulled[p].Strength;
                found[p][i] = (penalty.Value, strength * penalty.GradientNorm, -mean * strength * Dot(target.Gradients, penalty.Gradients));
            }

            request.Progress?.Report((i + 1.0) / batches.Length);
        }

        return new Mechanisms(
            mean,
            last,
            size,
            batches.Length,
            Uncertain.Of(complexity),
            [.. pulled.Zip(found, (pull, samples) => new Pull(pull.Name, pull.Strength, Mean(samples, sample => sample.Value), Mean(samples, sample => sample.Norm), Mean(samples, sample => sample.Effect)))],
            Implicit(batches, mean, untold),
            [.. WithoutGradient()],
            [.. Notes(asked, size)]);
    }

    private static Uncertain Mean<T>(T[] samples, Func<T, double> number) => Uncertain.Of([.. samples.Select(number)]);

    // The strengths of a run change as its schedules do: what held for most of it is their mean.
    private (double Mean, double Last) LearningRates()
    {
        var rate = configuration.Optimizer.LearningRate;
        return (rate * MeanOverSteps(configuration.Schedule.Factor), rate * configuration.Schedule.Factor(Math.Max(0, status.Step - 1), StepsPerEpoch, status.Steps));
    }

    private long StepsPerEpoch => status.Epoch > 0 ? Math.Max(1, (long)Math.Round(status.Step / status.Epoch)) : 1;

    private double MeanOverSteps(Func<long, long, long, double> factor)
    {
        const int places = 1000;
        var count = (int)Math.Clamp(status.Step, 1, places);
        return Enumerable.Range(0, count).Average(i => factor(status.Step * i / count, StepsPerEpoch, status.Steps));
    }

    private List<(string Name, double Strength, Regularizer Regularizer)> Pulled(double rate)
    {
        var pulled = new List<(string, double, Regularizer)>
        {
            ("the loss", 1, new BatchLoss()),
            ("the learning rate", rate / 4, new Flatness(rate / 4)),
        };
        pulled.AddRange(configuration.Regularizers.Select(regularizer => (regularizer.Id, MeanOverSteps(regularizer.StrengthAt), regularizer)));
        var decay = configuration.Optimizer switch
        {
            Sgd sgd => sgd.WeightDecay,
            Adam adam => adam.WeightDecay,
            AdamW adam => adam.WeightDecay,
            _ => 0,
        };
        if (decay > 0)
        {
            // A decay of w moves θ by −h w θ, the gradient of (w/2)‖θ‖².
            pulled.Add(("weight decay", decay / 2, new L2(decay / 2, AllParameters: true)));
        }

        return pulled;
    }

    private int[][] DrawBatches(int size)
    {
        if (size == train.Count)
        {
            return [[.. Enumerable.Range(0, size)]];
        }

        var random = new SeededRandom(request.Seed);
        return [.. Enumerable.Range(0, Batches).Select(_ => random.Choose(size, train.Count))];
    }

    // The function itself: running statistics, nothing dropped.
    private Occam.Training.Regularizers.GeometricComplexity ComplexityOfBatch() =>
        new(1, train.Classes > MostExactOutputs || train.TargetSize > MostExactOutputs ? Cotangents : 0, RunningStatistics: true);

    private Penalty OnBatch(Regularizer regularizer, int[] indices, int number)
    {
        using var generator = new Generator((ulong)(request.Seed + number), network.Device);
        var options = new RunOptions { Training = true, Generator = generator, DropoutAfterForward = configuration.DropoutAfterForward };
        var (inputs, targets) = Examples(indices);
        var random = new SeededRandom(request.Seed, number + 1);
        return Penalty.Of(regularizer, network, _names, configuration.Loss, inputs, targets, options, generator, () => Examples(random.Choose(indices.Length, train.Count)));
    }

    private (Tensor Inputs, Tensor Targets) Examples(int[] indices)
    {
        var inputs = new double[indices.Length * train.ExampleSize];
        train.CopyInputs(indices, inputs);
        var classes = configuration.Loss.TakesClasses || train.Targets is null;
        var size = classes ? 1 : train.TargetSize;
        double[] targets = classes
            ? Array.ConvertAll(indices, i => (double)train.RequireLabels()[i])
            : [.. indices.SelectMany(i => train.Targets![(i * size)..((i + 1) * size)])];
        return (
            Tensor.FromArray(inputs, [indices.Length, .. InputShape.Fit(network.ExampleShape, train)]).To(network.Type).To(network.Device),
            Tensor.FromArray(targets, indices.Length, size).To(network.Type).To(network.Device));
    }

    private DataSet Chosen(int[] indices)
    {
        var inputs = new double[indices.Length * train.ExampleSize];
        train.CopyInputs(indices, inputs);
        var size = train.TargetSize;
        return DataSet.FromArrays(
            train.Name,
            train.ExampleShape,
            inputs,
            train.Labels is { } labels ? Array.ConvertAll(indices, i => labels[i]) : null,
            train.Targets is { } targets ? [.. indices.SelectMany(i => targets[(i * size)..((i + 1) * size)])] : null);
    }

    private static double Dot(IReadOnlyList<Tensor?> first, IReadOnlyList<Tensor?> second)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return first.Zip(second).Sum(pair => pair is ({ } a, { } b) ? (a.To(ScalarType.Float64) * b.To(ScalarType.Float64)).Sum().Item() : 0);
    }

    private ImplicitTerms? Implicit(int[][] batches, double rate, ICollection<Untold> untold)
    {
        const string question = "The parts of implicit gradient regularization";
        var isResidual = train.Labels is not null ? configuration.Loss is CrossEntropy or BinaryCrossEntropy : configuration.Loss is HalfSquaredError;
        if (!isResidual)
        {
            untold.Add(new Untold(question, $"they are stated for losses whose slope by the logits is the residual (cross-entropy or binary-cross-entropy of classes, half-squared-error of targets), and this run's is '{configuration.Loss.Id}'"));
            return null;
        }

        var results = batches.Select(indices => new ImplicitGradientRegularization().Measurement(new MeasureContext(new Subject(network), Chosen(indices), new MeasureOptions { Cancellation = request.Cancellation }))).ToArray();
        if (results[0].NotApplicable is { } why)
        {
            untold.Add(new Untold(question, why));
            return null;
        }

        Uncertain Part(Func<MeasureResult, double> part) => Mean(results, part).Times(rate / 4);
        return new ImplicitTerms(
            Part(result => result.Value!.Value),
            Part(result => result.Detail("gradientNorms")),
            Part(result => result.Detail("labelAlignment")),
            Part(result => result.Detail("batchAlignment")),
            results[0].Notes);
    }

    private IEnumerable<string> WithoutGradient()
    {
        if (configuration.InputNoise > 0)
        {
            yield return $"noise of standard deviation {configuration.InputNoise} on the inputs";
        }

        if (configuration.LabelNoise is { } noise)
        {
            yield return $"{noise.Fraction:P0} of the labels replaced at random{(noise.Redrawn ? ", anew each time" : "")}";
        }

        if (configuration.Augmentation is { } augmentation)
        {
            yield return $"augmentation: {(augmentation.Crop > 0 ? $"crops of ±{augmentation.Crop} pixels" : "")}{(augmentation is { Crop: > 0, Flip: true } ? ", " : "")}{(augmentation.Flip ? "flips" : "")}";
        }

        if (network.ActiveNodes.Any(node => network.Operators[node].DropProbability(node, network.Constant) > 0))
        {
            yield return "dropout";
        }

        if (status.Step < status.Steps)
        {
            yield return $"an early end, after {status.Step} of {status.Steps} steps";
        }
    }

    private IEnumerable<string> Notes(int asked, int size)
    {
        if (size < asked)
        {
            yield return $"The run's batches have {asked} examples; {size} of them were taken here, which makes the batches' spread larger than it was.";
        }

        if (!configuration.Optimizer.IsPlain)
        {
            yield return $"The optimizer '{configuration.Optimizer.Id}' does not take plain gradient steps (momentum, adaptive rates or decay change them): signs and proportions are those of a plain step at the same learning rate.";
        }

        if (configuration.LabelNoise is not null || configuration.InputNoise > 0 || configuration.Augmentation is not null)
        {
            yield return "The batches are the training examples as they are stored, without the run's noise and augmentation.";
        }
    }
}
