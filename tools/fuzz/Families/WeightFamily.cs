using Occam.Measures.Weights;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;

namespace Occam.Fuzz.Families;

/// <summary>Weights without a graph, in safetensors: by themselves, and put into a network.</summary>
internal sealed class WeightFamily : Family
{
    private static readonly byte[] s_sound = SafetensorsBytes.Of(
        ("w1", [4, 3], new float[12]), ("b1", [4], new float[4]), ("w2", [2, 4], new float[8]), ("b2", [2], new float[2]));

    public override string Name => "weights";

    public override int Share => 120;

    public override void Try(SeededRandom random, string folder)
    {
        var path = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(path, Bytes.Spoil(s_sound, random));
        StoredWeights.Read(path);
        var network = Path.Combine(folder, "net.onnx");
        OnnxWriter.Write(TestGraphs.Mlp(), network);
        NetworkLoader.Load(network, new FunctionChoice { Weights = path });
    }
}
