using Occam.Data;
using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Measures.Tokens;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Tokens;

/// <summary>
/// Slopes by token of small networks: embedding, a mixing of the positions by a constant matrix, tanh, and a head; against central
/// differences in float64 and the identity that they add up to the geometric complexity.
/// </summary>
public sealed class TokenSlopesTests : IDisposable
{
    private const int Length = 5;
    private const int Width = 3;
    private const int Vocabulary = 7;

    private static readonly int[] s_tokens = [2, 0, 6, 3, 5];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, TokenTarget.Next)]
    [InlineData(false, TokenTarget.Same)]
    public void Influence_and_slopes_are_those_of_differences(bool isCausal, TokenTarget target)
    {
        var context = Context(isCausal);
        var slopes = TokenSlopes.Measure(context, 0, s_tokens);

        Assert.Equal(target, slopes.Target);
        int[] targets = target == TokenTarget.Next ? s_tokens[1..] : s_tokens;
        Assert.Equal(targets, slopes.Targets);
        var e = context.Batch([0]).Inputs;
        var losses = Losses(context, e, targets);
        var (jacobian, influence) = (new double[Length], new double[targets.Length, Length]);
        foreach (var (t, i) in from t in Enumerable.Range(0, Length) from i in Enumerable.Range(0, Width) select (t, i))
        {
            const double h = 1e-5;
            var (up, down) = (Moved(e, t, i, h), Moved(e, t, i, -h));
            var output = (Logits(context, up) - Logits(context, down)) / (2 * h);
            jacobian[t] += output.Square().Sum().Item();
            var (more, less) = (Losses(context, up, targets), Losses(context, down, targets));
            for (var s = 0; s < targets.Length; s++)
            {
                influence[s, t] += Math.Pow((more[s] - less[s]) / (2 * h), 2);
            }
        }

        for (var t = 0; t < Length; t++)
        {
            Assert.True(slopes.SquaredNorms[t].IsExact);
            Assert.Equal(jacobian[t], slopes.SquaredNorms[t].Value, 1e-8 * jacobian[t]);
            for (var s = 0; s < targets.Length; s++)
            {
                Assert.Equal(losses[s], slopes.Losses[s], 12);
                Assert.Equal(Math.Sqrt(influence[s, t]), slopes.Influence[s][t], 1e-8);
                Assert.True(!isCausal || s >= t || slopes.Influence[s][t] == 0);
            }
        }

        Assert.Equal(isCausal ? Math.Exp(losses.Average()) : null, slopes.Perplexity);
    }

    [Fact]
    public void Singular_values_are_those_of_the_Jacobian_by_columns()
    {
        var context = Context(true);
        var (slopes, e) = (TokenSlopes.Measure(context, 0, s_tokens), context.Batch([0]).Inputs);
        var jacobian = new InputJacobian(context.Function, Length * Width, Length * Vocabulary).Matrix(e).Select(0, 0);
        for (var t = 0; t < Length; t++)
        {
            var expected = jacobian.Narrow(1, t * Width, Width).SingularValues().ToArray<double>();
            Assert.All(slopes.SingularValues[t].Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
            var shares = expected.Select(value => value / expected.Sum());
            Assert.Equal(Math.Exp(-shares.Sum(share => share * Math.Log(share))), slopes.EffectiveRanks[t], 1e-6);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slopes_add_up_to_the_geometric_complexity(bool isCausal)
    {
        var context = Context(isCausal);
        Assert.Equal(
            new GeometricComplexity().Measurement(context).Value!.Value,
            TokenSlopes.Measure(context, 0, s_tokens).SquaredNorms.Sum(norm => norm.Value), 1e-9);
    }

    [Fact]
    public void Intervals_cover_the_values()
    {
        const int wide = 24;
        var exact = TokenSlopes.Measure(Context(true, width: wide), 0, s_tokens).SquaredNorms;
        var inside = 0;
        const int seeds = 300;
        for (var seed = 0; seed < seeds; seed++)
        {
            var slopes = TokenSlopes.Measure(Context(true, new MeasureOptions { Directions = 16, Seed = seed }, wide), 0, s_tokens);
            Assert.Contains("16 random directions of 35", slopes.Note);
            inside += slopes.SquaredNorms.Zip(exact).Count(
                pair => Math.Abs(pair.First.Value - pair.Second.Value) <= 2.131 * pair.First.StandardError);
        }

        // Student's quantile for fifteen degrees of freedom; the positions of one seed go together, so three errors are about 0.03.
        Assert.InRange(inside / (double)(seeds * Length), 0.92, 0.98);
    }

    [Fact]
    public void All_directions_are_exact() => Assert.All(
        TokenSlopes.Measure(Context(true, new MeasureOptions { Directions = 15 }), 0, s_tokens).SquaredNorms
            .Zip(TokenSlopes.Measure(Context(true), 0, s_tokens).SquaredNorms),
        pair => Assert.Equal(pair.Second, pair.First));

    [Fact]
    public void A_class_of_the_whole_sequence_has_one_row()
    {
        var context = Context(false, isClassifier: true);
        var slopes = TokenSlopes.Measure(context, 0, s_tokens);
        Assert.Equal((TokenTarget.Class, 1, null), (slopes.Target, slopes.Influence.Length, slopes.Perplexity));
        var logits = Logits(context, context.Batch([0]).Inputs).Reshape(-1).ToArray<double>();
        Assert.Equal(Array.IndexOf(logits, logits.Max()), Assert.Single(slopes.Targets));
    }

    [Fact]
    public void What_has_other_positions_than_tokens_is_refused() => Assert.Contains(
        "expected 4 positions", Assert.Throws<OccamException>(() => TokenSlopes.Measure(Context(true), 0, s_tokens[1..])).Message);

    private static Tensor Logits(MeasureContext context, Tensor e) => context.Function.Forward(e);

    private static double[] Losses(MeasureContext context, Tensor e, int[] targets)
    {
        var logProbabilities = Logits(context, e).Reshape(Length, Vocabulary).LogSoftmax(1);
        return [.. targets.Select((target, s) => -logProbabilities.Select(0, s).Select(0, target).Item())];
    }

    private static Tensor Moved(Tensor e, int t, int i, double by)
    {
        var moved = e.Clone();
        var place = moved.Select(1, t).Select(1, i);
        place.AddInPlace(Tensor.Full(place.Shape, by, ScalarType.Float64, place.Device));
        return moved;
    }

    private MeasureContext Context(bool isCausal, MeasureOptions? options = null, int width = Width, bool isClassifier = false)
    {
        using var generator = new Generator(1);
        var mixing = new double[Length * Length];
        for (var s = 0; s < Length; s++)
        {
            for (var t = 0; t < Length; t++)
            {
                mixing[(s * Length) + t] = isCausal && t > s ? 0 : 1.0 / (1 + Math.Abs(s - t));
            }
        }

        var graph = new Graph
        {
            Opset = 17,
            Input = new ValueInfo("ids", ScalarType.Int64, [null, Length]),
            Outputs = [new ValueInfo("y", ScalarType.Float64, isClassifier ? [null, Vocabulary] : [null, Length, Vocabulary])],
            Nodes =
            [
                TestGraphs.Node("Gather", ["table", "ids"], ["e"]),
                TestGraphs.Node("MatMul", ["mixing", "e"], ["m"]),
                TestGraphs.Node("Tanh", ["m"], ["a"]),
                TestGraphs.Node("MatMul", ["a", "head"], [isClassifier ? "each" : "y"]),
                .. isClassifier
                    ? [TestGraphs.Node("ReduceMean", ["each"], ["y"], Attributes.Of(("axes", new long[] { 1 }), ("keepdims", 0L)))]
                    : Array.Empty<Node>(),
            ],
            Initializers = [],
        };
        graph = graph with
        {
            Initializers = graph.Initializers
                .Add("table", Tensor.Randn([Vocabulary, width], generator, ScalarType.Float64))
                .Add("mixing", Tensor.FromArray(mixing, Length, Length))
                .Add("head", Tensor.Randn([width, Vocabulary], generator, ScalarType.Float64)),
        };
        var path = _folder.File("net.onnx");
        OnnxWriter.Write(graph, path);
        var data = DataSet.FromArrays("text", [Length], Array.ConvertAll(s_tokens, token => (float)token));
        return new MeasureContext(Subject.Of(NetworkLoader.Load(path)), data, options);
    }
}
