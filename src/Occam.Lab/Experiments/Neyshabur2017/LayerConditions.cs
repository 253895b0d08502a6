using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// Everything that conditions C1, C2 and C3 of Neyshabur et al. 2017, §4, are the extremes of, for a perceptron without biases
/// at some examples, taken as the network takes them. P_{a..b} is the product of D_iW_i, W_0 = x and D_0 = I, D_i telling which
/// units are active, that of the outputs the identity.
/// </summary>
/// <param name="Ratios">C1: √h_c ‖P_{a..b}‖_F/(‖P_{c+1..b}‖_F ‖P_{a..c}‖_F) for all examples and 0 ≤ a ≤ c &lt; b ≤ d; μ is the
/// least.</param>
/// <param name="NearZero">C2: for each hidden layer the share of units with a pre-activation within each of <see cref="Deltas"/> of zero, a
/// mean over the examples.</param>
/// <param name="Peaks">C3: √h_i ‖W_{i,j}‖/‖D_iW_i‖_F for all examples, layers and units j.</param>
/// <param name="Outputs">What the network computes, all outputs of all examples.</param>
/// <param name="InputNorm">The mean ‖x‖.</param>
internal sealed record LayerConditions(
    ImmutableArray<InteractionRatio> Ratios, ImmutableArray<ImmutableArray<double>> NearZero, ImmutableArray<double> Peaks,
    ImmutableArray<double> Outputs, double InputNorm)
{
    /// <summary>The sizes of perturbations.</summary>
    public static readonly ImmutableArray<double> Deltas = [.. Enumerable.Range(1, 50).Select(i => i / 50.0)];

    /// <summary>1/μ, the largest condition number.</summary>
    public double ConditionNumber => Ratios.Max(ratio => 1 / ratio.Value);

    /// <summary>C₂, the largest share over its δ.</summary>
    public double C2 => NearZero.Max(layer => layer.Zip(Deltas, (share, delta) => share / delta).Max());

    /// <summary>C₃.</summary>
    public double C3 => Peaks.Max();

    /// <summary>Measures a perceptron without biases at the first examples.</summary>
    public static LayerConditions Measure(Network network, DataSet data, int examples, Replica replica)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        Tensor[] W = [.. network.Parameters.Select(parameter => parameter.Value)];
        var inputs = new float[examples * data.ExampleSize];
        data.CopyInputs([.. Enumerable.Range(0, examples)], inputs);
        var x = Tensor.FromArray(inputs, examples, data.ExampleSize).To(network.Type).To(network.Device);
        var before = new List<Tensor>();
        var value = x;
        foreach (var weight in W)
        {
            before.Add(value.MatMul(weight.T()));
            value = before[^1].Clamp(0, null);
        }

        var hidden = before.SkipLast(1).ToArray();
        var ratios = ImmutableArray.CreateBuilder<InteractionRatio>();
        var peaks = ImmutableArray.CreateBuilder<double>();
        for (var example = 0; example < examples; example++)
        {
            using var inner = Libtorch.NewDisposeScope();
            Tensor[] layers =
            [
                x.Select(0, example).Unsqueeze(1),
                .. W.Select((weight, i) => i < hidden.Length
                    ? hidden[i].Select(0, example).GreaterThan(0).To(weight.ScalarType).Unsqueeze(1) * weight
                    : weight),
            ];
            ratios.AddRange(InteractionRatio.All(Norms(layers, replica, example, examples)));
            for (var i = 0; i < W.Length; i++)
            {
                peaks.AddRange((W[i].Norm([1]) * (Math.Sqrt(W[i].Size(0)) / layers[i + 1].Norm().Item())).To(Device.Cpu).ToArray<double>());
            }
        }

        return new LayerConditions(
            ratios.ToImmutable(),
            [.. hidden.Select(layer => Shares(layer.Abs().To(Device.Cpu).ToArray<double>()))],
            peaks.ToImmutable(),
            [.. before[^1].To(Device.Cpu).ToArray<double>()],
            x.Norm([1]).Mean().Item());
    }

    private static ImmutableArray<double> Shares(double[] magnitudes) =>
        [.. Deltas.Select(delta => (double)magnitudes.Count(magnitude => magnitude <= delta) / magnitudes.Length)];

    /// <summary>‖P_{a..b}‖_F for a ≤ b, with the number of units of each layer, those of the input first.</summary>
    private static (double[,] Norms, long[] Units) Norms(Tensor[] layers, Replica replica, int example, int examples)
    {
        var norms = new double[layers.Length, layers.Length];
        for (var a = 0; a < layers.Length; a++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var product = layers[a];
            norms[a, a] = product.Norm().Item();
            for (var b = a + 1; b < layers.Length; b++)
            {
                replica.Cancellation.ThrowIfCancellationRequested();
                product = layers[b].MatMul(product);
                norms[a, b] = product.Norm().Item();
            }

            replica.Report((example + ((a + 1.0) / layers.Length)) / examples);
        }

        return (norms, [.. layers.Select(layer => layer.Size(0))]);
    }
}
