using Occam.Data;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Regions;
using Occam.Measures.Slope;
using Occam.Networks.Loading;

namespace Occam.Measuring;

/// <summary>
/// What can be measured of one network on one set of data, each quantity when it is first asked for:
/// <code>
/// var complexity = Complexity.Of("net.onnx", "mnist:test");
/// Console.WriteLine(complexity.GeometricComplexity.Value);
/// Console.WriteLine(complexity.Measure(new GroupNorm(P: 1)).Value);
/// </code>
/// A result whose <see cref="MeasureResult.Value"/> is null says in <see cref="MeasureResult.NotApplicable"/> why. Not safe for use by
/// several threads at once.
/// </summary>
public sealed class Complexity
{
    private readonly Dictionary<Measure, MeasureResult> _results = [];

    private Complexity(MeasureContext context) => Context = context;

    /// <summary>What the measures share.</summary>
    public MeasureContext Context { get; }

    /// <summary>Mean of ‖J(x)‖_F² over the data (Dherin et al. 2022, Def. 2.1).</summary>
    public MeasureResult GeometricComplexity => Measure(new GeometricComplexity());

    /// <summary>Half of the geometric complexity (Dherin et al. 2021, eq. 5).</summary>
    public MeasureResult DirichletEnergy => Measure(new DirichletEnergy());

    /// <summary>σ_max(J(x)): mean over the data, maximum and quantiles among the details (Loukas et al. 2021, §3.2).</summary>
    public MeasureResult LocalLipschitz => Measure(new LocalLipschitz());

    /// <summary>An upper bound on the Lipschitz constant of the whole function (Loukas et al. 2021, §3.2).</summary>
    public MeasureResult LipschitzUpper => Measure(new LipschitzUpper());

    /// <summary>The 5th percentile of the margins; accuracy and quantiles among the details (Neyshabur et al. 2017, eq. 2).</summary>
    public MeasureResult Margin => Measure(new Margin());

    /// <summary>The activation patterns that the data meet (Loukas et al. 2021, §3.1).</summary>
    public MeasureResult LinearRegions => Measure(new LinearRegions());

    /// <summary>‖∇_θ L‖² of the mean cross-entropy (Dherin et al. 2022, §5).</summary>
    public MeasureResult LossSlope => Measure(new LossSlope());

    /// <summary>A network's file and data by name or file, as the commands take them.</summary>
    /// <param name="network">An ONNX file.</param>
    /// <param name="data"><c>mnist:test</c>, <c>glyphs:train</c>, a <c>.npz</c>, <c>.csv</c> or <c>.parquet</c> file, a folder.</param>
    /// <param name="limit">How many examples to take, at random; all when left out.</param>
    /// <param name="options">How to measure.</param>
    /// <exception cref="OccamException">A file isn't there or unusable, or the two don't fit each other.</exception>
    public static Complexity Of(string network, string data, int? limit = null, MeasureOptions? options = null) =>
        Of(Subject.Of(NetworkLoader.Load(network)), DataSource.Open(data, new DataOptions { Limit = limit }), options);

    /// <summary>A network's file and data from arrays.</summary>
    /// <inheritdoc cref="Of(string, string, int?, MeasureOptions?)"/>
    public static Complexity Of(string network, DataSet data, MeasureOptions? options = null) =>
        Of(Subject.Of(NetworkLoader.Load(network)), data, options);

    /// <summary>A network in memory, with data.</summary>
    /// <inheritdoc cref="Of(string, string, int?, MeasureOptions?)"/>
    public static Complexity Of(Subject subject, DataSet data, MeasureOptions? options = null) =>
        new(new MeasureContext(subject, data, options));

    /// <summary>Any measure; of equal ones the result is computed once.</summary>
    /// <exception cref="OccamException">A parameter is out of its range, or the network or the data are unusable.</exception>
    public MeasureResult Measure(Measure measure)
    {
        if (!_results.TryGetValue(measure, out var result))
        {
            result = measure.Measurement(Context);
            _results.Add(measure, result);
        }

        return result;
    }

    /// <summary>The measure of an id (<see cref="MeasureCatalogue"/>), its parameters at the defaults.</summary>
    /// <exception cref="OccamException">There is none of that id.</exception>
    public MeasureResult Measure(string id) => Measure(MeasureCatalogue.Find(id));
}
