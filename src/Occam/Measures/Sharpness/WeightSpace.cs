using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// All parameters of a network as one vector, and the network at any point of their space. The point is written to in
/// place, and the network's parameters are views of it: to move it takes no copy of the network. It takes the memory of one, when the
/// space is made; where the weights stay as they are, or a large network's get but noise, there is none (<see cref="WeightUse"/>).
/// </summary>
internal sealed class WeightSpace
{
    // Numbers that are moved at once: what they are moved by is made of them.
    private const long AtOnce = 1L << 18;

    private readonly Network _network;
    private readonly long? _fixedBatch;
    private readonly ImmutableArray<Parameter> _parameters;
    private readonly Tensor? _point;
    private SecondDerivatives? _second;
    private MadeParameters? _displaced;

    /// <summary>Stands at the network's own parameters, of which there must be some.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fixedBatch">The number of examples that it takes at a time, where it takes no other.</param>
    /// <param name="use">What is to be done with the parameters.</param>
    public WeightSpace(Network network, long? fixedBatch = null, WeightUse use = WeightUse.Moved)
    {
        _network = network;
        _parameters = network.Parameters;
        _fixedBatch = fixedBatch;
        _point = use == WeightUse.Moved || (use == WeightUse.Noisy && !(network.IsLarge && IsOnCpu)) ? Origin : null;
        _ = AtPoint;
    }

    /// <summary>The space of what the context measures, batch normalization folded; otherwise why there is none.</summary>
    public static WeightSpace? Of(MeasureContext context, out string? why, WeightUse use = WeightUse.Moved)
    {
        var network = context.Subject.Folded!;
        why = network.Parameters.IsEmpty ? "needs parameters, and the network has none" : null;
        return why is null ? new WeightSpace(network, context.Subject.FixedBatch, use) : null;
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
    /// Where the network is run: the same numbers to begin with, to be written to. It lives in the scope in which the space was made.
    /// </summary>
    public Tensor Point => _point ?? throw new InvalidOperationException("weights that stay where they are have no point to move");

    /// <summary>Whether there is one.</summary>
    public bool HasPoint => _point is not null;

    /// <summary>A vector of zeros of the type, size and device of the others, which takes no memory.</summary>
    public Tensor Like => Tensor.Zeros([1], Type, _network.Device).Expand([Size]);

    /// <summary>Whether the parameters are in the memory that is counted.</summary>
    public bool IsOnCpu => _network.Device.IsCpu;

    /// <summary>How many numbers each parameter holds.</summary>
    public IEnumerable<long> Lengths => _parameters.Select(parameter => parameter.Value.Elements);

    /// <summary>The type of the parameters.</summary>
    public ScalarType Type => _parameters[0].Value.ScalarType;

    /// <summary>How many numbers the parameters hold.</summary>
    public long Size => _network.ParameterCount;

    /// <summary>The names of the parameters.</summary>
    public IEnumerable<string> Names => _parameters.Select(parameter => parameter.Name);

    /// <summary>The logits at the point, recorded for its gradient where gradients are recorded.</summary>
    public Tensor Logits(ExampleBatch batch) =>
        batch.Held.Count == 0 ? Logits(batch.Inputs)
        : _displaced is { } displaced ? displaced.Holding(batch.Held).Forward(batch.Inputs)
        : AtPoint.Holding(batch.Held).Forward(batch.Inputs);

    /// <inheritdoc cref="Logits(ExampleBatch)"/>
    /// <param name="x">Inputs of a network that has no others.</param>
    public Tensor Logits(Tensor x)
    {
        IFunction here = _displaced is { } displaced ? displaced : AtPoint;
        return _fixedBatch is { } size ? new BatchedFunction(here, size).Forward(x) : here.Forward(x);
    }

    /// <summary>Goes back to the network's own parameters.</summary>
    public void Return()
    {
        _displaced = null;
        if (_point is null)
        {
            return;
        }

        using var grad = Libtorch.NoGrad();
        foreach (var (part, parameter) in Parts(_point).Zip(_parameters))
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
        var start = 0L;
        foreach (var parameter in _parameters)
        {
            using var scope = Libtorch.NewDisposeScope();
            var length = parameter.Value.Elements;
            SetToMoved(Point.Narrow(0, start, length), parameter, step.Narrow(0, start, length), factor, scale);
            start += length;
        }
    }

    /// <summary>The same where there is no point: each parameter is moved where a node takes it, and let go after it.</summary>
    /// <param name="step">The part of v that belongs to a parameter, in memory that may be written to.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="scale">s.</param>
    public void MoveBy(Func<int, Tensor> step, double factor, Func<Tensor, Tensor>? scale)
    {
        var places = _parameters.Select((parameter, i) => (parameter.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
        _displaced = new MadeParameters(_network, places.Keys, name =>
        {
            if (!places.TryGetValue(name, out var place))
            {
                return null;
            }

            using var grad = Libtorch.NoGrad();
            using var scope = Libtorch.NewDisposeScope();
            var moved = step(place);
            SetToMoved(moved, _parameters[place], moved, factor, scale);
            return Shaped(moved, _parameters[place]).Alias().MoveToOuterDisposeScope();
        });
    }

    /// <summary>Brings the point back into a box around the network's own parameters w, |ν_i| ≤ r(w_i), where it has left it.</summary>
    /// <param name="reach">r.</param>
    /// <returns>How many of its numbers lie at the box's limits.</returns>
    public long KeepWithin(Func<Tensor, Tensor> reach)
    {
        using var grad = Libtorch.NoGrad();
        var (onFaces, start) = (0.0, 0L);
        foreach (var parameter in _parameters)
        {
            using var scope = Libtorch.NewDisposeScope();
            var w = Flat(parameter.Value, parameter);
            for (var at = 0L; at < w.Elements; at += AtOnce)
            {
                using var piece = Libtorch.NewDisposeScope();
                var count = Math.Min(AtOnce, w.Elements - at);
                var (own, part) = (w.Narrow(0, at, count), Point.Narrow(0, start + at, count));
                var r = reach(own);
                var (lower, upper) = (own - r, own + r);
                part.ClampInPlace(lower, upper);
                onFaces += part.LessOrEqual(lower).Or(part.GreaterOrEqual(upper)).Sum().Item();
            }

            start += w.Elements;
        }

        return (long)onFaces;
    }

    /// <summary>Σ over the network's own parameters of a function of each number, in float64.</summary>
    public double Sum(Func<Tensor, Tensor> term) =>
        _parameters.Sum(parameter => WideSum.Of(parameter.Value.Reshape(-1), term));

    /// <summary>A vector of this space, made of a tensor for each parameter.</summary>
    public Tensor Vector(Func<Parameter, Tensor> part) =>
        Tensor.Cat([.. _parameters.Select(parameter => Flat(part(parameter), parameter))], 0);

    /// <summary>
    /// Σ of a function of each number of w − w⁰ in float64, from the network at initialization, whose parameters are taken in their order.
    /// </summary>
    /// <exception cref="OccamException">The two don't have the same parameters.</exception>
    public double SumFrom(Network initial, Func<Tensor, Tensor> term)
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
        return _parameters.Zip(before, (own, parameter) => WideSum.OfDifferences(own.Value, parameter.Value, term)).Sum();
    }

    /// <summary>The parts of a vector that belong to each parameter, in the parameter's shape: views of it.</summary>
    public IEnumerable<Tensor> Parts(Tensor vector)
    {
        var start = 0L;
        foreach (var parameter in _parameters)
        {
            var length = parameter.Value.Elements;
            yield return Shaped(vector.Narrow(0, start, length), parameter);
            start += length;
        }
    }

    /// <summary>Adds to a vector the gradient at the point of a number that was computed from the logits, part by part.</summary>
    /// <param name="number">The number.</param>
    /// <param name="sum">The vector.</param>
    /// <param name="factor">What the gradient is multiplied by.</param>
    public void AddGradient(Tensor number, Tensor sum, double factor = 1)
    {
        if (number.RequiresGrad)
        {
            Add([number], [Tensor.Full(number.Shape, factor, number.ScalarType, number.Device)], sum, retainGraph: false);
        }
    }

    /// <summary>The gradient at the point of a number that was computed from the logits.</summary>
    public Tensor Gradient(Tensor number)
    {
        var sum = Zeros();
        AddGradient(number, sum);
        return sum;
    }

    /// <summary>A vector of zeros.</summary>
    public Tensor Zeros() => Tensor.Zeros([Size], Type, _network.Device);

    /// <summary>
    /// The gradient at the point of such a number by parameter, recorded for products with the Hessian; null where there is none.
    /// </summary>
    public Tensor?[] RecordedGradient(Tensor number) =>
        number.RequiresGrad ? Autograd.Grad([number], Leaves, createGraph: true) : new Tensor?[Leaves.Length];

    /// <summary>Adds the Hessian times a vector, from a recorded gradient.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="sum">What it is added to.</param>
    /// <param name="retainGraph">Whether there are to be more products.</param>
    public void AddHessianTimes(Tensor?[] gradient, Tensor vector, Tensor sum, bool retainGraph)
    {
        using var scope = Libtorch.NewDisposeScope();
        var recorded = gradient.Zip(Parts(vector)).Where(pair => pair.First is { RequiresGrad: true }).ToArray();
        if (recorded.Length > 0)
        {
            Add([.. recorded.Select(pair => pair.First!)], [.. recorded.Select(pair => pair.Second)], sum, retainGraph);
        }
    }

    /// <summary>Adds Jᵀu for the Jacobian J of the logits at the point.</summary>
    /// <param name="logits">The logits, as they were recorded.</param>
    /// <param name="cotangent">u, in their shape.</param>
    /// <param name="sum">What it is added to.</param>
    /// <param name="retainGraph">Whether there are to be more products.</param>
    public void AddBack(Tensor logits, Tensor cotangent, Tensor sum, bool retainGraph)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (logits.RequiresGrad)
        {
            Add([logits], [cotangent], sum, retainGraph);
        }
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

    private static Tensor Shaped(Tensor part, Parameter parameter)
    {
        var shape = parameter.Value.Shape;
        return IsSideBySide(parameter)
            ? part.Reshape(shape[0], shape[2], shape[3], shape[1]).Permute(0, 3, 1, 2)
            : part.Reshape(shape);
    }

    // Some numbers at a time, for the scale of all would count for memory; the target may be the step.
    private static void SetToMoved(Tensor target, Parameter parameter, Tensor step, double factor, Func<Tensor, Tensor>? scale)
    {
        var w = Flat(parameter.Value, parameter);
        for (var at = 0L; at < w.Elements; at += AtOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(AtOnce, w.Elements - at);
            var (to, from, by) = (target.Narrow(0, at, count), w.Narrow(0, at, count), step.Narrow(0, at, count));
            _ = scale is null ? to.SetToSum(from, by, factor) : to.SetToSum(from, by, scale(from), factor);
        }
    }

    private void Add(Tensor[] outputs, Tensor[] cotangents, Tensor sum, bool retainGraph)
    {
        Tensor[] places;
        using (Libtorch.NoGrad())
        {
            places = [.. Parts(sum)];
        }

        // libtorch adds a gradient where it lies as the parameter does; a stored matrix may lie transposed.
        if (places.Zip(Leaves).All(pair => pair.First.IsContiguous == pair.Second.IsContiguous))
        {
            Autograd.AddGradients(outputs, Leaves, cotangents, places, retainGraph);
            return;
        }

        var gradients = Autograd.Grad(outputs, Leaves, cotangents, retainGraph);
        using var grad = Libtorch.NoGrad();
        foreach (var (place, gradient) in places.Zip(gradients))
        {
            if (gradient is not null)
            {
                place.AddInPlace(gradient);
                gradient.Dispose();
            }
        }
    }

    private Tensor[] Leaves => field ??= MakeLeaves();

    private GivenParameters AtPoint => field ??= new GivenParameters(
        _network, _parameters.Zip(Leaves).ToDictionary(pair => pair.First.Name, pair => pair.Second));

    private Tensor[] MakeLeaves()
    {
        using var grad = Libtorch.NoGrad();
        var values = _point is null ? _parameters.Select(parameter => parameter.Value) : Parts(_point);
        return [.. values.Select(value => value.Detach().RequireGrad())];
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Named(IEnumerable<Tensor> parts) => Names.Zip(parts, KeyValuePair.Create);
}
