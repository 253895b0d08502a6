using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// A network as Neyshabur et al. 2017, §1, write it, W_d D_{d−1} W_{d−1} ⋯ D_1 W_1 x: dense layers in a row with ReLU between. Biases
/// are not in it; where the network has some, D_i is still the one that it has at x.
/// </summary>
internal sealed class LayerChain
{
    private const double Rounding = 1e-8;
    private const int Checked = 4;

    private readonly TheoryContext _context;
    private readonly string[] _rectified;

    private LayerChain(TheoryContext context, ImmutableArray<Tensor> weights, string[] rectified)
    {
        (_context, Weights, _rectified) = (context, weights, rectified);
    }

    /// <summary>W_1 … W_d, each h_i × h_{i−1}, in float64.</summary>
    public ImmutableArray<Tensor> Weights { get; }

    /// <summary>d.</summary>
    public int Depth => Weights.Length;

    /// <summary>h_0 … h_d.</summary>
    public ImmutableArray<long> Units => [Weights[0].Size(1), .. Weights.Select(W => W.Size(0))];

    /// <summary>Whether the layers add biases, which the paper's networks don't.</summary>
    public bool HasBiases { get; private set; }

    /// <summary>The network as such a chain; otherwise why it isn't one.</summary>
    public static LayerChain? Of(TheoryContext context, out string? why)
    {
        var network = context.Network;
        why = HiddenActivations.Problem(network);
        if (why is not null)
        {
            return null;
        }

        var layers = context.Measures.WeightLayers;
        var rectified = network.ActiveNodes.Where(node => network.LinearityOf(node) == Linearity.PiecewiseAffine)
            .Select(node => node.Inputs[0])
            .ToArray();
        var chain = new LayerChain(context, [.. layers.All.Select(layer => layer.Matrix)], rectified);
        if (layers.Skipped.Length > 0 || chain.Depth != rectified.Length + 1 || !chain.Fits() || !chain.Reproduces())
        {
            why = "is stated for dense layers in a row with one ReLU between each two";
            return null;
        }

        return chain;
    }

    /// <summary>The first examples as rows; of unit length, as the paper has them, where the network has no biases.</summary>
    public Tensor Examples(int count)
    {
        var x = _context.Measures.Examples(0, Math.Min(count, _context.Data.Count)).Flatten(1);
        return HasBiases ? x : Unit(x);
    }

    /// <summary>Examples as rows of unit length; those of zeros stay as they are.</summary>
    public static Tensor Unit(Tensor x) => x.Flatten(1) / x.Flatten(1).Norm([1], keep: true).Clamp(1e-300, null);

    /// <summary>The labels of the first examples; null where the data have none, or others than the outputs are for.</summary>
    public int[]? Labels(int count) =>
        _context.Data.Labels is { } labels && labels.All(label => label < Math.Max(2, Units[^1])) ? labels[..count] : null;

    /// <summary>The pre-activations of the hidden layers, examples × h_i each.</summary>
    public Tensor[] PreActivations(Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        var values = _rectified.Length == 0
            ? new Dictionary<string, Tensor>()
            : _context.Network.Run(x.Reshape([x.Size(0), .. _context.Measures.ExampleShape]), [.. _rectified.Distinct()]);
        return Array.ConvertAll(_rectified, name => values[name].Flatten(1));
    }

    /// <summary>‖f(x)‖ of each example, of a chain without biases.</summary>
    public double[] Outputs(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Layers(x)[^1].Norm([1]).ToArray<double>();
    }

    /// <summary>‖f^k(x)‖ by k = 0 … d and example, f^0 = x, of a chain without biases.</summary>
    public double[][] LayerOutputs(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        return [x.Norm([1]).ToArray<double>(), .. Layers(x).Select(value => value.Norm([1]).ToArray<double>())];
    }

    /// <summary>f^k(x), k = 1 … d, examples × h_k each, of a chain without biases: rectified but for the last.</summary>
    public IReadOnlyList<Tensor> Layers(Tensor x) => Layers(Weights, x);

    /// <summary>The same for other weights.</summary>
    public static IReadOnlyList<Tensor> Layers(IReadOnlyList<Tensor> weights, Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        var values = new List<Tensor>();
        for (var i = 0; i < weights.Count; i++)
        {
            x = x.MatMul(weights[i].T());
            x = i < weights.Count - 1 ? x.Clamp(0, null) : x;
            values.Add(x);
        }

        return values;
    }

    private bool Fits() =>
        Units[0] == _context.Measures.Inputs && Units[^1] == _context.Measures.Outputs
        && Enumerable.Range(1, Depth - 1).All(i => Weights[i].Size(1) == Weights[i - 1].Size(0));

    /// <summary>Whether the layers, up to biases that are the same for every example, compute what the network does.</summary>
    private bool Reproduces()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var before = _context.Measures.Examples(0, Math.Min(Checked, _context.Data.Count)).Flatten(1);
        Tensor[] after =
            [.. PreActivations(before), _context.Network.Forward(before.Reshape([before.Size(0), .. _context.Measures.ExampleShape]))];
        for (var i = 0; i < Depth; i++)
        {
            if (after[i].Size(1) != Units[i + 1])
            {
                return false;
            }

            var rest = after[i] - before.MatMul(Weights[i].T());
            var scale = after[i].Norm().Item() + before.Norm().Item();
            if ((rest - rest.Mean([0], keep: true)).Norm().Item() > Rounding * scale)
            {
                return false;
            }

            HasBiases |= rest.Norm().Item() > Rounding * scale;
            before = after[i].Clamp(0, null);
        }

        return true;
    }
}
