using Google.Protobuf;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Xunit;

namespace Occam.Tests;

public sealed class TrailingDigestTests
{
    [Fact]
    public void Every_flipped_bit_of_an_archive_is_found()
    {
        using TemporaryFolder folder = new();
        var archive = new StateArchive();
        archive.Write("numbers", [1.0, 2.0]);
        archive.WriteText("text", "words");
        archive.Save(folder.File("whole.npz"));
        var bytes = File.ReadAllBytes(folder.File("whole.npz"));

        Assert.Equal([1.0, 2.0], StateArchive.Load(folder.File("whole.npz")).Read<double>("numbers"));
        AssertEveryFlipIsFound(bytes, folder.File("flipped.npz"), path => StateArchive.Load(path));
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(folder.File("cut.npz"), bytes[..length]);
            Assert.Throws<OccamException>(() => StateArchive.Load(folder.File("cut.npz")));
        }
    }

    [Fact]
    public void A_flipped_bit_of_a_large_network_is_found_wherever_it_is()
    {
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        OnnxWriter.Write(
            TestGraphs.Graph([null, 600], [TestGraphs.Node("Gemm", ["x", "w"], ["y"])], ("w", Tensor.Randn([600, 600], generator))),
            folder.File("whole.onnx"));
        var bytes = File.ReadAllBytes(folder.File("whole.onnx"));
        Assert.InRange(bytes.Length, 1 << 20, 2 << 20);
        Assert.Equal([600L, 600L], OnnxReader.Read(folder.File("whole.onnx")).Initializers["w"].Shape);
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i < 40 ? i : i < 50 ? bytes.Length - 1 - random.Next(60) : random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.File("flipped.onnx"), flipped);
            Assert.Contains("damaged", Assert.Throws<OccamException>(() => OnnxReader.Read(folder.File("flipped.onnx"))).Message);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_network_is_found()
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(TestGraphs.Mlp(), folder.File("whole.onnx"));

        AssertEveryFlipIsFound(
            File.ReadAllBytes(folder.File("whole.onnx")), folder.File("flipped.onnx"), path => OnnxReader.Read(path));
    }

    [Fact]
    public void A_network_that_another_program_writes_anew_has_no_digest()
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(TestGraphs.Mlp(), folder.File("whole.onnx"));
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File("whole.onnx")));
        model.Graph.Name = "changed";
        File.WriteAllBytes(folder.File("changed.onnx"), model.ToByteArray());

        Assert.Equal("", model.DocString);
        Assert.Equal("changed", OnnxReader.Read(folder.File("changed.onnx")).Name);
    }

    private static void AssertEveryFlipIsFound(byte[] bytes, string path, Action<string> read)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, bytes);
            bytes[i] ^= (byte)(1 << (i % 8));
            var error = Record.Exception(() => read(path));
            Assert.True(error is OccamException, $"byte {i}: {error?.Message ?? "nothing was found"}");
        }
    }
}
