using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>RNN, GRU and LSTM: sequences, directions and layouts.</summary>
public sealed class RecurrentTests
{
    private const int Steps = 4;
    private const int Batch = 3;
    private const int Features = 2;
    private const int Units = 5;

    public static TheoryData<string> Types => ["RNN", "GRU", "LSTM"];

    public static TheoryData<string, string> Activations
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (var type in new[] { "RNN", "GRU", "LSTM" })
            {
                foreach (var name in new[]
                {
                    "Relu", "Tanh", "Sigmoid", "Softsign", "Softplus", "LeakyRelu", "ThresholdedRelu", "Elu", "Affine", "ScaledTanh",
                    "HardSigmoid",
                })
                {
                    data.Add(type, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation_is_that_of_ONNX_Runtime(string type, string activation)
    {
        using var scope = Libtorch.NewDisposeScope();
        string[] names = type switch { "RNN" => [activation], "GRU" => [activation, "Tanh"], _ => ["Sigmoid", activation, "Tanh"] };
        var hasAlpha = activation is "LeakyRelu" or "ThresholdedRelu" or "Elu" or "Affine" or "ScaledTanh" or "HardSigmoid";
        var hasBeta = activation is "Affine" or "ScaledTanh" or "HardSigmoid";
        List<(string, object)> attributes = [("activations", names)];
        if (hasAlpha)
        {
            attributes.Add(("activation_alpha", new[] { 0.3 }));
        }

        if (hasBeta)
        {
            attributes.Add(("activation_beta", new[] { 0.4 }));
        }

        OnnxRuntimePeer.Agrees(Node(type, [.. attributes]).Network, X);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Backward_is_forward_on_the_sequence_turned_around(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        Close.Equal(Node(type).Run(X.Flip(0)).Flip(0), Node(type, ("direction", "reverse")).Run());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_batch_may_come_first(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (states, last) = (Node(type).Run(), Node(type).Run(output: "output1"));
        var first = Node(type, ("layout", 1L));
        Close.Equal(states.Permute(2, 0, 1, 3), first.Run(X.Transpose(0, 1)));
        Close.Equal(last.Transpose(0, 1), first.Run(X.Transpose(0, 1), "output1"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_short_sequence_is_one_that_ends_there(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        foreach (var direction in new[] { "forward", "reverse" })
        {
            var whole = Node(type, ("direction", direction));
            var cut = Node(type, Tensor.FromArray([2, 4, 0], Batch), ("direction", direction));
            var (states, last) = (cut.Run(), cut.Run(output: "output1"));
            Close.Equal(whole.Run(X.Narrow(0, 0, 2)).Select(2, 0), states.Narrow(0, 0, 2).Select(2, 0));
            Close.Equal(whole.Run(X.Narrow(0, 0, 2), "output1").Select(1, 0), last.Select(1, 0));
            Close.Equal(whole.Run().Select(2, 1), states.Select(2, 1));
            Assert.Equal(0, states.Narrow(0, 2, 2).Select(2, 0).Norm().Item());

            // A sequence of no steps keeps the state that it begins with.
            Close.Equal(whole.Inputs[5]!.Select(1, 2), last.Select(1, 2));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_last_state_is_that_after_the_last_step(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Node(type);
        Close.Equal(node.Run().Select(0, Steps - 1), node.Run(output: "output1"));
    }

    [Fact]
    public void Weights_are_parameters_and_states_to_begin_with_are_not()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal(
            ["input1", "input2", "input3"], Node("LSTM").Network.Parameters.Select(parameter => parameter.Name));
    }

    [Theory]
    [InlineData("activations", "'Cosh'", "Cosh", "Tanh")]
    [InlineData("activations", "1 activations", "Tanh")]
    [InlineData("direction", "'sideways'", "sideways")]
    public void What_cannot_be_is_refused(string attribute, string said, params string[] value)
    {
        using var scope = Libtorch.NewDisposeScope();
        object given = attribute == "direction" ? value[0] : value;
        Assert.Contains(said, Assert.Throws<OccamException>(() => Node("GRU", (attribute, given)).Run()).Message);
    }

    private static Tensor X => Random(1, Steps, Batch, Features);

    private static OneNode Node(string type, params (string, object)[] attributes) => Node(type, null, attributes);

    private static OneNode Node(string type, Tensor? lengths, params (string, object)[] attributes)
    {
        var gates = type switch { "RNN" => 1, "GRU" => 3, _ => 4 };
        var isBatchFirst = attributes.Contains(("layout", 1L));
        var state = Random(5, 1, Batch, Units);
        Tensor?[] inputs =
        [
            X, Random(2, 1, gates * Units, Features), Random(3, 1, gates * Units, Units) * 0.5, Random(4, 1, 2 * gates * Units), lengths,
            isBatchFirst ? state.Transpose(0, 1) : state,
        ];
        return new OneNode(type, inputs, Attributes.Of([.. attributes, ("hidden_size", (long)Units)]), outputs: 2);
    }
}
