using System.Globalization;
using Occam.Data;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;
using Occam.Training.Losses;

namespace Occam.Lab.Explaining;

/// <summary>Collects the explanation of a trained run.</summary>
/// <example>
/// <code>
/// var explanation = new Explainer(new ExplanationRequest { Limit = 200 }).Explain(RunFolder.Open("runs/mlp-glyphs"));
/// ExplanationPage.Of(explanation, "").Write("explanation.html");
/// </code>
/// </example>
public sealed class Explainer(ExplanationRequest request)
{
    private const string TrainName = "train";
    private const string TestName = "test";

    /// <summary>Explains a run.</summary>
    /// <exception cref="OccamException">The run has no network yet, or its files are damaged. Data that can't be had are no error: then
    /// the explanation has fewer parts.</exception>
    /// <exception cref="OperationCanceledException">The request's token was cancelled.</exception>
    public Explanation Explain(RunFolder run)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (configuration, status) = (run.Configuration, run.Status);
        var questions = new List<OpenQuestion>();
        var metrics = run.Metrics(why => questions.Add(new OpenQuestion("What a row of metrics said", why)));
        var growth = MetricFamily.Of(metrics, configuration.Probes);
        AskForProbes(configuration, questions);
        if (status.State != RunState.Completed)
        {
            questions.Add(
                new OpenQuestion(
                    "How the run ends",
                    $"it is {status.State.ToString().ToLowerInvariant()}{(status.Why.Length > 0 ? $" ({status.Why})" : "")}: "
                        + $"what is measured here is its network of step {status.Checkpoint}"));
        }

        var type = run.Configuration.Precision.WeightType;
        var network = run.Network().To(type, request.Device);
        var (place, comparison) = ((Placement?)null, (RunComparison?)null);

        // Data that were asked for by name must be there; those of the run may have gone.
        var data = request.Data == TrainName
            ? Try("Where the complexity sits, and how it compares", questions, () => Open(configuration))
            : Open(configuration);
        if (data is not null)
        {
            request.Progress?.Begin("Complexity by layer, class and example");
            MeasureContext Context(Network measured, bool layers) => new(
                new Subject(measured, Final(configuration)),
                data,
                new MeasureOptions
                {
                    Layers = layers,
                    Directions = request.Directions,
                    Seed = request.Seed,
                    Progress = share => request.Progress?.Report(share),
                    Cancellation = request.Cancellation,
                });
            place = Placer.Place(
                Context(network, layers: true), Context(run.InitialNetwork().To(type, request.Device), layers: false),
                run.BestNetwork() is { } best ? Context(best.To(type, request.Device), layers: false) : null);
            if (!double.IsFinite(place.Complexity.Value ?? double.NaN))
            {
                // Every other number would be one of it, or made of it.
                questions.Add(
                    new OpenQuestion(
                        "How complex the function is, and why",
                        "its geometric complexity is "
                            + $"{place.Complexity.Value?.ToString(CultureInfo.InvariantCulture) ?? "not defined"} in this precision: the "
                                + "weights have grown out of all bounds; train with a smaller learning rate"));
                return new Explanation(run, status, network.ParameterCount, growth, null, null, null, [.. questions]);
            }

            if (data.Labels is null)
            {
                questions.Add(new OpenQuestion("Complexity by class", "the data have no classes"));
            }

            request.Progress?.Begin("The other runs");
            comparison = new RunComparer(request).Compare(run, network, data, questions);
            if (comparison is { Runs.Length: 1 })
            {
                questions.Add(new OpenQuestion(
                    "How it compares",
                    "there is no other run of the same test data beside it: train some, with another learning rate, batch or regularizer"));
            }
        }

        request.Progress?.Begin("What held complexity down");
        var mechanisms = Try(
            "What held complexity down", questions,
            () => new MechanismFinder(configuration, status, network, configuration.Data.OpenTrain(), request).Find(questions));
        return new Explanation(run, status, network.ParameterCount, growth, place, mechanisms, comparison, [.. questions]);
    }

    private DataSet Open(RunConfiguration configuration)
    {
        var data = request.Data switch
        {
            TrainName => configuration.Data.OpenTrain(),
            TestName => configuration.Data.OpenTest()
                ?? throw new OccamException("the run has no test data: name data to measure on, or leave them out for its training data"),
            _ => configuration.Data.OpenOther(request.Data),
        };
        return data.Subset(request.Limit, request.Seed);
    }

    private static FinalActivation Final(RunConfiguration configuration) => configuration.Settings.Loss switch
    {
        BinaryCrossEntropy => FinalActivation.Sigmoid,
        CrossEntropy => FinalActivation.Softmax,
        _ => FinalActivation.None,
    };

    private static void AskForProbes(RunConfiguration configuration, List<OpenQuestion> questions)
    {
        if (!configuration.Probes.Any(probe => probe.Measure is GeometricComplexity))
        {
            questions.Add(new OpenQuestion("How geometric complexity grew from step to step", "the run had no probe of it, and only its "
                + "beginning and end are known: add 'probes: [{ measure: geometric-complexity, limit: 200 }]' to the configuration"));
        }

        if (!configuration.Settings.Trajectory)
        {
            questions.Add(new OpenQuestion("The trajectory of the biases", "it was not followed: add 'trajectory: true' to the "
                + $"configuration{(configuration.Precision == Precision.BFloat16 ? ", with a precision of float32" : "")}"));
        }
    }

    private static T? Try<T>(string question, List<OpenQuestion> questions, Func<T> answer)
        where T : class
    {
        try
        {
            return answer();
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            questions.Add(new OpenQuestion(question, e.Reason()));
            return null;
        }
    }
}
