using Occam.Data;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Sharpness;

public sealed class ErrorFamilyTests
{
    [Fact]
    public void The_search_ends_where_the_error_is_raised_by_a_tenth()
    {
        var found = SigmaSearch.Of((sigma, _) => new Uncertain(1 - Math.Exp(-sigma), 0.001));
        Assert.True(found.Converged);
        Assert.InRange(found.Sigma, -Math.Log(0.91), -Math.Log(0.89));
        Assert.InRange(found.Sigma, found.Lower, found.Upper);
        Assert.Equal(0.001, found.Deviation.StandardError);

        // A jump over what is sought: the place of the jump, and that it isn't reached.
        var jump = SigmaSearch.Of((sigma, _) => sigma > 0.3 ? 0.5 : 0);
        Assert.False(jump.Converged);
        AssertClose(0.3, jump.Sigma, 2e-3);
        Assert.Equal(double.PositiveInfinity, SigmaSearch.Of((_, _) => 0).Upper);
        Assert.Equal(0, SigmaSearch.Of((_, _) => 1).Lower);
    }

    [Fact]
    public void Values_are_the_formulas_for_the_sigma_found()
    {
        var (network, data) = (Perceptron("tanh", 4, 9, 3), Labelled());
        double[] w = [.. network.Parameters.SelectMany(parameter => parameter.Value.ToArray<double>())];
        var squared = w.Sum(v => v * v);
        MeasureResult Found(string id)
        {
            var result = Measure(id, network, data);
            Assert.Equal(1, result.Detail("converged"));
            Assert.InRange(result.Detail("deviation"), 0.09, 0.11);
            AssertClose(Math.Sqrt(result.Value!.Value / 200), result.Detail("overExamples"), 1e-12);
            return result;
        }

        var origin = Found("pacbayes-orig");
        var sigma = origin.Detail("sigma");
        AssertClose((squared / (4 * sigma * sigma)) + Math.Log(200 / sigma) + 10, origin.Value, 1e-12);
        AssertClose(1 / (sigma * sigma), Found("pacbayes-flatness").Value, 1e-12);

        var aware = Found("pacbayes-mag-orig");
        var scale = aware.Detail("sigma");
        var (s2, e2) = (scale * scale, 1e-6);
        AssertClose(
            (w.Sum(v => Math.Log((e2 + ((s2 + 1) * squared / w.Length)) / (e2 + (s2 * v * v)))) / 4) + Math.Log(200 / scale) + 10,
            aware.Value, 1e-12);
        AssertClose(1 / s2, Found("pacbayes-mag-flatness").Value, 1e-12);
    }

    [Fact]
    public void From_the_initialization_they_are_the_formulas_of_the_displacement()
    {
        var (network, data) = (Perceptron("tanh", 4, 9, 3), Labelled());
        using Generator generator = new(77);
        var initial = network.WithInitializers(network.Parameters.Select(parameter => KeyValuePair.Create(
            parameter.Name, parameter.Value + (Tensor.Randn(parameter.Value.Shape, generator, ScalarType.Float64) * 0.1))).ToArray());
        double[] moved = [.. network.Parameters
            .Zip(initial.Parameters)
            .SelectMany(pair => pair.First.Value.ToArray<double>().Zip(pair.Second.Value.ToArray<double>(), (w, before) => w - before))];
        var squared = moved.Sum(v => v * v);
        MeasureContext context = new(new Subject(network).WithInitial(initial), data);
        var init = Measure("pacbayes-init", context);
        var sigma = init.Detail("sigma");
        AssertClose((squared / (4 * sigma * sigma)) + Math.Log(200 / sigma) + 10, init.Value, 1e-12);
        var aware = Measure("pacbayes-mag-init", context);
        var (s2, e2) = (Math.Pow(aware.Detail("sigma"), 2), 1e-6);
        AssertClose((moved.Sum(v => Math.Log((e2 + ((s2 + 1) * squared / moved.Length)) / (e2 + (s2 * v * v)))) / 4)
            + Math.Log(200 / Math.Sqrt(s2))
            + 10, aware.Value, 1e-12);

        // Nearer to the weights than the origin is, the prior gives the smaller bound.
        var bound = Measure("pac-bayes-bound", context);
        AssertClose(squared / (2 * Math.Pow(bound.Detail("fromInitialization.sigma"), 2)), bound.Detail("fromInitialization.kl"), 1e-12);
        Assert.True(bound.Detail("fromInitialization") < bound.Value);
        Assert.Contains("--initial", MeasureCatalogue.Find("pacbayes-init").Measurement(Context(network, data)).NotApplicable);
        var other = new MeasureContext(new Subject(network), data).Subject;
        Assert.Contains("same architecture", Assert.Throws<OccamException>(
            () => Measure("pacbayes-init", new MeasureContext(other.WithInitial(Perceptron("tanh", 4, 8, 3)), data))).Message);
    }

    [Fact]
    public void A_network_that_no_perturbation_makes_worse_has_no_value_and_says_why()
    {
        // Half of the coin's labels are wrong whatever the weights.
        var reason =
            MeasureCatalogue.Find("pacbayes-orig").Measurement(Context(Perceptron("relu", 4, 9, 3), Gaussian(200, 3, 4))).NotApplicable;
        Assert.Contains("training error rises by 0.1", reason);
    }

    // The network's own answers for labels.
    private static DataSet Labelled()
    {
        var data = Gaussian(200, 3, 4);
        var logits = Perceptron("tanh", 4, 9, 3).Forward(Context(Perceptron("tanh", 4, 9, 3), data).Examples(0, 200));
        return DataSet.FromArrays(
            "own", [4], [.. Examples(data).SelectMany(x => x)], [.. logits.ArgMax(1).ToArray<long>().Select(label => (int)label)]);
    }
}
