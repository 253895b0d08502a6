using System.Collections.Immutable;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class RunCommandTests : IDisposable
{
    private static readonly float[] s_points = [1, 0, 0.5f, -1, 2, 3];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_outputs_are_written_with_nothing_cut_off()
    {
        var outcome = Run(_place.Linear(), Points());

        var p = Assert.Single(Written()).Value;
        Assert.Matches(@"p\s+float32\s+3 × 2\s+output", outcome.Output);
        Assert.Contains("wrote", outcome.Error);
        Assert.Equal([3, 2], p.Shape);
        for (var i = 0; i < 3; i++)
        {
            // Of two logits z, the first probability is 1/(1 + e^(z₂ − z₁)), with z₂ − z₁ = 2 x₁ + 2 x₂.
            var first = 1 / (1 + Math.Exp((2 * s_points[2 * i]) + (2 * s_points[(2 * i) + 1])));
            Assert.Equal(first, p.ToArray<double>()[2 * i], 6);
        }
    }

    [Fact]
    public void A_jacobian_that_is_zero_by_construction_is_refused_and_one_that_is_cut_says_so()
    {
        string Written(string name, params Node[] nodes)
        {
            using var scope = Libtorch.NewDisposeScope();
            OnnxWriter.Write(
                new Graph
                {
                    Opset = 17,
                    Input = new ValueInfo("x", ScalarType.Float32, [null, 2]),
                    Outputs = [new ValueInfo("y", ScalarType.Float32, default)],
                    Nodes = [.. nodes],
                    Initializers = [],
                },
                _place.In(name));
            return _place.In(name);
        }

        var sign = new Node("s", "Sign", "", ["x"], ["y"], Attributes.None);
        var refused = Workplace.Run(
            "run", Written("sign.onnx", sign), "--data", Points(), "--out", _place.In("out.npz"), "--jacobian");
        Assert.NotEqual(ExitCode.Success, refused.Code);
        Assert.Contains(
            "the Jacobian needs a derivative by the input, and Sign 's' passes none", refused.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        var skip = Run(
            Written("skip.onnx", sign with { Outputs = ["h"] }, new Node("a", "Add", "", ["h", "x"], ["y"], Attributes.None)), Points(),
            "--jacobian");
        Assert.Contains("Sign 's' passes no derivative", skip.Output + skip.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inner_values_are_written_by_their_names()
    {
        Run(_place.Mlp(), Points(), "--output", "Relu:a", "--output", "h");

        var (a, h) = (Written()["a"].ToArray<double>(), Written()["h"].ToArray<double>());
        Assert.Equal(24, h.Length);
        Assert.Equal(h.Select(value => Math.Max(0, value)), a);
    }

    [Fact]
    public void An_input_may_be_one_number_everywhere()
    {
        var graph = new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float32, [null, 2]) { Symbols = ["n", null] },
            Held =
            [
                new ValueInfo("mask", ScalarType.Int64, [null, 2]) { Symbols = ["n", null] }, new ValueInfo("rate", ScalarType.Int64, []),
            ],
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
            Nodes =
            [
                new Node("c", "Cast", "", ["mask"], ["m"], Attributes.Of(("to", 1L))),
                new Node("r", "Cast", "", ["rate"], ["s"], Attributes.Of(("to", 1L))),
                new Node("p", "Mul", "", ["x", "m"], ["z"], Attributes.None), new Node("q", "Add", "", ["z", "s"], ["y"], Attributes.None),
            ],
            Initializers = [],
        };
        OnnxWriter.Write(graph, _place.In("fixed.onnx"));
        Run(_place.In("fixed.onnx"), Points(), "--fix", "mask=2", "--fix", "rate=3");
        Assert.Equal(s_points.Select(value => (2.0 * value) + 3), Written()["y"].ToArray<double>());

        // An array of the data that a number stands in for isn't read, and that is said.
        NpzFile.Write(_place.In("both.npz"), [Array("x", s_points, 3, 2), Array("rate", new float[] { 7 }, 1)]);
        var said = Workplace.Run(
            "run", _place.In("fixed.onnx"), "--data", _place.In("both.npz"), "--out", _place.In("out.npz"),
            "--fix", "mask=2", "--fix", "rate=3");
        Assert.Contains("fixed, whatever the data hold: rate", said.Output + said.Error);
        Assert.DoesNotContain("not taken", said.Output + said.Error);
        Assert.Equal(s_points.Select(value => (2.0 * value) + 3), Written()["y"].ToArray<double>());

        string Refusal(params string[] fix) => Workplace.Run(
            ["run", _place.In("fixed.onnx"), "--data", Points(), "--out", _place.In("out.npz"), .. fix]).Error.ReplaceLineEndings(" ");
        Assert.Contains("has no input 'masks' to fix: it takes x, mask, rate", Refusal("--fix", "masks=1"));
        Assert.Contains("'mask' takes whole numbers, and 0.5 isn't one", Refusal("--fix", "mask=0.5", "--fix", "rate=1"));
        Assert.Contains("the model takes 'rate'", Refusal("--fix", "mask=1"));
    }

    [Fact]
    public void Margins_by_position_are_written_by_example_and_position()
    {
        var network = Write([Node("Relu", ["x"], "y")], [null, 3, 2]);
        float[] logits = [3, 1, 0, 2, 5, 1, 4, 1, 2, 2.5f, 7, 0];
        int[] labels = [0, 0, 1, 1, DataSet.Ignored, 0];
        NpzFile.Write(_place.In("positions.npz"), [Array("x", logits, 2, 3, 2), Array("y", labels, 2, 3)]);

        var outcome = Run(network, _place.In("positions.npz"), "--per-example", "--measures", "margin");

        var margin = Written()["margin"];
        Assert.Equal([2, 3], margin.Shape);
        Assert.Equal([2, -2, -4, -3, double.NaN, 7], margin.ToArray<double>());
        var output = string.Join(' ', outcome.Output.Split('\n', StringSplitOptions.TrimEntries));
        Assert.Contains("Margin, by example and position, NaN where", output);
    }

    [Fact]
    public void An_example_without_a_label_that_counts_keeps_its_row_without_a_value()
    {
        var network = Write([Node("Relu", ["x"], "y")], [null, 3, 2]);
        float[] logits = [3, 1, 0, 2, 5, 1, 9, 9, 9, 9, 9, 9, 4, 1, 2, 2.5f, 7, 0];
        const int No = DataSet.Ignored;
        NpzFile.Write(_place.In("some.npz"), [Array("x", logits, 3, 3, 2), Array("y", new[] { 0, 0, 1, No, No, No, 1, No, 0 }, 3, 3)]);

        Run(network, _place.In("some.npz"), "--per-example", "--measures", "margin,geometric-complexity");

        Assert.Equal([3, 3], Written()["margin"].Shape);
        Assert.Equal([2, -2, -4, double.NaN, double.NaN, double.NaN, -3, double.NaN, 7], Written()["margin"].ToArray<double>());
        Assert.Equal([5, double.NaN, 5], Written()["geometric-complexity"].ToArray<double>());
        NpzFile.Write(_place.In("none.npz"), [Array("x", logits, 3, 3, 2), Array("y", Enumerable.Repeat(No, 9).ToArray(), 3, 3)]);
        var refused = Workplace.Run("measure", network, "--data", _place.In("none.npz"), "--measures", "margin");
        Assert.Contains("every label is -100", refused.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Batches_give_what_all_at_once_gives()
    {
        Run(_place.Mlp(), Points(), "--jacobian");
        var whole = Written();
        Run(_place.Mlp(), Points(), "--jacobian", "--batch", "2");

        Assert.All(Written(), pair =>
        {
            Assert.Equal(whole[pair.Key].Shape, pair.Value.Shape);
            Assert.All(
                whole[pair.Key].ToArray<double>().Zip(pair.Value.ToArray<double>()), both => Assert.Equal(both.First, both.Second, 1e-6));
        });
    }

    [Fact]
    public void The_Jacobian_of_a_linear_function_is_its_matrix()
    {
        var outcome = Run(_place.Linear(factor: 3), Points(), "--output", "y", "--jacobian", "--precision", "float64");

        var jacobian = Written()["jacobian"];
        Assert.Matches("jacobian .*∂y/∂x of each example", outcome.Output);
        Assert.Equal([3, 2, 2], jacobian.Shape);
        Assert.Equal(Enumerable.Repeat(new double[] { 3, 6, 9, 12 }, 3).SelectMany(row => row), jacobian.ToArray<double>());
    }

    [Fact]
    public void The_Jacobian_by_an_inner_value_starts_there()
    {
        Run(_place.Mlp(), Points(), "--jacobian", "--input", "a", "--output", "y", "--output", "a");

        var (y, a, jacobian) = (Written()["y"].ToArray<double>(), Written()["a"].ToArray<double>(), Written()["jacobian"]);
        Assert.Equal([3, 2, 8], jacobian.Shape);

        // y = W a: the Jacobian times a is y.
        var rows = jacobian.ToArray<double>();
        double Product(int i) => Enumerable.Range(0, 8).Sum(j => rows[(8 * i) + j] * a[(8 * (i / 2)) + j]);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(y[i], Product(i), 5));
    }

    [Theory]
    [InlineData("last", new[] { 5f, 6, 11, 12 })]
    [InlineData("0", new[] { 1f, 2, 7, 8 })]
    [InlineData("mean", new[] { 3f, 4, 9, 10 })]
    public void A_position_is_taken_of_outputs_by_position(string position, float[] expected)
    {
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo("x", ScalarType.Float32, [null, 3, 2]),
                Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 3, 2]), new ValueInfo("z", ScalarType.Float32, [null, 3, 2])],
                Nodes = [Node("Identity", ["x"], "y"), Node("Neg", ["y"], "z")],
                Initializers = [],
            },
            _place.In("positions.onnx"));
        float[] numbers = [.. Enumerable.Range(1, 12).Select(number => (float)number)];
        NpzFile.Write(_place.In("x.npz"), [Array("x", numbers, 2, 3, 2)]);

        Run(_place.In("positions.onnx"), _place.In("x.npz"), "--position", position, "--jacobian");

        Assert.Equal([2, 2], Written()["y"].Shape);
        Assert.Equal(expected, Written()["y"].Elements);
        Assert.Equal(numbers.Select(number => -number), (float[])Written()["z"].Elements);
        Assert.Equal([2, 2, 6], Written()["jacobian"].Shape);
        Assert.Equal(4, Written()["jacobian"].ToArray<double>().Sum(), 6);
    }

    [Fact]
    public void A_position_of_outputs_without_positions_is_refused() => Assert.Contains(
        "outputs by position are n × T × V, and this one is n × 2",
        Workplace.Run("run", _place.Mlp(), "--data", Points(), "--out", _place.In("out.npz"), "--position", "last").Error
            .ReplaceLineEndings(" "));

    [Fact]
    public void The_Jacobian_of_a_token_model_is_by_its_word_embedding()
    {
        // y is the sum of twice the vectors of the words.
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo("ids", ScalarType.Int64, [null, 3]),
                Outputs = [new ValueInfo("y", ScalarType.Float32, default)],
                Nodes =
                [
                    Node("Gather", ["table", "ids"], "vectors"), Node("Mul", ["vectors", "two"], "twice"),
                    Node("ReduceSum", ["twice", "axis"], "y", ("keepdims", 0L)),
                ],
                Initializers = new Dictionary<string, Tensor>
                {
                    ["table"] = Tensor.FromArray([1f, 2, 3, 4, 5, 6], 3, 2),
                    ["two"] = Tensor.FromArray([2f], 1),
                    ["axis"] = Tensor.FromArray([1L], 1),
                }.ToImmutableDictionary(),
            },
            _place.In("tokens.onnx"));
        NpzFile.Write(_place.In("ids.npz"), [Array("ids", new[] { 0, 1, 2, 2, 2, 0 }, 2, 3)]);

        var outcome = Run(_place.In("tokens.onnx"), _place.In("ids.npz"), "--jacobian");

        Assert.Contains("∂y/∂vectors of each example", outcome.Output);
        Assert.Equal(new[] { 18f, 24, 22, 28 }, Written()["y"].Elements);
        Assert.Equal([2, 2, 6], Written()["jacobian"].Shape);
        float[] one = [2, 0, 2, 0, 2, 0, 0, 2, 0, 2, 0, 2];
        Assert.Equal([.. one, .. one], (float[])Written()["jacobian"].Elements);
    }

    [Fact]
    public void Where_examples_mix_the_Jacobian_is_whole()
    {
        var network = Write(
            [Node("ReduceMean", ["x"], "mean", ("axes", new[] { 0L }), ("keepdims", 1L)), Node("Sub", ["x", "mean"], "y")], [null, 2]);

        var outcome = Run(network, Points(), "--jacobian");

        var jacobian = Written()["jacobian"];
        Assert.Matches("jacobian .*whole", outcome.Output);
        Assert.Equal([6, 6], jacobian.Shape);

        // (I − 1/n 1 1ᵀ) over the examples, the identity over the coordinates.
        var expected =
            from row in Enumerable.Range(0, 6)
            from column in Enumerable.Range(0, 6)
            select row % 2 != column % 2 ? 0 : (row == column ? 1 : 0) - (1.0 / 3);
        Assert.All(expected.Zip(jacobian.ToArray<double>()), both => Assert.Equal(both.First, both.Second, 6));
    }

    [Fact]
    public void Measures_are_written_by_example()
    {
        Run(
            _place.Linear(), _place.Points(count: 5), "--per-example", "--measures", "geometric-complexity,l2-norm,margin");

        Assert.Equal(["geometric-complexity", "margin", "p"], Written().Keys.Order());
        Assert.All(Written()["geometric-complexity"].ToArray<double>(), value => Assert.Equal(Workplace.SquaredNorm, value, 4));
        Assert.Equal([5], Written()["margin"].Shape);
    }

    [Fact]
    public void What_is_left_out_of_the_measures_and_the_data_is_said()
    {
        NpzFile.Write(_place.In("more.npz"), [Array("x", s_points, 3, 2), Array("weights", s_points, 6), Array("y", new long[3], 3)]);

        var outcome = Run(_place.Linear(), _place.In("more.npz"), "--per-example", "--measures", "geometric-complexity,l2-norm");

        Assert.Contains("not taken by the model: weights", outcome.Output);
        Assert.Contains("l2-norm has no values by example", outcome.Output);
    }

    [Fact]
    public void Training_mode_in_the_file_is_not_followed_and_said()
    {
        var network = Write(
            [
                Node("Constant", [], "half", ("value_float", 0.5)), Node("Equal", ["half", "half"], "on"),
                Node("Dropout", ["x", "half", "on"], "y"),
            ],
            [null, 2]);

        var outcome = Run(network, Points());

        Assert.Matches(@"Dropout:y' is in training mode in the file: run as in\s+evaluation", outcome.Output);
        Assert.Equal(s_points, Written()["y"].Elements);
    }

    [Fact]
    public void A_network_for_one_example_runs_on_several_one_by_one_where_asked()
    {
        var network = Write([Node("Relu", ["x"], "y")], [1, 2]);

        var outcome = Workplace.Run("run", network, "--data", Points(), "--out", _place.In("out.npz"));
        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains("the arrays hold 3 examples, and the model takes 1 at a time: give --batch 1", outcome.Error);

        Assert.Equal(
            ExitCode.Success, Workplace.Run("run", network, "--data", Points(), "--out", _place.In("out.npz"), "--batch", "1").Code);
        Assert.Equal(s_points.Select(number => Math.Max(number, 0)), (float[])Written()["y"].Elements);
    }

    [Fact]
    public void A_network_without_inputs_needs_no_data()
    {
        var network = Write([Node("Constant", [], "y", ("value_ints", new[] { 4L, 5 }))], [], hasInput: false);

        Assert.Equal(ExitCode.Success, Workplace.Run("run", network, "--out", _place.In("out.npz")).Code);

        Assert.Equal(new[] { 4L, 5 }, Written()["y"].Elements);
    }

    [Fact]
    public void A_mistake_is_one_line_and_leaves_no_file()
    {
        var (linear, points) = (_place.Linear(), Points());
        NpzFile.Write(_place.In("wide.npz"), [Array("x", s_points, 2, 3)]);
        NpzFile.Write(_place.In("named.npz"), [Array("xs", s_points, 3, 2)]);
        (string[] Arguments, string Expected)[] mistakes =
        [
            ([linear, "--out", "OUT"], "takes 'x': give --data"),
            ([linear, "--data", points], "--out Y.npz is missing"),
            ([linear, "--data", _place.In("wide.npz"), "--out", "OUT"], "'x' is float32 2×3: the model takes float32 "),
            ([linear, "--data", _place.In("named.npz"), "--out", "OUT"], "are xs: is 'xs' meant?"),
            ([linear, "--data", points, "--out", "OUT", "--output", "q"], "there is no value or node 'q'. There are "),
            ([linear, "--data", points, "--out", "OUT", "--input", "y"], "give --jacobian or --per-example, too"),
            ([linear, "--data", points, "--out", "OUT", "--measures", "margin"], "give --per-example, too"),
            ([linear, "--data", points, "--out", "OUT", "--jacobian", "--input", "z"], "there is no value or node 'z'"),
            ([linear, "--data", points, "--out", "OUT", "--jacobian", "--input", "w", "--output", "x"], "'w'"),
            (["nothing.onnx", "--out", "OUT"], "nothing.onnx is not there: expected an ONNX file"),
            ([linear, "--data", "nothing.npz", "--out", "OUT"], "nothing.npz can't be read: there is no such file"),
            ([linear, "--data", points, "--out", _place.In("no/out.npz")], "its folder does not exist"),
        ];
        Assert.All(mistakes, mistake =>
        {
            string[] arguments = [.. mistake.Arguments.Select(argument => argument == "OUT" ? _place.In("out.npz") : argument)];
            MeasureCommandTests.AssertUserError(Workplace.Run(["run", .. arguments]), mistake.Expected);
            Assert.DoesNotContain("out.npz", _place.Files);
        });
    }

    private Workplace.Outcome Run(string network, string data, params string[] options)
    {
        var outcome = Workplace.Run(["run", network, "--data", data, "--out", _place.In("out.npz"), .. options]);
        Assert.True(outcome.Code == ExitCode.Success, outcome.Error);
        return outcome;
    }

    private ImmutableDictionary<string, NumberArray> Written() => NpzFile.Read(_place.In("out.npz"));

    private string Points()
    {
        NpzFile.Write(_place.In("three.npz"), [Array("x", s_points, 3, 2)]);
        return _place.In("three.npz");
    }

    private static KeyValuePair<string, NumberArray> Array(string name, Array elements, params int[] shape) =>
        KeyValuePair.Create(name, new NumberArray(elements, shape));

    private static Node Node(string type, string[] inputs, string output, params (string, object)[] attributes) =>
        new($"{type}:{output}", type, "", [.. inputs], [output], Attributes.Of(attributes));

    private string Write(Node[] nodes, ImmutableArray<long?> shape, bool hasInput = true)
    {
        OnnxWriter.Write(
            new Graph
            {
                Opset = 13,
                Input = new ValueInfo(hasInput ? "x" : "", ScalarType.Float32, shape),
                Outputs = [new ValueInfo("y", hasInput ? ScalarType.Float32 : ScalarType.Int64, default)],
                Nodes = [.. nodes],
                Initializers = [],
            },
            _place.In("made.onnx"));
        return _place.In("made.onnx");
    }
}
