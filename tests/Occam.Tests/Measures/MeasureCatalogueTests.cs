using System.Text.RegularExpressions;
using Occam.Measures;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class MeasureCatalogueTests
{
    [Fact]
    public void Every_measure_says_what_it_is_and_where_it_comes_from()
    {
        foreach (var (id, measure) in MeasureCatalogue.All)
        {
            Assert.Matches(new Regex("^[a-z0-9]+(-[a-z0-9]+)*$"), id);
            Assert.Equal(id, measure.Id);
            Assert.False(string.IsNullOrWhiteSpace(measure.Definition.ToString()), id);
            Assert.False(string.IsNullOrWhiteSpace(measure.Source), id);
            Assert.False(string.IsNullOrWhiteSpace(measure.Title), id);
            Assert.EndsWith(".", measure.Meaning);
            Assert.DoesNotContain('\n', measure.Meaning + measure.Definition + measure.Source + measure.Title);
        }

        Assert.Equal(MeasureCatalogue.All.Count, MeasureCatalogue.All.Values.Select(measure => measure.Meaning).Distinct().Count());
        Assert.Equal(MeasureCatalogue.All.Count, MeasureCatalogue.All.Values.Select(measure => measure.Title).Distinct().Count());
    }

    [Theory]
    [InlineData("geometric-complexity")]
    [InlineData("dirichlet-energy")]
    [InlineData("geometric-complexity-by-regions")]
    [InlineData("integrated-dirichlet-energy")]
    [InlineData("graph-volume")]
    [InlineData("arc-length")]
    [InlineData("local-lipschitz")]
    [InlineData("lipschitz-lower")]
    [InlineData("lipschitz-upper")]
    [InlineData("lipschitz-certificate")]
    [InlineData("linear-regions")]
    [InlineData("margin")]
    [InlineData("loss-slope")]
    [InlineData("max-sharpness")]
    [InlineData("expected-sharpness")]
    [InlineData("kl-divergence")]
    [InlineData("gaussian-kl")]
    [InlineData("pac-bayes-curve")]
    [InlineData("pac-bayes-bound")]
    [InlineData("hessian-trace")]
    [InlineData("hessian-top-eigenvalue")]
    [InlineData("learning-coefficient")]
    [InlineData("neural-collapse")]
    [InlineData("class-distance-normalized-variance")]
    [InlineData("embedding-complexity")]
    [InlineData("pacbayes-orig")]
    [InlineData("pacbayes-init")]
    [InlineData("pacbayes-mag-init")]
    [InlineData("pacbayes-flatness")]
    [InlineData("pacbayes-mag-orig")]
    [InlineData("pacbayes-mag-flatness")]
    public void Every_measure_named_so_far_is_there(string id) => Assert.Equal(id, MeasureCatalogue.Find(id).Id);

    [Theory]
    [InlineData("parameter-count")]
    [InlineData("vc-dimension")]
    [InlineData("l2-norm")]
    [InlineData("l1-infinity-norm")]
    [InlineData("group-norm")]
    [InlineData("l1-path-norm")]
    [InlineData("l2-path-norm")]
    [InlineData("path-norm")]
    [InlineData("path-norm-over-margin")]
    [InlineData("spectral-norm")]
    [InlineData("operator-norm")]
    [InlineData("lipschitz-capacity")]
    [InlineData("distance-from-initialization")]
    [InlineData("inverse-margin")]
    [InlineData("log-prod-of-spec")]
    [InlineData("log-prod-of-spec-over-margin")]
    [InlineData("log-sum-of-spec")]
    [InlineData("log-sum-of-spec-over-margin")]
    [InlineData("log-prod-of-fro")]
    [InlineData("log-prod-of-fro-over-margin")]
    [InlineData("log-sum-of-fro")]
    [InlineData("log-sum-of-fro-over-margin")]
    [InlineData("fro-over-spec")]
    [InlineData("log-spec-init-main")]
    [InlineData("log-spec-orig-main")]
    [InlineData("fro-dist")]
    [InlineData("dist-spec-init")]
    [InlineData("param-norm")]
    [InlineData("spectrally-normalized-margin")]
    [InlineData("lq-path-norm")]
    [InlineData("power-law-exponent")]
    [InlineData("effective-rank")]
    [InlineData("outlier-eigenvalues")]
    public void Every_measure_of_weights_is_there(string id) => Assert.Equal(id, MeasureCatalogue.Find(id).Id);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void A_measure_says_of_its_value_whether_it_is_the_mean_of_its_examples(int? probes)
    {
        var network = Perceptron("relu", 4, 8, 3);
        var subject = new Subject(network).WithInitial(Perceptron("relu", 4, 8, 3));
        MeasureContext context = new(subject, Gaussian(12, 3, 4), new MeasureOptions { Layers = true, Directions = probes });
        List<string> means = [];
        foreach (var id in MeasureCatalogue.All.Keys)
        {
            var result = Find(id).Measurement(context);
            var isMean = result is { Value: { } value, PerExample: { Length: > 1 } values }
                && Math.Abs(values.Average() - value) <= 1e-9 * Math.Abs(value);
            Assert.True(
                isMean == result.IsMeanOfExamples,
                $"{id}: the value is {(isMean ? "" : "not ")}the mean of PerExample: {(isMean ? "set" : "don't set")} IsMeanOfExamples "
                    + $"({result.Value} and {string.Join(", ", result.PerExample)})");
            Assert.True(result.StandardErrorOverExamples is not { } error || (isMean && error > 0), id);
            if (isMean)
            {
                means.Add(id);
            }
        }

        Assert.All(
            ["dirichlet-energy", "geometric-complexity", "layer-amplifications", "local-lipschitz", "transfer-functions"],
            id => Assert.Contains(id, means));
    }

    [Fact]
    public void A_mean_over_examples_names_its_error_over_them_before_its_details()
    {
        var result = Measure("geometric-complexity", Perceptron("relu", 4, 8, 3), Gaussian(12, 3, 4), new MeasureOptions { Layers = true });
        var values = result.PerExample;
        var deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - result.Value!.Value, 2)) / (values.Length - 1));
        AssertClose(deviation / Math.Sqrt(values.Length), result.StandardErrorOverExamples, 1e-12);
        Assert.Equal((0, true), (result.StandardError, result.Exact));
        Assert.Equal(["samplingError", "probabilities"], result.NamedDetails.Select(detail => detail.Key));
        Assert.Equal(result.StandardErrorOverExamples, result.Detail("samplingError"));
        Assert.Equal(["probabilities"], result.Details.Select(detail => detail.Key));
    }

    [Fact]
    public void A_wrong_name_is_told_the_nearest() =>
        Assert.Contains("'local-lipschitz'", Assert.Throws<OccamException>(() => MeasureCatalogue.Find("local-lipshitz")).Message);
}
