using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>
/// Builds a network layer by layer. Each call adds to the end of what is there; <see cref="Here"/> and
/// <see cref="From"/> go back to an earlier place for a branch. Parameters are named as in PyTorch
/// (<c>layer1.0.conv1.weight</c>), and so are their shapes.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class NetworkBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly ImmutableDictionary<string, Tensor>.Builder _initializers = ImmutableDictionary.CreateBuilder<string, Tensor>();
    private readonly string _name;
    private readonly ValueInfo _input;
    private readonly InitializationScheme _scheme;
    private readonly Generator _generator;
    private readonly ScalarType _type;
    private int _opset = 17;
    private string _value;
    private long[] _shape;

    /// <summary>Starts a network.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="exampleShape">The sizes of one example.</param>
    /// <param name="scheme">How weights and biases start.</param>
    /// <param name="generator">Where random numbers come from.</param>
    /// <param name="type">The type of the parameters.</param>
    public NetworkBuilder(
        string name, IEnumerable<long> exampleShape, InitializationScheme scheme, Generator generator, ScalarType type = ScalarType.Float32)
    {
        _name = name;
        _scheme = scheme;
        _generator = generator;
        _type = type;
        _shape = [.. exampleShape];
        if (_shape.Any(size => size <= 0))
        {
            throw new OccamException($"a network can't take examples of the shape {string.Join("×", _shape)}: expected positive sizes");
        }

        _input = new ValueInfo("input", type, [null, .. _shape.Select(size => (long?)size)]);
        _value = _input.Name;
    }

    /// <summary>The end of what is there: a value's name and the sizes of one example of it.</summary>
    public (string Value, ImmutableArray<long> Shape) Here => (_value, [.. _shape]);

    /// <summary>Goes back to a place that <see cref="Here"/> gave.</summary>
    public NetworkBuilder From((string Value, ImmutableArray<long> Shape) place)
    {
        (_value, _shape) = (place.Value, [.. place.Shape]);
        return this;
    }

    /// <summary>A dense layer: weight outputs × inputs, and a bias.</summary>
    public NetworkBuilder Dense(string name, long outputs, bool bias = true, Initializer? weight = null)
    {
        if (_shape.Length != 1)
        {
            throw new OccamException(
                $"the dense layer '{name}' follows values of the shape {string.Join("×", _shape)}: flatten them first");
        }

        var inputs = _shape[0];
        List<string> taken = [_value, Parameter($"{name}.weight", weight ?? _scheme.Weight, [outputs, inputs], inputs, outputs)];
        if (bias)
        {
            taken.Add(Parameter($"{name}.bias", _scheme.Bias, [outputs], inputs, outputs));
        }

        return Then(name, "Gemm", taken, [outputs], Attributes.Of(("transB", 1L)));
    }

    /// <summary>A two-dimensional convolution: weight channels × channels before × kernel × kernel, and a bias.</summary>
    public NetworkBuilder Convolution(string name, long channels, long kernel, long stride = 1, long padding = 0, bool bias = true)
    {
        var before = _shape[0];
        var (fanIn, fanOut) = (before * kernel * kernel, channels * kernel * kernel);
        List<string> taken = [_value, Parameter($"{name}.weight", _scheme.Weight, [channels, before, kernel, kernel], fanIn, fanOut)];
        if (bias)
        {
            taken.Add(Parameter($"{name}.bias", _scheme.Bias, [channels], fanIn, fanOut));
        }

        return Then(name, "Conv", taken, [channels, .. Windows(name, kernel, stride, padding)], Attributes.Of(
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }),
            ("pads", new[] { padding, padding, padding, padding })));
    }

    /// <summary>Batch normalization by channel: scale one, shift zero, running mean zero and variance one.</summary>
    public NetworkBuilder BatchNorm(string name)
    {
        var channels = _shape[0];
        string Stored(string part, Initializer initializer) => Parameter($"{name}.{part}", initializer, [channels], 1, 1);
        return Then(
            name,
            "BatchNormalization",
            [_value, Stored("weight", Initializers.Ones), Stored("bias", Initializers.Zeros), Stored(
                "running_mean", Initializers.Zeros), Stored("running_var", Initializers.Ones)],
            _shape,
            Attributes.Of(("epsilon", 1e-5), ("momentum", 0.9)));
    }

    /// <summary>Layer normalization of each example's values (Ba, Kiros and Hinton 2016): scale one, shift zero, by element.</summary>
    public NetworkBuilder LayerNorm(string name)
    {
        var elements = _shape.Aggregate(1L, (product, size) => product * size);
        string Stored(string part, Initializer initializer) => Parameter($"{name}.{part}", initializer, _shape, elements, elements);
        return Then(
            name, "LayerNormalization", [_value, Stored("weight", Initializers.Ones), Stored("bias", Initializers.Zeros)], _shape,
            Attributes.Of(("axis", (long)-_shape.Length), ("epsilon", 1e-5)));
    }

    /// <summary>An activation function, by its name in <see cref="Activations"/>.</summary>
    public NetworkBuilder Activation(string name, string activation)
    {
        var (type, opset) = Activations.Of(activation);
        _opset = Math.Max(_opset, opset);
        return Then(name, type, [_value], _shape);
    }

    /// <summary>The largest of each window.</summary>
    public NetworkBuilder MaxPool(string name, long kernel, long stride) => Pool(name, "MaxPool", kernel, stride);

    /// <summary>The mean of each window.</summary>
    public NetworkBuilder AveragePool(string name, long kernel, long stride) => Pool(name, "AveragePool", kernel, stride);

    /// <summary>The mean over space: channels × 1 × 1.</summary>
    public NetworkBuilder GlobalAveragePool(string name) => Then(name, "GlobalAveragePool", [_value], [_shape[0], 1, 1]);

    /// <summary>Everything of an example in one dimension.</summary>
    public NetworkBuilder Flatten(string name) =>
        Then(name, "Flatten", [_value], [_shape.Aggregate(1L, (product, size) => product * size)]);

    /// <summary>In training, zeros elements with a probability; nothing in evaluation.</summary>
    public NetworkBuilder Dropout(string name, double probability)
    {
        _initializers[$"{name}.ratio"] = Scalar(probability);
        return Then(name, "Dropout", [_value, $"{name}.ratio"], _shape);
    }

    /// <summary>
    /// A trained shift of every element: what a dense layer does whose weights are the identity and stay so,
    /// without its matrix.
    /// </summary>
    public NetworkBuilder Shift(string name)
    {
        var elements = _shape.Aggregate(1L, (product, size) => product * size);
        return Then(name, "Add", [_value, Parameter($"{name}.bias", _scheme.Bias, _shape, elements, elements)], _shape);
    }

    /// <summary>The sum with another place of the same shape.</summary>
    public NetworkBuilder Add(string name, (string Value, ImmutableArray<long> Shape) other) =>
        other.Shape.AsSpan().SequenceEqual(_shape)
            ? Then(name, "Add", [_value, other.Value], _shape)
            : throw new OccamException(
                $"the sum '{name}' is of {string.Join("×", _shape)} and {string.Join("×", other.Shape)}: expected the same shape");

    /// <summary>The network, whose output is the end of what is there.</summary>
    public Network Build() => new(new Graph
    {
        Name = _name,
        Opset = _opset,
        Input = _input,
        Outputs = [new ValueInfo(_value, _type, [null, .. _shape.Select(size => (long?)size)])],
        Nodes = [.. _nodes],
        Initializers = _initializers.ToImmutable(),
    });

    private NetworkBuilder Pool(string name, string type, long kernel, long stride) =>
        Then(name, type, [_value], [_shape[0], .. Windows(name, kernel, stride, 0)], Attributes.Of(
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride })));

    private long[] Windows(string name, long kernel, long stride, long padding)
    {
        if (_shape is not [_, var height, var width] || Math.Min(height, width) + (2 * padding) < kernel)
        {
            throw new OccamException(
                $"'{name}' has windows of {kernel}×{kernel}, which don't fit values of the shape {string.Join("×", _shape)}");
        }

        return [((height + (2 * padding) - kernel) / stride) + 1, ((width + (2 * padding) - kernel) / stride) + 1];
    }

    private NetworkBuilder Then(string name, string type, List<string> inputs, long[] shape, Attributes? attributes = null)
    {
        _value = $"{name}.output";
        _shape = shape;
        _nodes.Add(new Node(name, type, "", [.. inputs], [_value], attributes ?? Attributes.None));
        return this;
    }

    private string Parameter(string name, Initializer initializer, long[] shape, long fanIn, long fanOut)
    {
        if (shape.Any(size => size <= 0) || _initializers.ContainsKey(name))
        {
            throw new OccamException($"the parameter '{name}' of the shape {string.Join("×", shape)} can't be made: expected positive "
                + "sizes, and each name once");
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        _initializers[name] = initializer(shape, fanIn, fanOut, _generator).To(_type).Alias().DetachFromDisposeScope();
        return name;
    }

    private Tensor Scalar(double value)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Tensor.Full([], value, _type).DetachFromDisposeScope();
    }
}
