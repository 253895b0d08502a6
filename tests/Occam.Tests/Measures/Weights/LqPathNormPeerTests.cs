using System.Text.Json;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;
using TemporaryFolder = Occam.Tests.Networks.TemporaryFolder;

namespace Occam.Tests.Measures.Weights;

/// <summary>ℓq path norms of thin residual networks as deep as ResNet-18 and ResNet-152 against PyTorch, by both published ways.</summary>
public sealed class LqPathNormPeerTests(LqPathNormPeerTests.Peer peer) : IClassFixture<LqPathNormPeerTests.Peer>
{
    [Theory]
    [InlineData("thin18", 1)]
    [InlineData("thin18", 2)]
    [InlineData("thin18", 4)]
    [InlineData("thin152", 1)]
    [InlineData("thin152", 2)]
    [InlineData("thin152", 4)]
    public void They_are_those_of_folded_batch_normalization_and_not_those_of_its_parts(string name, double q)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var json = JsonDocument.Parse(File.ReadAllBytes(peer.Folder().File("path_norms.json")));
        var expected = json.RootElement.GetProperty(name).GetProperty($"{q}");
        var subject = Subject.Of(NetworkLoader.Load(peer.Folder().File($"{name}.onnx")), ScalarType.Float64);
        var data = DataSet.FromArrays("x", [3, 64, 64], new float[3 * 64 * 64]);

        var found = new LqPathNorm(q).Measurement(new MeasureContext(subject, data));

        var ln = found.Detail("ln");
        Assert.Equal(expected.GetProperty("folded").GetDouble(), ln, 1e-5);
        Assert.Equal(Math.Exp(ln), found.Value!.Value, 1e-9 * Math.Exp(ln));
        Assert.True(Math.Abs(expected.GetProperty("parts").GetDouble() - ln) > 1e-3);
    }

    /// <summary>What tests/peers/path_norms.py writes, made once.</summary>
    public sealed class Peer : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string? _missing;

        public Peer() => _missing = PyTorchPeer.Run("path_norms.py", _folder.Path);

        internal TemporaryFolder Folder()
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            return _folder;
        }

        public void Dispose() => _folder.Dispose();
    }
}
