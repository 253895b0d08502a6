using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Transfer;

/// <summary>
/// What GOR Theorem 1 and GC Theorem 5.1 are made of, at each example: ‖h_i‖² and σ_max(h_i′(x)) of every layer's input,
/// and by output j the squared norms of ∇_x f^j and of δ_i^j = ∂f^j/∂z_i.
/// </summary>
internal sealed class TransferQuantities
{
    private TransferQuantities(ImmutableArray<TransferLayer> layers, ImmutableArray<SkippedNode> skipped, int examples, int outputs)
    {
        (Layers, Skipped) = (layers, skipped);
        SquaredInputs = [.. layers.Select(_ => new double[examples])];
        Stretches = [.. layers.Select(_ => new double[examples])];
        SquaredGradients = new double[outputs, examples];
        SquaredSlopes = [.. layers.Select(_ => new double[outputs, examples])];
    }

    /// <summary>The layers, from the input on.</summary>
    public ImmutableArray<TransferLayer> Layers { get; }

    /// <summary>Nodes with weights that aren't layers.</summary>
    public ImmutableArray<SkippedNode> Skipped { get; }

    /// <summary>Why there is nothing to transfer, or null where there are layers.</summary>
    public string? NoLayers => !Layers.IsEmpty ? null
        : Skipped is [var first, ..] ? $"no node is a layer z = W h + b with a stored weight: '{first.Node}' {first.Why}"
        : "the network has no layer with weights";

    /// <summary>‖h_i(x)‖² by layer and example.</summary>
    public double[][] SquaredInputs { get; }

    /// <summary>σ_max(h_i′(x)) by layer and example.</summary>
    public double[][] Stretches { get; }

    /// <summary>‖∇_x f^j(x)‖² by output and example.</summary>
    public double[,] SquaredGradients { get; }

    /// <summary>‖δ_i^j(x)‖² by layer, then output and example.</summary>
    public double[][,] SquaredSlopes { get; }

    /// <summary>A_i(x) = σ_max(W_i) σ_max(h_i′(x)) (Dherin et al. 2021, eq. 8).</summary>
    public double Amplification(int layer, int example) => Layers[layer].Norm * Stretches[layer][example];

    /// <summary>
    /// T_i²(x) = (1 + ‖h_i‖²) / A_i² (Dherin et al. 2022, eq. 10), without its factor 1/min(d, k); ‖h_i‖² alone above where the layer
    /// has no biases.
    /// </summary>
    public double SquaredTransfer(int layer, int example) =>
        ((Layers[layer].HasBias ? 1 : 0) + SquaredInputs[layer][example]) / Math.Pow(Amplification(layer, example), 2);

    /// <summary>Computes them for all data, with what training acts on: batch normalization isn't folded.</summary>
    /// <param name="context">A network whose graph is known, and data.</param>
    /// <param name="slopes">Whether the gradients by output are wanted, which the transfer functions themselves don't need.</param>
    public static TransferQuantities Of(MeasureContext context, bool slopes) =>
        context.Shared(new WithSlopes(slopes), () => Compute(context, context.Subject.Network!, slopes));

    private static TransferQuantities Compute(MeasureContext context, Network network, bool slopes)
    {
        var (layers, skipped) = TransferLayer.Of(
            context.AtOneExample(network), [context.Subject.FixedBatch ?? 1, .. context.ExampleShape]);
        var found = new TransferQuantities(layers, skipped, context.Data!.Count, slopes ? (int)context.Outputs : 0);
        string[] wanted = [.. layers.SelectMany(layer => new[] { layer.Input, layer.Node.Output })
            .Append(network.Output)
            .Where(name => name != network.Graph.Input.Name)
            .Distinct()];
        foreach (var batch in context.Batches())
        {
            using var grad = Libtorch.EnableGrad();
            var (count, start) = (batch.Count, batch.Start);
            var x = BatchPadding.To(context.Subject.FixedBatch, batch.Inputs).Detach().RequireGrad();
            var values = new Dictionary<string, Tensor>(batch.Holding(network)!.Run(x, wanted)) { [network.Graph.Input.Name] = x };
            for (var i = 0; i < layers.Length; i++)
            {
                var h = values[layers[i].Input];
                Squares(h.Detach()).AsSpan(0, count).CopyTo(found.SquaredInputs[i].AsSpan(start));
                double[] stretches = layers[i].Input == network.Graph.Input.Name
                    ? [.. Enumerable.Repeat(1.0, (int)x.Size(0))]
                    : BatchedOperatorNorm.Of(x, h, context.Options.Seed).Upper;
                stretches.AsSpan(0, count).CopyTo(found.Stretches[i].AsSpan(start));
            }

            for (var j = 0; slopes && j < context.Outputs; j++)
            {
                found.Differentiate(values[network.Output]
                    .AsRows()
                    .Select(1, j), j, start, count, x, [.. layers.Select(layer => values[layer.Node.Output])]);
            }
        }

        return found;
    }

    private void Differentiate(Tensor output, int j, int start, int count, Tensor x, Tensor[] outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        var gradients = Autograd.Grad([output.Sum()], [x, .. outputs], retainGraph: true);
        for (var i = -1; i < outputs.Length; i++)
        {
            var squares = gradients[i + 1] is { } gradient ? Squares(gradient) : new double[count];
            var target = i < 0 ? SquaredGradients : SquaredSlopes[i];
            for (var n = 0; n < count; n++)
            {
                target[j, start + n] = squares[n];
            }
        }
    }

    private static double[] Squares(Tensor tensor) => SumOfSquares.ByExample(tensor);

    private readonly record struct WithSlopes(bool Slopes);
}
