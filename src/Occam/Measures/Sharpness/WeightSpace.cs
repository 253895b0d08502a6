using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// All parameters of a network as one vector, and the network at any point of their space. The point is written to in
/// place, and the network's parameters are views of it: to move it takes no copy of the network. It takes the memory of one when it is
/// first asked for: sums over the parameters need no point.
/// </summary>
internal sealed class WeightSpace
{
    private readonly Network _network;
    private readonly long? _fixedBatch;
    private readonly ImmutableArray<Parameter> _parameters;
    private SecondDerivatives? _second;

    /// <summary>Stands at the network's own parameters, of which there must be some.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fixedBatch">The number of examples that it takes at a time, where it takes no other.</param>
    /// <param name="hasPoint">Whether to take the memory of the point now.</param>
    public WeightSpace(Network network, long? fixedBatch = null, bool hasPoint = true)
    {
        _network = network;
        _parameters = network.Parameters;
        _fixedBatch = fixedBatch;
        _ = hasPoint ? AtPoint : null;
    }

    /// <summary>The space of what the context measures, batch normalization folded; otherwise why there is none.</summary>
    public static WeightSpace? Of(MeasureContext context, out string? why, bool hasPoint = true)
    {
        var network = context.Subject.Folded!;
        why = network.Parameters.IsEmpty ? "needs parameters, and the network has none" : null;
        return why is null ? new WeightSpace(network, context.Subject.FixedBatch, hasPoint) : null;
    }

    /// <summary>The network's own parameters, one after the other: made anew each time, for it takes their memory again.</summary>
    public Tensor Origin
    {
        get
        {
            using var grad = Libtorch.NoGrad();
            return Vector(parameter => parameter.Value);
        }
    }

    /// <summary>
    /// Where the network is run: the same numbers to begin with, to be written to. It lives in the scope in which it is first asked for.
    /// </summary>
    public Tensor Point => field ??= Origin;

    /// <summary>The type of the parameters.</summary>
    public ScalarType Type => _parameters[0].Value.ScalarType;

    /// <summary>How many numbers the parameters hold.</summary>
    public long Size => _network.ParameterCount;

    /// <summary>The names of the parameters.</summary>
    public IEnumerable<string> Names => _parameters.Select(parameter => parameter.Name);

    /// <summary>The logits at the point, recorded for its gradient where gradients are recorded.</summary>
    public Tensor Logits(ExampleBatch batch) =>
        batch.Held.Count > 0 ? AtPoint.Holding(batch.Held).Forward(batch.Inputs) : Logits(batch.Inputs);

    /// <inheritdoc cref="Logits(ExampleBatch)"/>
    /// <param name="x">Inputs of a network that has no others.</param>
    public Tensor Logits(Tensor x) => _fixedBatch is { } size ? new BatchedFunction(AtPoint, size).Forward(x) : AtPoint.Forward(x);

    /// <summary>Goes back to the network's own parameters.</summary>
    public void Return()
    {
        using var grad = Libtorch.NoGrad();
        foreach (var (part, parameter) in Parts(Point).Zip(_parameters))
        {
            part.CopyInPlace(parameter.Value);
        }
    }

    /// <summary>Moves to w + factor · v, or to w + factor · v s(w) element by element, from the network's own parameters w.</summary>
    /// <param name="step">v.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="scale">s, in the type of the weights; 1 when left out.</param>
    public void MoveBy(Tensor step, double factor, Func<Tensor, Tensor>? scale)
    {
        using var grad = Libtorch.NoGrad();
        foreach (var ((part, own), parameter) in Parts(Point).Zip(Parts(step)).Zip(_parameters))
        {
            using var scope = Libtorch.NewDisposeScope();
            _ = scale is null
                ? part.SetToSum(parameter.Value, own, factor)
                : part.SetToSum(parameter.Value, own, scale(parameter.Value), factor);
        }
    }

    /// <summary>Brings the point back into a box around the network's own parameters w, |ν_i| ≤ r(w_i), where it has left it.</summary>
    /// <param name="reach">r.</param>
    /// <returns>How many of its numbers lie at the box's limits.</returns>
    public long KeepWithin(Func<Tensor, Tensor> reach)
    {
        using var grad = Libtorch.NoGrad();
        var onFaces = 0.0;
        foreach (var (part, parameter) in Parts(Point).Zip(_parameters))
        {
            using var scope = Libtorch.NewDisposeScope();
            var r = reach(parameter.Value);
            var (lower, upper) = (parameter.Value - r, parameter.Value + r);
            part.ClampInPlace(lower, upper);
            onFaces += part.LessOrEqual(lower).Or(part.GreaterOrEqual(upper)).Sum().Item();
        }

        return (long)onFaces;
    }

    /// <summary>Σ over the network's own parameters of a function of each number, in float64.</summary>
    public double Sum(Func<Tensor, Tensor> term) =>
        _parameters.Sum(parameter => WideSum.Of(parameter.Value.Reshape(-1), term));

    /// <summary>A vector of this space, made of a tensor for each parameter.</summary>
    public Tensor Vector(Func<Parameter, Tensor> part) =>
        Tensor.Cat([.. _parameters.Select(parameter => Flat(part(parameter), parameter))], 0);

    /// <summary>w − w⁰ in float64, from the network at initialization, whose parameters are taken in their order.</summary>
    /// <exception cref="OccamException">The two don't have the same parameters.</exception>
    public Tensor FromInitialization(Network initial)
    {
        var before = initial.Parameters;
        var differing = _parameters
            .Zip(before)
            .FirstOrDefault(pair => !pair.First.Value.Shape.AsSpan().SequenceEqual(pair.Second.Value.Shape));
        if (before.Length != _parameters.Length || differing.First is not null)
        {
            throw new OccamException(before.Length != _parameters.Length
                ? $"the network at initialization has {before.Length} parameter tensors, and the measured one "
                    + $"{_parameters.Length}: expected the same architecture"
                : $"at initialization '{differing.Second.Name}' is "
                    + $"{string.Join("×", differing.Second.Value.Shape)}, and '{differing.First.Name}' "
                        + $"{string.Join("×", differing.First.Value.Shape)}: expected the same architecture");
        }

        using var grad = Libtorch.NoGrad();
        return Vector(parameter => parameter.Value).To(ScalarType.Float64)
            - Tensor.Cat([.. _parameters.Zip(before, (own, parameter) => Flat(parameter.Value, own))], 0).To(ScalarType.Float64);
    }

    /// <summary>The parts of a vector that belong to each parameter, in the parameter's shape: views of it.</summary>
    public IEnumerable<Tensor> Parts(Tensor vector)
    {
        var start = 0L;
        foreach (var parameter in _parameters)
        {
            var length = parameter.Value.Elements;
            var part = vector.Narrow(0, start, length);
            var shape = parameter.Value.Shape;
            yield return IsSideBySide(parameter)
                ? part.Reshape(shape[0], shape[2], shape[3], shape[1]).Permute(0, 3, 1, 2)
                : part.Reshape(shape);
            start += length;
        }
    }

    /// <summary>The gradient at the point of a number that was computed from the logits.</summary>
    public Tensor Gradient(Tensor number) => Joined(number.RequiresGrad ? Autograd.Grad([number], Leaves) : new Tensor?[Leaves.Length]);

    /// <summary>
    /// The gradient at the point of such a number by parameter, recorded for products with the Hessian; null where there is none.
    /// </summary>
    public Tensor?[] RecordedGradient(Tensor number) =>
        number.RequiresGrad ? Autograd.Grad([number], Leaves, createGraph: true) : new Tensor?[Leaves.Length];

    /// <summary>The Hessian times a vector, from a recorded gradient.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="retainGraph">Whether there are to be more products.</param>
    public Tensor HessianTimes(Tensor?[] gradient, Tensor vector, bool retainGraph)
    {
        using var scope = Libtorch.NewDisposeScope();
        var recorded = gradient.Zip(Parts(vector)).Where(pair => pair.First is { RequiresGrad: true }).ToArray();
        return Joined(recorded.Length == 0 ? new Tensor?[Leaves.Length] : Autograd.Grad(
            [.. recorded.Select(pair => pair.First!)], Leaves, [.. recorded.Select(pair => pair.Second)], retainGraph))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Jᵀu for the Jacobian J of the logits at the point.</summary>
    /// <param name="logits">The logits, as they were recorded.</param>
    /// <param name="cotangent">u, in their shape.</param>
    /// <param name="retainGraph">Whether there are to be more products.</param>
    public Tensor Back(Tensor logits, Tensor cotangent, bool retainGraph)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Joined(logits.RequiresGrad ? Autograd.Grad([logits], Leaves, [cotangent], retainGraph) : new Tensor?[Leaves.Length])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Jᵀu by parameter, recorded as a function of u; null where there is none.</summary>
    public Tensor?[] RecordedBack(Tensor logits, Tensor cotangent) => logits.RequiresGrad
        ? Autograd.Grad([logits], Leaves, [cotangent], createGraph: true)
        : new Tensor?[Leaves.Length];

    /// <summary>Jv, what the logits move by along v: from Jᵀu, which is linear in u.</summary>
    /// <param name="back">Jᵀu, as it was recorded.</param>
    /// <param name="cotangent">u.</param>
    /// <param name="vector">v.</param>
    /// <param name="retainGraph">Whether there are to be more products.</param>
    public Tensor Along(Tensor?[] back, Tensor cotangent, Tensor vector, bool retainGraph)
    {
        var recorded = back.Zip(Parts(vector)).Where(pair => pair.First is { RequiresGrad: true }).ToArray();
        return recorded.Length == 0 ? Tensor.ZerosLike(cotangent) : Autograd.Grad(
            [.. recorded.Select(pair => pair.First!)], [cotangent], [.. recorded.Select(pair => pair.Second)], retainGraph)[0]
            ?? Tensor.ZerosLike(cotangent);
    }

    /// <summary>
    /// vᵀHv for the Hessian H at the point, in fewer steps than Hv; null where a node bends otherwise than a product does.
    /// </summary>
    public SecondDerivatives? SecondDerivatives =>
        _fixedBatch is null ? _second ??= Derivatives.SecondDerivatives.Of(_network, Names) : null;

    /// <summary>What <see cref="SecondDerivatives"/> is recorded at: inputs, and the parameters at the point.</summary>
    public IReadOnlyDictionary<string, Tensor> Given(Tensor x) =>
        new Dictionary<string, Tensor>(Named(Leaves)) { [_network.Graph.Input.Name] = x };

    /// <summary>The parts of a vector by the parameters' names.</summary>
    public IReadOnlyDictionary<string, Tensor> ByName(Tensor vector) => new Dictionary<string, Tensor>(Named(Parts(vector)));

    // A convolution's weights that have the channels side by side in memory have them so in a vector, too: it takes its layout from
    // them.
    private static bool IsSideBySide(Parameter parameter) =>
        parameter.Value is { Dimensions: 4, IsContiguous: false } value && value.Permute(0, 2, 3, 1).IsContiguous;

    private static Tensor Flat(Tensor part, Parameter parameter) =>
        (IsSideBySide(parameter) ? part.Permute(0, 2, 3, 1) : part).Reshape(-1);

    private Tensor[] Leaves => field ??= MakeLeaves();

    private GivenParameters AtPoint => field ??= new GivenParameters(
        _network, _parameters.Zip(Leaves).ToDictionary(pair => pair.First.Name, pair => pair.Second));

    private Tensor[] MakeLeaves()
    {
        using var grad = Libtorch.NoGrad();
        return [.. Parts(Point).Select(part => part.Detach().RequireGrad())];
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Named(IEnumerable<Tensor> parts) => Names.Zip(parts, KeyValuePair.Create);

    // Each part is let go as soon as it stands in the vector, whose memory the machine gives when it is written to.
    private Tensor Joined(Tensor?[] parts)
    {
        using var grad = Libtorch.NoGrad();
        var vector = Tensor.Empty([Size], Type, _network.Device);
        foreach (var (place, part) in Parts(vector).Zip(parts))
        {
            using var scope = Libtorch.NewDisposeScope();
            place.CopyInPlace(part ?? Tensor.ZerosLike(place));
            part?.Dispose();
        }

        return vector;
    }
}
