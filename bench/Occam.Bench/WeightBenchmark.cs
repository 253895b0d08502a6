using System.Diagnostics;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>Measures of the weights alone, which have no usual script to be held against: seconds on this machine.</summary>
internal sealed class WeightBenchmark(Setting setting)
{
    private const double MostForOperatorNorms = 10;
    private const double MostForResNet = 15;
    private const double MostForMlp = 5;

    private static readonly Measure[] s_all = [.. MeasureCatalogue.All.Values.Where(
        measure => measure is WeightMeasure or PathNorm or ParameterCount or VcDimension or LipschitzCapacity or PublishedPathNorm)];

    /// <summary>The lines.</summary>
    public IEnumerable<Row> Run(Action<string> tell)
    {
        using var generator = new Generator(0);
        var resNet = ResNet18.Build(InitializationScheme.PyTorch, generator);
        var initial = ResNet18.Build(InitializationScheme.PyTorch, generator);
        long[] sizes = [784, .. Enumerable.Repeat(1000L, 9), 10];
        var mlp = Mlp.Build(sizes, "relu", InitializationScheme.PyTorch, generator);
        var mlpInitial = Mlp.Build(sizes, "relu", InitializationScheme.PyTorch, generator);
        yield return Of(
            "operator norms of ResNet-18", resNet, initial, [MeasureCatalogue.Find("operator-norm")], MostForOperatorNorms, tell);
        yield return Of($"{s_all.Length} weight measures of ResNet-18", resNet, initial, s_all, MostForResNet, tell);
        yield return Of($"{s_all.Length} weight measures of a 10×1000 MLP", mlp, mlpInitial, s_all, MostForMlp, tell);
    }

    private Row Of(string title, Network network, Network initial, Measure[] measures, double most, Action<string> tell)
    {
        var seconds = new List<double>();
        for (var round = 0; round < Math.Min(setting.Rounds, 3); round++)
        {
            tell($"{title}, round {round + 1}");
            var clock = Stopwatch.StartNew();
            using var scope = Libtorch.NewDisposeScope();
            var context = new MeasureContext(new Subject(network).WithInitial(initial), null);
            foreach (var measure in measures)
            {
                measure.Measurement(context);
            }

            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        var spread = new Spread([.. seconds]);
        return new Row(title, Format.Seconds(spread), "", "", "", $"≤ {most} s", "", spread.Median <= most);
    }
}
