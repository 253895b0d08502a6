using System.IO.Compression;
using System.Text;
using Occam.Data;
using Occam.Networks.Loading;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Files that are no network here are told for what they are, in one line, whatever their names.</summary>
public sealed class ForeignFileTests
{
    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
            + "size 94371840\n";

    private static readonly Dictionary<string, byte[]> s_files = new()
    {
        ["is a git-LFS pointer, 133 bytes of text in place of the file itself, which has 90 MiB: run 'git lfs pull'"] = Text(Pointer),
        ["is empty, 0 bytes"] = [],
        ["is a pickle, as torch.save wrote"] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
        ["is HDF5, as Keras writes"] = [0x89, .. "HDF\r\n\x1A\n"u8, 0, 0],
        ["is TensorFlow Lite"] = [0x1C, 0, 0, 0, .. "TFL3"u8, .. new byte[40]],
        ["is in ONNX Runtime's own format"] = [0x1C, 0, 0, 0, .. "ORTM"u8, .. new byte[40]],
        ["is GGUF"] = [.. "GGUF"u8, 3, 0, 0, 0],
        ["is a NumPy array"] = NumpyStart,
        ["is a picture (PNG)"] = [0x89, .. "PNG\r\n\x1A\n"u8],
        ["is a picture (JPEG)"] = [0xFF, 0xD8, 0xFF, 0xE0],
        ["is a picture (GIF)"] = [.. "GIF89a"u8],
        ["is a picture (WebP)"] = [.. "RIFF"u8, 4, 0, 0, 0, .. "WEBP"u8],
        ["is a picture (BMP)"] = [.. "BM"u8, 10, 0, 0, 0, 0, 0, 0, 0],
        ["is Parquet"] = [.. "PAR1"u8, 0],
        ["is gzipped"] = [0x1F, 0x8B, 8, 0],
        ["is a tar archive"] = [.. new byte[257], .. "ustar"u8, .. new byte[300]],
        ["is an HTML page"] = Text("\uFEFF\n<!DOCTYPE html>\n<html><body>Not found</body></html>"),
        ["is XML, as OpenVINO"] = Text("<?xml version=\"1.0\"?><net name=\"a\"/>"),
        ["is JSON"] = Text("{\"error\": \"Repository not found\"}"),
        ["holds weights without a graph (safetensors: 2 tensors, 5 numbers)"] =
            SafetensorsBytes.Of(("a", [2, 2], new float[4]), ("b", [1], new float[1])),
        ["holds weights without a graph (safetensors: 1 tensor, 1 number)"] = SafetensorsBytes.Of(("b", [1], new float[1])),
        ["is a state dict by torch.save"] = Zip(
            ("archive/data.pkl", "\u0080\u0002}q\0X\u0001\0\0\0wq\u0001ctorch._utils\n_rebuild_tensor_v2\nctorch\nFloatStorage\n."),
            ("archive/data/0", "1234")),
        ["is a checkpoint by torch.save, tensors and other objects (argparse.Namespace)"] = Zip(
            ("archive/data.pkl", "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\ncargparse\nNamespace\n."), ("archive/data/0", "1234")),
        ["is a whole module by torch.save (a __main__.Net)"] = Zip(
            ("net/data.pkl", "\u0080\u0002c__main__\nNet\nq\0)\u0081ccollections\nOrderedDict\nctorch.nn.modules.linear\nLinear\n."),
            ("net/data/0", "1234")),
        ["is a program by torch.export.save"] = Zip(("net/archive_format", "pt2"), ("net/models/model.json", "{}")),
        ["holds NumPy arrays (.npz)"] = Zip(("x.npy", "1"), ("y.npy", "2")),
        ["is a network of Keras 3"] = Zip(("metadata.json", "{}"), ("config.json", "{}"), ("model.weights.h5", "1")),
        ["is a zip archive that holds no TorchScript but net/a.onnx"] = Zip(("net/a.onnx", "1")),
    };

    public static TheoryData<string> Told => [.. s_files.Keys];

    private static byte[] NumpyStart => [0x93, .. "NUMPY"u8, 1, 0];

    [Theory]
    [MemberData(nameof(Told))]
    public void A_file_is_told_for_what_it_is(string words)
    {
        using TemporaryFolder folder = new();
        var path = folder.File("net.onnx");
        File.WriteAllBytes(path, s_files[words]);
        foreach (Action load in (Action[])[() => NetworkLoader.Load(path), () => RunnableModel.Load(path)])
        {
            OccamException error = Assert.Throws<OccamException>(load);
            Assert.StartsWith($"{path} {words}", error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void A_folder_is_told_for_what_is_in_it()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("is a folder: expected", Refused());
        File.WriteAllText(folder.File("b.onnx"), "");
        Assert.Contains($"is a folder: give the file in it, {folder.File("b.onnx")}", Refused());
        File.WriteAllText(folder.File("saved_model.pb"), "a");
        Assert.Contains("is a TensorFlow SavedModel, in a folder", Refused());
        Assert.Contains("is the graph of a TensorFlow SavedModel",
            Assert.Throws<OccamException>(() => NetworkLoader.Load(folder.File("saved_model.pb"))).Message);

        string Refused() => Assert.Throws<OccamException>(() => NetworkLoader.Load(folder.Path)).Message;
    }

    [Fact]
    public void What_PyTorch_saves_is_told_apart()
    {
        using TemporaryFolder folder = new();
        Assert.SkipWhen(PyTorchPeer.Run("saves.py", folder.Path) is not null, "python3 has no torch");
        Assert.Contains(" is a state dict by torch.save", Refused("state.pt"));
        Assert.Contains(" is a checkpoint by torch.save, tensors and other objects (argparse.Namespace)", Refused("checkpoint.pt"));
        Assert.Contains(" is a whole module by torch.save (a torch.nn.modules.container.Sequential)", Refused("module.pt"));
        Assert.Contains(" is a pickle, as torch.save wrote", Refused("legacy.pt"));
        Assert.Contains(" is TorchScript, a program that can read and write your files", Refused("script.pt"));
        Assert.Contains("--trust", Refused("script.pt"));
        Assert.Contains("export the network to ONNX, which runs no code and needs no trust", Refused("script.pt"));
        Assert.Null(NetworkLoader.Load(folder.File("script.pt"), new FunctionChoice { IsTrusted = true }).Network);

        string Refused(string name) => Assert.Throws<OccamException>(() => NetworkLoader.Load(folder.File(name))).Message;
    }

    [Fact]
    public void A_pointer_in_place_of_data_is_told_as_well()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("x.npz"), Pointer);
        Assert.Contains("x.npz is a git-LFS pointer",
            Assert.Throws<OccamException>(() => DataSource.Open(folder.File("x.npz"), new())).Message);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Zip(params (string Name, string Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.Latin1.GetBytes(content));
            }
        }

        return stream.ToArray();
    }
}
