using System.Text.Json;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

/// <summary>LipSDP by CVXOPT, of random chains.</summary>
public sealed class LipSdpPeerTests
{
    [Fact]
    public void Bounds_are_CVXOPTs()
    {
        using TemporaryFolder folder = new();
        var missing = PyTorchPeer.Run("lipsdp.py", folder.Path);
        Assert.SkipWhen(missing is not null, missing ?? "");
        using var scope = Libtorch.NewDisposeScope();
        using var document = JsonDocument.Parse(File.ReadAllText(folder.File("lipsdp.json")));
        var cases = document.RootElement.EnumerateArray().ToArray();
        Assert.Equal(7, cases.Length);
        foreach (var one in cases)
        {
            var slopes = new Interval(one.GetProperty("low").GetDouble(), one.GetProperty("high").GetDouble());
            var bounds = Chains.Bounds(Chains.Of(slopes, [.. one.GetProperty("weights").EnumerateArray().Select(Matrix)]));
            AssertClose(one.GetProperty("layer").GetDouble(), bounds["lipsdpLayer"], 1e-6);
            AssertClose(one.GetProperty("neuron").GetDouble(), bounds["lipsdpNeuron"], 1e-6);
        }
    }

    private static Tensor Matrix(JsonElement rows)
    {
        double[][] numbers = [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray())];
        return Tensor.FromArray([.. numbers.SelectMany(row => row)], numbers.Length, numbers[0].Length);
    }
}
