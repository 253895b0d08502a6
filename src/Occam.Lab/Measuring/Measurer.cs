using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Lab.Measuring;

/// <summary>Loads networks and data, and measures.</summary>
public static class Measurer
{
    private const long ParametersWorthThreads = 200_000;

    private static readonly Lazy<Task> s_loading = new(() => Task.Run(() => Libtorch.Threads));

    /// <summary>Begins to load libtorch, which takes longer than everything else that a small network needs.</summary>
    public static void WarmUp() => _ = s_loading.Value;

    /// <summary>Opens the request's data.</summary>
    /// <exception cref="OccamException">They can't be opened.</exception>
    public static DataSet Open(MeasuringRequest request) => DataSource.Open(request.Data, request.DataOptions);

    /// <summary>Measures one network.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="data">The examples.</param>
    /// <param name="request">What to measure, and how.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network or the data are unusable, or the only measure asked for can't be computed.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static MeasuredNetwork Measure(string path, DataSet data, MeasuringRequest request, WorkProgress progress) =>
        Measure(Load(path, request), data, request, progress);

    /// <summary>Loads a network as the request wants it, and sets libtorch's threads.</summary>
    /// <exception cref="OccamException">The network is unusable.</exception>
    public static LoadedSubject Load(string path, MeasuringRequest request)
    {
        var loaded = NetworkLoader.Load(path, request.Function);
        var threads = request.Threads ?? ChooseThreads(loaded);
        Libtorch.Threads = threads;
        var subject = Subject.Of(loaded, request.Precision?.Type, Device.Parse(request.Device));
        return new LoadedSubject(loaded, request.Initial is { } initial ? subject.WithInitial(Initial(initial)) : subject, threads);
    }

    /// <summary>Measures a network that is loaded.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The examples.</param>
    /// <param name="request">What to measure, and how.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network or the data are unusable, or the only measure asked for can't be computed.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static MeasuredNetwork Measure(LoadedSubject network, DataSet data, MeasuringRequest request, WorkProgress progress)
    {
        var forecasts = new MeasureForecasts(progress.Say);
        var context = new MeasureContext(network.Subject, data, forecasts.Within(request.Options, progress.Report) with
        {
            Threads = request.Threads ?? Environment.ProcessorCount,
        });
        context.Plan(request.Measures);
        var results = ImmutableArray.CreateBuilder<MeasureResult>();
        foreach (var measure in request.Measures)
        {
            request.Options.Cancellation.ThrowIfCancellationRequested();
            progress.Begin(measure.Title);
            forecasts.Begin(measure.Title);
            results.Add(measure.Measurement(context));
        }

        return results is [{ NotApplicable: { } why } only]
            ? throw new OccamException($"{only.Name} can't be computed for {network.Loaded.Path}: it {why}")
            : new MeasuredNetwork(network.Loaded, context, results.ToImmutable(), network.Threads);
    }

    private static Network Initial(string path) => NetworkLoader.IsTorchScript(path)
        ? throw new OccamException($"{path} is TorchScript, whose weights can't be told apart: --initial expects an ONNX file of the "
            + "measured network's architecture")
        : NetworkLoader.Load(path).Network!;

    // What one thread computes in microseconds takes several of them longer.
    private static int ChooseThreads(LoadedNetwork loaded) =>
        loaded.Network is { } network
            && network.ParameterCount <= ParametersWorthThreads
            && !network.Graph.Nodes.Any(node => node.OperatorType.Contains("Conv", StringComparison.Ordinal))
            ? 1
            : Environment.ProcessorCount;
}
