using System.Collections.Concurrent;
using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>An upper Lipschitz bound carried from a network's input to its output, node by node.</summary>
internal sealed record LipschitzBound
{
    // What float32 may lose in a norm that was iterated in it.
    private const double RoundingAllowance = 1e-5;

    // Of the norm's square: an iterated norm is at most half of it too large, and clustered singular values are told apart.
    private const double IterationTolerance = 1e-5;

    /// <summary>The output's bound.</summary>
    public required double Value { get; init; }

    /// <summary>
    /// How much of it iterated norms may add, at most for layers that follow one another and branches; null without such norms.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>The bound, with that.</summary>
    public Uncertain Quantity => (Residual is { } residual ? Uncertain.Iterated(Value, residual) : Value) with { Side = BoundSide.Upper };

    /// <summary>The bound after each layer with weights.</summary>
    public required ImmutableArray<LayerValue> Layers { get; init; }

    /// <summary>The node that no finite bound passes through, if there is one.</summary>
    public string? Unbounded { get; init; }

    /// <summary>Why none passes there.</summary>
    public string Why { get; init; } = "";

    /// <summary>How the norms were found, and what the bound rests on.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The bound of what is measured.</summary>
    public static LipschitzBound Of(MeasureContext context) =>
        context.Shared(() =>
        {
            using var scope = Libtorch.NewDisposeScope();
            var network = context.Subject.Folded!;
            var values = RunZeros(context.AtOneExample(network), [context.Subject.FixedBatch ?? 1, .. context.ExampleShape]);
            LayerOperators.Iterate(context, values);
            return Of(network, values, context.Options, IteratedNorms(context));
        });

    /// <summary>The norms that measures of one run found by iteration, by node of the folded network.</summary>
    public static IDictionary<Node, OperatorNorm> IteratedNorms(MeasureContext context) =>
        context.Shared(default(Norms), () => new ConcurrentDictionary<Node, OperatorNorm>(NodeIdentity.Comparer));

    /// <summary>Carries the bound through a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="values">All its values for examples of zeros.</param>
    /// <param name="options">For progress and cancellation.</param>
    /// <param name="norms">Norms found by iteration, by node: those there are taken, new ones put in.</param>
    internal static LipschitzBound Of(
        Network network, IReadOnlyDictionary<string, Tensor> values, MeasureOptions options, IDictionary<Node, OperatorNorm> norms)
    {
        var active = network.ActiveNodes.ToArray();
        var bounds = new Dictionary<string, double> { [network.Graph.Input.Name] = 1 };
        var layers = ImmutableArray.CreateBuilder<LayerValue>();
        var (iterated, slack) = (0, 1.0);
        var unknown = Unknown(network);
        ValueSizes? sizes = null;
        List<(Node Node, string Origin)> bounded = [];
        for (var i = 0; i < active.Length; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var node = active[i];
            var op = network.Operators[node];
            var call = network.Call(node, values);
            var inputBounds = node.Inputs.Select(name => bounds.GetValueOrDefault(name)).ToArray();
            double LinearNorm()
            {
                iterated++;
                var norm = Iterated(network, op, call, inputBounds, norms);
                slack *= norm.Slack;
                return norm.UpperBound;
            }

            LipschitzBound Unbounded(string why) =>
                new() { Value = double.NaN, Layers = layers.ToImmutable(), Unbounded = node.ToString(), Why = why };

            if (inputBounds.Max() > 0
                && node.Inputs.Where((name, at) => unknown.Contains(name) && op.BoundReads(at)).FirstOrDefault() is { } held)
            {
                return Unbounded($"it depends on '{held}', which another input of the model gives, a different one with each example");
            }

            var lipschitz = new LipschitzCall(call, inputBounds, values[node.Output], LinearNorm);
            var found = op.Lipschitz(lipschitz);
            if (found is null)
            {
                // What has no bound on all inputs can have one on those that occur.
                sizes ??= ValueSizes.Of(network, values, unknown);
                found = op.Lipschitz(lipschitz with { Sizes = [.. node.Inputs.Select(name => sizes[name])] });
                if (found is null)
                {
                    return Unbounded(op.WhyUnbounded);
                }

                bounded.Add((node, node.Inputs.Select(sizes.Origin).First(origin => origin is not null)!));
            }

            var bound = found.Value;
            if (!double.IsFinite(bound))
            {
                return Unbounded($"the bound is larger than {Numbers.Format(double.MaxValue, 2)} there, the largest number that Occam "
                    + "computes with");
            }

            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                bounds[output] = bound;
            }

            if (inputBounds.Max() > 0
                && network.Parameters.Any(parameter => parameter.Value.Dimensions > 1 && node.Inputs.Contains(parameter.Name)))
            {
                layers.Add(new LayerValue(node.Name, bound));
            }

            options.Progress?.Invoke((i + 1.0) / active.Length);
        }

        // A bound computed in float64 from stored weights needs no allowance.
        var allowance = slack > 1 && network.Type != ScalarType.Float64 ? RoundingAllowance : 0;
        var value = bounds.GetValueOrDefault(network.Output) * (1 + allowance);
        return new LipschitzBound
        {
            Value = value,
            Residual = slack > 1 ? value * (1 - (1 / (slack * (1 + allowance)))) : null,
            Layers = layers.ToImmutable(),
            Notes =
            [
                .. iterated > 0
                    ? [$"{iterated} operator norms at the true input size"
                        + (slack > 1 ? ", by Lanczos iteration with the residual added" : "")
                        + (allowance > 0 ? $"; {allowance:0.#e+0} of the bound is added for what {network.Type} may lose in them" : "")]
                    : (string[])[],
                .. Domain(bounded),
            ],
        };
    }

    // On what domain the bound holds, and why.
    private static IEnumerable<string> Domain(List<(Node Node, string Origin)> bounded)
    {
        if (bounded.Count > 0)
        {
            yield return $"{(bounded.Count == 1 ? "1 node has" : $"{bounded.Count} nodes have")} a Lipschitz bound on bounded inputs only "
                + "(attention: Kim, Papamakarios and Mnih 2021, Theorem 3.1; product rule, as Castin, Ablin and Peyré 2024 bound it on a "
                + "ball of tokens), and their inputs are bounded whatever the network’s input is: "
                + $"{bounded[0].Node} by {bounded[0].Origin}{(bounded.Count > 1 ? ", and so on" : "")}. So the bound holds for every input";
        }
    }

    // The values that don't depend on the input that is measured by, and do on the numbers in another.
    private static HashSet<string> Unknown(Network network)
    {
        HashSet<string> unknown = [.. network.Graph.Held.Select(held => held.Name)];
        foreach (var node in network.Graph.Nodes.Where(node => network.Operators[node].ReadsValues && node.Inputs.Any(unknown.Contains)))
        {
            unknown.UnionWith(node.Outputs.Where(name => name.Length > 0 && !network.DependsOnData.Contains(name)));
        }

        return unknown;
    }

    /// <summary>All values of a network for examples of zeros.</summary>
    public static IReadOnlyDictionary<string, Tensor> RunZeros(Network network, long[] inputShape)
    {
        using var grad = Libtorch.NoGrad();
        return network.Run(Tensor.Zeros(inputShape, network.Type, network.Device), [.. network.Graph.Varying]);
    }

    /// <summary>The ℓ2 operator norm of the linear part of a node in its one varying input.</summary>
    public static OperatorNorm Iterated(
        Network network, Operator op, NodeCall call, double[] inputBounds, IDictionary<Node, OperatorNorm> norms)
    {
        if (norms.TryGetValue(call.Node, out var known))
        {
            return known;
        }

        var varying = Array.FindIndex(inputBounds, bound => bound > 0);
        var input = call.Inputs[varying]!;
        Tensor Run(Tensor x)
        {
            var inputs = (Tensor?[])call.Inputs.Clone();
            inputs[varying] = x;
            return op.Run(network.Call(call.Node, inputs, RunOptions.Evaluation))[0];
        }

        var offset = Run(Tensor.ZerosLike(input)).Detach();
        return norms[call.Node] = OperatorNorm.Of(
            x => Run(x) - offset, input.Shape, input.ScalarType, tolerance: IterationTolerance);
    }

    private readonly record struct Norms;
}
