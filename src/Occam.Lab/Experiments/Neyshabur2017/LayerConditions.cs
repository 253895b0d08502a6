using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// Conditions C1, C2 and C3 of Neyshabur et al. 2017, §4, of a perceptron without biases, as <see cref="InteractionConditions"/> has them
/// for <c>occam verify</c>: at each of some examples, which are of length 1, and for every δ &gt; 0 in C2. The constants are those of the
/// worst example. Beside C2 stands what Figures 5 and 7 may have drawn, the paper doesn't say: inputs as the network takes them,
/// shares that are means over the examples, and δ of 0.02 or more. C1 and C3 don't depend on the length of the inputs.
/// </summary>
/// <param name="ConditionNumber">C1: 1/μ, over 0 ≤ a ≤ c &lt; b ≤ d, all that Figure 6 shows.</param>
/// <param name="C2">C₂ of the theorem.</param>
/// <param name="C3">C₃.</param>
internal sealed record LayerConditions(double ConditionNumber, double C2, double C3)
{
    /// <summary>The δ of the curves of Figures 5 and 7.</summary>
    public static readonly ImmutableArray<double> DrawnDeltas = [.. Enumerable.Range(1, 50).Select(i => i / 50.0)];

    /// <summary>The δ of the same curves for inputs of length 1.</summary>
    public static readonly ImmutableArray<double> UnitDeltas = [.. Enumerable.Range(1, 50).Select(i => i / 1000.0)];

    /// <summary>C1 as it is printed, 1/μ over a &lt; c &lt; b alone.</summary>
    public double StatedConditionNumber { get; init; }

    /// <summary>C₂ over δ of at least 0.02, of the worst example of length 1.</summary>
    public double CoarseC2 { get; init; }

    /// <summary>C₂ as Figures 5 and 7 may have drawn it.</summary>
    public double DrawnC2 { get; init; }

    /// <summary>C1: the ratios of all examples.</summary>
    public ImmutableArray<InteractionRatio> Ratios { get; init; } = [];

    /// <summary>C2: by hidden layer, the largest share of an example of length 1 within each of <see cref="UnitDeltas"/> of zero.</summary>
    public ImmutableArray<ImmutableArray<double>> NearZero { get; init; } = [];

    /// <summary>By hidden layer, the mean share of inputs as they are within each of <see cref="DrawnDeltas"/> of zero.</summary>
    public ImmutableArray<ImmutableArray<double>> DrawnNearZero { get; init; } = [];

    /// <summary>C3: √h_i ‖W_{i,j}‖/‖D_iW_i‖_F of all examples, layers and units j.</summary>
    public ImmutableArray<double> Peaks { get; init; } = [];

    /// <summary>What the network computes of the inputs as they are, all outputs of all examples.</summary>
    public ImmutableArray<double> Outputs { get; init; } = [];

    /// <summary>The mean ‖x‖ of the inputs as they are.</summary>
    public double InputNorm { get; init; }

    /// <summary>Measures a perceptron without biases at the first examples, in float64.</summary>
    public static LayerConditions Measure(Network network, DataSet data, int examples, Replica replica)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        Tensor[] W = [.. network.Parameters.Select(parameter => parameter.Value.To(ScalarType.Float64))];
        var inputs = new double[examples * data.ExampleSize];
        data.CopyInputs([.. Enumerable.Range(0, examples)], inputs);
        var x = Tensor.FromArray(inputs, examples, data.ExampleSize).To(network.Device);
        var lengths = x.Norm([1], keep: true);
        var unit = x / lengths;
        var before = PreActivations(W, unit);
        InteractionConditions[] each =
        [
            .. Enumerable.Range(0, examples).Select(example => InteractionConditions.At(
                W, unit.Select(0, example), [.. before.SkipLast(1).Select(z => z.Select(0, example))],
                share => replica.Report((example + share) / examples), replica.Cancellation)),
        ];
        return Of(each, lengths.ToArray<double>(), (before[^1] * lengths).ToArray<double>());
    }

    /// <summary>Of the conditions at examples of length 1, the lengths they were scaled from, and the outputs of those.</summary>
    private static LayerConditions Of(IReadOnlyList<InteractionConditions> each, double[] lengths, double[] outputs)
    {
        var layers = Enumerable.Range(0, each[0].Magnitudes.Length).ToArray();
        double Drawn(int layer, double delta) => each.Zip(lengths, (one, length) => one.Share(layer, delta / length)).Average();
        ImmutableArray<ImmutableArray<double>> drawn =
            [.. layers.Select(layer => DrawnDeltas.Select(delta => Drawn(layer, delta)).ToImmutableArray())];
        return new LayerConditions(1 / each.Min(one => one.Mu), each.Max(one => one.C2), each.Max(one => one.C3))
        {
            StatedConditionNumber = 1 / each.Min(one => one.StatedMu),
            CoarseC2 = each.Max(one => one.C2From(DrawnDeltas[0])),
            DrawnC2 = drawn.Max(layer => layer.Zip(DrawnDeltas, (share, delta) => share / delta).Max()),
            Ratios = [.. each.SelectMany(one => one.Ratios)],
            NearZero =
                [.. layers.Select(layer => UnitDeltas.Select(delta => each.Max(one => one.Share(layer, delta))).ToImmutableArray())],
            DrawnNearZero = drawn,
            Peaks = [.. each.SelectMany(one => one.Peaks).SelectMany(layer => layer)],
            Outputs = [.. outputs],
            InputNorm = lengths.Average(),
        };
    }

    /// <summary>The pre-activations of all layers, the outputs last.</summary>
    private static List<Tensor> PreActivations(Tensor[] weights, Tensor x)
    {
        var before = new List<Tensor>();
        foreach (var W in weights)
        {
            before.Add((before.Count == 0 ? x : before[^1].Clamp(0, null)).MatMul(W.T()));
        }

        return before;
    }
}
