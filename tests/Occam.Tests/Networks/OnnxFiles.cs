using Google.Protobuf;
using Occam.Networks;
using Occam.Networks.Onnx;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Tests.Networks;

/// <summary>ONNX files as messages, to be spoiled by tests.</summary>
internal static class OnnxFiles
{
    /// <summary>The message of a file that holds <see cref="TestGraphs.Mlp"/>.</summary>
    public static ModelProto Mlp() => ModelProto.Parser.ParseFrom(Bytes(TestGraphs.Mlp()));

    /// <summary>The bytes of a graph's file, without the digest by which every change would be refused.</summary>
    public static byte[] Bytes(Graph graph)
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(graph, folder.File("a.onnx"));
        return File.ReadAllBytes(folder.File("a.onnx"))[..^TrailingDigest.OfNetworks.Length];
    }

    public static Graph Read(ModelProto model)
    {
        using TemporaryFolder folder = new();
        return Read(model, folder);
    }

    public static Graph Read(ModelProto model, TemporaryFolder folder) => Read(model.ToByteArray(), folder);

    public static Graph Read(byte[] bytes, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder.File("model.onnx"), bytes);
        return OnnxReader.Read(folder.File("model.onnx"));
    }

    public static void MakeExternal(this TensorProto tensor, string location, long? offset = null, long? length = null)
    {
        tensor.ClearRawData();
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        if (offset is not null)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        }

        if (length is not null)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{length}" });
        }
    }
}
