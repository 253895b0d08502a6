using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// vᵀ ∇²_w L v of a loss L of a network's outputs, without the vector ∇²_w L v: by a pass forward for each v, after a single pass
/// forward and back for all. Every node must be affine or bilinear between its kinks. With x′ the derivative of a node's inputs
/// along v, V the part of v at its weights and z the outputs,
/// <code>vᵀ ∇²L v = z′ᵀ ∇²_z L z′ + Σ over bilinear nodes of 2 ⟨∂L/∂y, y(x′, V)⟩,</code>
/// for y(x + t x′ + t² x″, W + t V) has the coefficient y(x′, V) + y(x″, W) at t², and what x″ becomes on the way to the outputs the
/// cotangents tell.
/// </summary>
internal sealed class SecondDerivatives
{
    private readonly Network _network;
    private readonly string[] _values;
    private readonly ImmutableArray<Step> _steps;

    private SecondDerivatives(Network network, ImmutableArray<Step> steps)
    {
        _network = network;
        _steps = steps;
        var computed = steps.SelectMany(step => step.Node.Inputs.Append(step.Node.Output)).Append(network.Output)
            .Where(name => network.Graph.Producers.TryGetValue(name, out var node) && node.Outputs.Any(name.Equals));
        bool IsMoved(string name) => steps.Any(step => step.Node.Outputs.Contains(name));
        _values = [.. computed.Where(name => network.Constant(name) is null || IsMoved(name)).Distinct()];
    }

    /// <summary>For the parameters of the given names; null where a node is bent otherwise.</summary>
    public static SecondDerivatives? Of(Network network, IEnumerable<string> parameters)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var moving = parameters.ToHashSet();
        foreach (var node in Needed(network))
        {
            bool[] moves = [.. node.Inputs.Select(moving.Contains)];
            if (!moves.Contains(true) || !network.Operators[node].ReadsValues)
            {
                continue;
            }

            if (StepAt(network, node, moves) is not { } step)
            {
                return null;
            }

            steps.Add(step);
            moving.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return new SecondDerivatives(network, steps.ToImmutable());
    }

    /// <summary>Runs the network and the pass back.</summary>
    /// <param name="given">The input, and leaves in place of the parameters.</param>
    /// <param name="loss">L for the outputs, as rows.</param>
    public Recorded Record(IReadOnlyDictionary<string, Tensor> given, Func<Tensor, Tensor> loss)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var values = _network.Run(given, _values);
        var bilinear = _steps.Where(step => step.IsBilinear).ToArray();
        var offsets = bilinear.SelectMany(step => step.Offsets.Select(i => step.Node.Inputs[i]));
        string[] sources = [.. bilinear.Select(step => step.Node.Output).Concat(offsets).Distinct()];
        Tensor Value(string name) => values.GetValueOrDefault(name) ?? given[name];
        var leaves = sources.Select(Value).ToArray();
        var total = loss(values[_network.Output].AsRows());
        var gradients = total.RequiresGrad && leaves.Length > 0 ? Autograd.Grad([total], leaves) : new Tensor?[leaves.Length];
        Dictionary<string, Tensor> cotangents = [];
        for (var i = 0; i < sources.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                cotangents[sources[i]] = gradient.DetachFromDisposeScope();
            }
        }

        return new Recorded(
            this,
            values.ToDictionary(pair => pair.Key, pair => pair.Value.Detach().DetachFromDisposeScope()),
            given.ToDictionary(pair => pair.Key, pair => pair.Value.Detach().DetachFromDisposeScope()),
            cotangents,
            loss);
    }

    private static IEnumerable<Node> Needed(Network network)
    {
        var needed = new HashSet<string> { network.Output };
        var found = new Stack<Node>();
        foreach (var node in network.Graph.Nodes.Reverse().Where(node => node.Outputs.Any(needed.Contains)))
        {
            found.Push(node);
            needed.UnionWith(node.Inputs.Where(name => name.Length > 0));
        }

        return found;
    }

    private static Step? StepAt(Network network, Node node, bool[] moves)
    {
        var op = network.Operators[node];
        int[] moving = [.. Enumerable.Range(0, moves.Length).Where(i => moves[i])];
        if (op.Linearity == Linearity.Multilinear)
        {
            int[] factors = [.. Enumerable.Range(0, moves.Length).Where(i => node.HasInput(i) && !op.IsOffset(i))];
            return factors.Length == 2 && moving.Any(factors.Contains)
                ? new Step(
                    node, moving, factors, [.. moving.Except(factors)], factors.All(i => moves[i]),
                    factors is [0, 1] && KeepsRowsApart(network, node))
                : null;
        }

        // As a function of the data an operator may be affine whose other inputs, weights, multiply.
        var isPlain = op.Linearity == Linearity.Structural
            || moving.All(i => i == 0 || op.IsOffset(i) || network.DependsOnData.Contains(node.Inputs[i]));
        return isPlain && op.LinearityIn(node, moves) is Linearity.Structural or Linearity.Affine or Linearity.PiecewiseAffine
            ? new Step(node, moving, [], [], false, false)
            : null;
    }

    private static bool KeepsRowsApart(Network network, Node node) =>
        network.DependsOnData.Contains(node.Inputs[0]) && network.Constant(node.Inputs[1]) is { } weight
            && network.Operators[node].KeepsRowsApart(node, weight);

    /// <summary>What becomes of derivatives at a node.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Moving">The inputs that have one.</param>
    /// <param name="Factors">Of a product: the two inputs that are multiplied.</param>
    /// <param name="Offsets">Of a product: the inputs among those moving that are added to it.</param>
    /// <param name="IsBilinear">Whether both factors move.</param>
    /// <param name="KeepsRowsApart">Whether several first factors can be put together in one product.</param>
    private sealed record Step(Node Node, int[] Moving, int[] Factors, int[] Offsets, bool IsBilinear, bool KeepsRowsApart);

    /// <summary>A batch's values and cotangents, for any number of directions.</summary>
    internal sealed class Recorded(
        SecondDerivatives owner, Dictionary<string, Tensor> values, Dictionary<string, Tensor> given,
        Dictionary<string, Tensor> cotangents, Func<Tensor, Tensor> loss) : IDisposable
    {
        private readonly Network _network = owner._network;

        /// <summary>vᵀ ∇²L v for each direction v, a tensor for each parameter.</summary>
        public double[] Along(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> directions)
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            var sums = new double[directions.Count];
            var moved = directions.SelectMany((direction, i) => direction.Select(pair => (Key: (pair.Key, i), pair.Value)))
                .ToDictionary(pair => pair.Key, pair => pair.Value);
            var uses = owner._steps.SelectMany((step, at) => step.Node.Inputs.Select(name => (name, at)))
                .GroupBy(use => use.name).ToDictionary(group => group.Key, group => group.Max(use => use.at));
            for (var at = 0; at < owner._steps.Length; at++)
            {
                var step = owner._steps[at];
                using var inner = Libtorch.NewDisposeScope();
                var found = step.Factors.Length > 0 ? Product(step, moved, sums) : Plain(step, moved, directions.Count);
                foreach (var (key, value) in found)
                {
                    moved[key] = value.MoveToOuterDisposeScope();
                }

                foreach (var name in step.Node.Inputs.Distinct().Where(name => uses[name] == at && name != _network.Output))
                {
                    Release(moved, name, directions);
                }
            }

            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += moved.TryGetValue((_network.Output, i), out var last) ? AtOutputs(last.AsRows()) : 0;
            }

            return sums;
        }

        /// <summary>Lets go of the values.</summary>
        public void Dispose()
        {
            foreach (var tensor in values.Values.Concat(given.Values).Concat(cotangents.Values))
            {
                tensor.Dispose();
            }
        }

        private static void Release(
            Dictionary<(string, int), Tensor> moved, string name, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> directions)
        {
            for (var i = 0; i < directions.Count; i++)
            {
                if (!directions[i].ContainsKey(name) && moved.Remove((name, i), out var tensor))
                {
                    tensor.Dispose();
                }
            }
        }

        private Tensor? Value(string name) => name.Length == 0 ? null
            : values.GetValueOrDefault(name) ?? given.GetValueOrDefault(name) ?? _network.Constant(name);

        private Tensor Run(Node node, Tensor?[] inputs) =>
            ExecutionPlan.RunNode(_network, node, inputs, RunOptions.Evaluation)[0];

        // z′ᵀ ∇²_z L z′.
        private double AtOutputs(Tensor moved)
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var z = Value(_network.Output)!.AsRows().Detach().RequireGrad();
            var slope = Autograd.Grad(loss(z), z, createGraph: true);
            return slope.RequiresGrad ? Dot(Autograd.Grad(slope, z, moved), moved) : 0;
        }

        private static double Dot(Tensor left, Tensor right) => (left * right).To(ScalarType.Float64).Sum().Item();

        /// <summary>The derivatives behind a product of two inputs; adds to the sums what it is bent by.</summary>
        private IEnumerable<KeyValuePair<(string, int), Tensor>> Product(Step step, Dictionary<(string, int), Tensor> moved, double[] sums)
        {
            var node = step.Node;
            var (left, right) = (node.Inputs[step.Factors[0]], node.Inputs[step.Factors[1]]);
            var cotangent = cotangents.GetValueOrDefault(node.Output);
            var apart = step.KeepsRowsApart && step.IsBilinear
                && Enumerable.Range(0, sums.Length).All(i => moved.ContainsKey((left, i)) && moved.ContainsKey((right, i)));
            var together = apart ? Together(step, moved, sums.Length) : null;
            for (var i = 0; i < sums.Length; i++)
            {
                Tensor?[] With(Tensor? first, Tensor? second, bool offsets)
                {
                    var inputs = new Tensor?[node.Inputs.Length];
                    (inputs[step.Factors[0]], inputs[step.Factors[1]]) = (first, second);
                    foreach (var offset in offsets ? step.Offsets : [])
                    {
                        inputs[offset] = moved[(node.Inputs[offset], i)];
                    }

                    return inputs;
                }

                var (x, w) = (Value(left), Value(right));
                var (dx, dw) = (moved.GetValueOrDefault((left, i)), moved.GetValueOrDefault((right, i)));
                Tensor? derivative;
                if (together is not null)
                {
                    // One product for x V and x′ V; what an offset adds to the second, too, is taken off again.
                    var count = x!.Size(0);
                    var both = Run(node, With(Tensor.Cat([x, dx!], 0), dw, offsets: true));
                    derivative = both.Narrow(0, 0, count) + together.Narrow(0, i * count, count);
                    sums[i] += cotangent is null ? 0 : 2 * (Dot(cotangent, both.Narrow(0, count, count)) - OffsetPart(step, i, moved));
                }
                else
                {
                    derivative = dw is null ? null : Run(node, With(x, dw, offsets: true));
                    var other = dx is null ? null : Run(node, With(dx, w, offsets: dw is null));
                    derivative = derivative is null ? other : other is null ? derivative : derivative + other;
                    sums[i] += dx is null || dw is null || cotangent is null
                        ? 0 : 2 * Dot(cotangent, Run(node, With(dx, dw, offsets: false)));
                }

                if (derivative is not null)
                {
                    yield return KeyValuePair.Create((node.Output, i), derivative);
                }
            }
        }

        // y(x′, W) of all directions, one below the other.
        private Tensor Together(Step step, Dictionary<(string, int), Tensor> moved, int directions)
        {
            var inputs = new Tensor?[step.Node.Inputs.Length];
            inputs[0] = Tensor.Cat([.. Enumerable.Range(0, directions).Select(i => moved[(step.Node.Inputs[0], i)])], 0);
            inputs[1] = Value(step.Node.Inputs[1]);
            return Run(step.Node, inputs);
        }

        private double OffsetPart(Step step, int direction, Dictionary<(string, int), Tensor> moved) => step.Offsets.Sum(offset =>
            cotangents.TryGetValue(step.Node.Inputs[offset], out var cotangent)
                ? Dot(cotangent, moved[(step.Node.Inputs[offset], direction)])
                : 0);

        /// <summary>The derivatives behind a node that is affine around where it is, by its own forward mode.</summary>
        private IEnumerable<KeyValuePair<(string, int), Tensor>> Plain(Step step, Dictionary<(string, int), Tensor> moved, int directions)
        {
            var node = step.Node;
            for (var i = 0; i < directions; i++)
            {
                using var forward = new ForwardAutogradScope();
                Tensor?[] inputs = [.. node.Inputs.Select(Value)];
                foreach (var input in step.Moving)
                {
                    inputs[input] = moved.TryGetValue((node.Inputs[input], i), out var derivative)
                        ? forward.MakeDual(inputs[input]!, derivative)
                        : inputs[input];
                }

                var outputs = ExecutionPlan.RunNode(_network, node, inputs, RunOptions.Evaluation);
                for (var j = 0; j < outputs.Length && j < node.Outputs.Length; j++)
                {
                    if (node.Outputs[j].Length > 0 && forward.Tangent(outputs[j]) is { } tangent)
                    {
                        yield return KeyValuePair.Create((node.Outputs[j], i), tangent);
                    }
                }
            }
        }
    }
}
