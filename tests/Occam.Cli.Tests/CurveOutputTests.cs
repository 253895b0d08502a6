using System.Text.Json;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class CurveOutputTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_measures_curve_is_drawn_on_its_page_and_stands_in_its_JSON()
    {
        var (page, json) = (_place.In("page.html"), _place.In("result.json"));
        var outcome = Workplace.Run(
            "measure", _place.Mlp(), "--data", _place.Points(count: 20), "--measures", "spectral-density(steps=8),loss", "--html", page,
            "--json", json);
        Assert.Equal(0, outcome.Code);
        var drawn = File.ReadAllText(page);
        Assert.Contains("Density of the eigenvalues: spectral-density(steps=8)", drawn);
        Assert.Contains("What is below a millionth of the highest point is drawn there.", drawn);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        var measures = document.RootElement.GetProperty("measures").EnumerateArray().ToArray();
        var curve = measures[0].GetProperty("curve");
        double[] x = [.. curve.GetProperty("x").EnumerateArray().Select(each => each.GetDouble())];
        Assert.Equal(x.Order(), x);
        Assert.Equal(x.Length, curve.GetProperty("y").GetArrayLength());
        Assert.Equal(x.Length, curve.GetProperty("standardErrors").GetArrayLength());
        Assert.False(measures[1].TryGetProperty("curve", out _));
    }
}
