using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The perceptrons of gc-2 at initialization: 500 units a layer, d inputs, k outputs, looked at along the diagonal from
/// (−s, …, −s) to (s, …, s) of a cube, and their geometric complexity on 100 points with normal coordinates of variance s².
/// </summary>
/// <param name="Inputs">d.</param>
/// <param name="Outputs">k.</param>
/// <param name="Units">Units of a hidden layer.</param>
/// <param name="Depths">Numbers of hidden layers.</param>
/// <param name="Points">Points of the data set.</param>
internal sealed record InitializationTask(int Inputs, int Outputs, int Units, ImmutableArray<int> Depths, int Points)
{
    /// <summary>Places along the diagonal, an even number, so that the middle, where biases of zero give zero, is none.</summary>
    public const int Places = 50;

    /// <summary>The scheme that the paper calls standard.</summary>
    public const string Standard = "lecun";

    /// <summary>The activation of the figure.</summary>
    public const string Relu = "relu";

    /// <summary>The schemes.</summary>
    public static ImmutableArray<InitializationScheme> Schemes { get; } =
        [InitializationScheme.LeCun, InitializationScheme.Glorot, InitializationScheme.He];

    /// <summary>The activations.</summary>
    public static ImmutableArray<string> Activations { get; } = [Relu, "tanh", "sigmoid", "gelu"];

    /// <summary>Half the sides of the cubes that inputs are from.</summary>
    public static ImmutableArray<double> Domains { get; } = [1, 100];

    /// <summary>The sizes at a scale.</summary>
    public static InitializationTask At(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new(64, 4, 32, [1, 4], 10),
        ExperimentScale.Laptop => new(3_072, 10, 500, [1, 2, 4, 8, 16, 32, 64], 100),
        _ => new(150_528, 1_000, 500, [1, 2, 4, 8, 16, 32, 64], 100),
    };

    /// <summary>The place x of P₁ + (P₂ − P₁)x for each place along the diagonal.</summary>
    public static ImmutableArray<double> Diagonal { get; } = [.. Enumerable.Range(0, Places).Select(i => (double)i / (Places - 1))];

    /// <summary>The scheme's name as the papers have it.</summary>
    public static string NameOf(string scheme) => scheme switch { "lecun" => "1/fan-in", "glorot" => "Glorot", _ => "He" };

    /// <summary>The activation's name as the papers have it.</summary>
    public static string NameOfActivation(string activation) => activation switch { Relu => "ReLU", "gelu" => "GELU", _ => activation };

    /// <summary>Makes a perceptron, and observes it on every domain.</summary>
    public ImmutableArray<InitializationRun> Observe(
        ExperimentContext context, InitializationScheme scheme, string activation, int depth, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var network = Mlp
            .Build([Inputs, .. Enumerable.Repeat((long)Units, depth), Outputs], activation, scheme, generator)
            .To(ScalarType.Float32, context.Device);
        return [.. Domains.Select(domain => Observe(network, scheme.Id, activation, domain, depth, seed))];
    }

    private InitializationRun Observe(Network network, string scheme, string activation, double domain, int depth, int seed)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var along = Tensor.FromArray([.. Diagonal.Select(x => (float)(domain * ((2 * x) - 1)))], Places, 1).To(network.Device);
        var outputs = network.Forward(along * Tensor.Ones([1, Inputs], network.Type, network.Device)).Abs().To(ScalarType.Float64);
        var points = new SeededRandom(0);
        var x = new float[Points * Inputs];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (float)(domain * points.NextGaussian());
        }

        var measure = new MeasureContext(new Subject(network), DataSet.FromArrays("normal points", [Inputs], x));
        return new InitializationRun(
            scheme,
            activation,
            domain,
            depth,
            seed,
            [.. outputs.Mean([1]).ToArray<double>()],
            [.. outputs.ToArray<double>().Chunk(Outputs).Select(at => at.Max())],
            MeasureCatalogue.Find("geometric-complexity").Measurement(measure).Value ?? double.NaN);
    }
}
