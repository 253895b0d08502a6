using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using TemporaryFolder = Occam.Tests.Networks.TemporaryFolder;

namespace Occam.Tests.Measures.Weights;

public sealed class StoredWeightsTests
{
    [Fact]
    public void Norms_are_those_of_the_tensors_as_matrices()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("a.safetensors"), SafetensorsBytes.Of(
            ("conv", [1, 2, 1, 2], [1, 2, 2, 4]), ("diagonal", [2, 2], [3, 0, 0, -4]), ("bias", [2], [9, 9]), ("zeros", [2, 1], [0, 0])));
        StoredWeights weights = Read(folder);
        Assert.Equal(12, weights.Numbers);
        Assert.Equal(["conv", "diagonal", "zeros"], weights.Matrices.Select(matrix => matrix.Name));
        Assert.Equal([25, 25, 0], weights.Matrices.Select(matrix => matrix.FrobeniusSquared));
        Assert.Equal([5, 4, 0], weights.Matrices.Select(matrix => Math.Round(matrix.Spectral, 12)));
        Assert.Equal([1, 25.0 / 16, 0], weights.Matrices.Select(matrix => Math.Round(matrix.StableRank, 12)));
        Assert.Equal(["bias"], weights.Others);
        Assert.Equal(50, weights.FrobeniusSum);
        Assert.Equal(double.NegativeInfinity, weights.LogFrobeniusProduct);
    }

    [Fact]
    public void Where_all_matrices_are_layers_they_are_the_measures_of_the_graph()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Graph graph = TestGraphs.Mlp();
        File.WriteAllBytes(folder.File("a.safetensors"), SafetensorsBytes.Of(
            [.. graph.Initializers.Select(pair => (pair.Key, pair.Value.Shape.ToArray(), pair.Value.ToArray<float>()))]));
        StoredWeights weights = Read(folder);
        MeasureContext context = new(new Subject(new Network(graph)), DataSet.FromArrays("x", [3], new float[3], [0]));
        Assert.Equal(Of(new ParameterCount()), weights.Numbers);
        Assert.Equal(Of(new ParameterNorm()), weights.FrobeniusSum, 10);
        Assert.Equal(Of(new LogProdOfFro()), weights.LogFrobeniusProduct, 10);
        Assert.Equal(Of(new LogProdOfSpec()), weights.LogSpectralProduct, 10);
        Assert.Equal(Of(new FrobeniusOverSpectral()), weights.StableRankSum, 10);

        double Of(Measure measure) => measure.Measurement(context).Value!.Value;
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("a.safetensors"), SafetensorsBytes.Of(("w", [1, 2], [1, float.NaN])));
        Assert.Contains("'w' holds a number that isn't finite",
            Assert.Throws<OccamException>(() => Read(folder)).Message);
    }

    private static StoredWeights Read(TemporaryFolder folder) =>
        StoredWeights.Read(folder.File("a.safetensors"), null, TestContext.Current.CancellationToken);
}
