using System.Buffers.Binary;
using System.Text;
using Occam.Data;

namespace Occam.Networks.Loading;

/// <summary>Files that are given for networks and are none that Occam reads, told by their content for what they are.</summary>
internal static class ForeignFile
{
    /// <summary>How a network of PyTorch becomes a file that can be measured.</summary>
    public const string Export = "write it with torch.onnx.export(network.eval(), example, 'net.onnx')";

    // The name of tar's format stands at its byte 257.
    private const int HeadBytes = 512;
    private const int TarMagic = 257;

    /// <summary>
    /// What a file is and what to do, as the end of a sentence about it, where its first bytes can't be those of a network; null where they
    /// may be.
    /// </summary>
    /// <param name="file">The file, which is read from its beginning.</param>
    /// <param name="path">Where it is.</param>
    public static string? Told(FileStream file, string path)
    {
        if (LfsPointer.Told(file) is { } pointer)
        {
            return pointer;
        }

        Span<byte> buffer = stackalloc byte[HeadBytes];
        file.Position = 0;
        ReadOnlySpan<byte> head = buffer[..file.ReadAtLeast(buffer, HeadBytes, throwOnEndOfStream: false)];
        file.Position = 0;
        return head.IsEmpty ? "is empty, 0 bytes: was its download or its export cut short?"
            : head.StartsWith("PK\x03\x04"u8) ? ForeignArchive.Told(file)
            : SafetensorsIndex.IsOne(path) || SafetensorsFile.IsOne(file, path, head) ? Safetensors(path)
            : Path.GetFileName(path) == "saved_model.pb" ? TensorFlow("the graph of a TensorFlow SavedModel")
            : Binary(head, file.Length) ?? Text(head);
    }

    /// <summary>What a folder is, where it is a network of another kind.</summary>
    public static string? ToldFolder(string path) =>
        File.Exists(Path.Combine(path, "saved_model.pb")) ? TensorFlow("a TensorFlow SavedModel, in a folder")
        : Directory.Exists(path) && Directory.EnumerateFiles(path, "*.onnx").Select(Path.GetFileName).Order().FirstOrDefault() is { } inside
            ? $"is a folder: give the file in it, {Message.Clean(Path.Combine(path, inside))}"
        : null;

    private static string? Binary(ReadOnlySpan<byte> head, long length) => head switch
    {
        [0x80, >= 2 and <= 5, ..] => "is a pickle, as torch.save wrote state dicts and modules before PyTorch 1.6 (it isn't unpickled, for "
            + $"that runs code): load it in PyTorch into its network, and {Export}",
        [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "is HDF5, as Keras writes networks and weights: export the "
            + "network to ONNX (Keras 3: model.export('net.onnx', format='onnx'); before: tf2onnx)",
        [_, _, _, _, (byte)'T', (byte)'F', (byte)'L', (byte)'3', ..] when IsFlatBuffer(head, length) =>
            "is TensorFlow Lite: export the network to ONNX (python -m tf2onnx.convert --tflite FILE --output net.onnx)",
        [_, _, _, _, (byte)'O', (byte)'R', (byte)'T', (byte)'M', ..] when IsFlatBuffer(head, length) =>
            "is in ONNX Runtime's own format (.ort): give the ONNX file that it was made from",
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "is GGUF, quantized weights for llama.cpp without a graph: export the network "
            + "that they were made from to ONNX",
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "is a NumPy array, data and no network: give it with --data",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Picture("PNG"),
        [0xFF, 0xD8, 0xFF, ..] => Picture("JPEG"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Picture("GIF"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => Picture("WebP"),
        [(byte)'B', (byte)'M', _, _, _, _, ..] when BinaryPrimitives.ReadUInt32LittleEndian(head[2..]) == length => Picture("BMP"),
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "is Parquet, a table and no network: give it with --data",
        [0x1F, 0x8B, ..] => "is gzipped: unpack it (gunzip) and give the network in it",
        _ when head.Length > TarMagic + 5 && head[TarMagic..].StartsWith("ustar"u8) =>
            "is a tar archive: unpack it (tar -xf) and give the network in it",
        _ => null,
    };

    private static string? Text(ReadOnlySpan<byte> head)
    {
        var bytes = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        var text = Encoding.Latin1.GetString(bytes).TrimStart().ToLowerInvariant();
        return text.StartsWith("<!doctype html", StringComparison.Ordinal) || text.StartsWith("<html", StringComparison.Ordinal)
                ? "is an HTML page, perhaps one that a browser or a program saved in place of the file: download the file itself"
            : text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<net ", StringComparison.Ordinal)
                ? "is XML, as OpenVINO writes graphs: give the ONNX file that it was made from"
            : text.StartsWith('{') && text.Contains('"')
                ? "is JSON, perhaps a configuration or a server's message: give the ONNX file"
            : null;
    }

    // A FlatBuffers file starts with the place of its root; no ONNX file that has one of the marks behind it has a place inside itself.
    private static bool IsFlatBuffer(ReadOnlySpan<byte> head, long length) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head) is >= 8 and var root && root < length;

    private static string Picture(string format) => $"is a picture ({format}) and no network: give a folder of pictures with --data";

    private static string TensorFlow(string what) => $"is {what}: export it to ONNX (python -m tf2onnx.convert --saved-model FOLDER "
        + "--output net.onnx)";

    private static string Safetensors(string path)
    {
        var file = SafetensorsFile.Open(path);
        return $"holds weights without a graph (safetensors: {Counted.Of(file.Tensors.Length, "tensor")}, "
            + $"{Counted.Of(file.Elements, "number")}): load them in PyTorch into their network and {Export}; or give "
            + "the network's ONNX file, and these weights with --weights; "
            + "'occam inspect' and 'occam measure' without --data show what can be said of the weights alone";
    }
}
