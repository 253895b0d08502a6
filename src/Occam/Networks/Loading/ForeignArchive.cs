using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Occam.Data;

namespace Occam.Networks.Loading;

/// <summary>Zip archives that are given for networks and aren't TorchScript, told by what is in them.</summary>
internal static partial class ForeignArchive
{
    private const int MostNamesListed = 4;

    // Of a pickle, that much is looked through for the names of classes.
    private const int MostPickleBytes = 1 << 22;

    /// <summary>What the archive is, as the end of a sentence; null where it is TorchScript, or can't be looked into.</summary>
    public static string? Told(Stream stream)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
            return names.Any(IsProgram) ? "is a program by torch.export.save: load it in PyTorch and write it with "
                    + "torch.onnx.export(program, dynamo=True).save('net.onnx')"
                : names.Any(IsTorchScript) ? null
                : archive.Entries.FirstOrDefault(entry => IsFile(entry.FullName, "data.pkl")) is { } pickle ? Saved(pickle)
                : names.Length > 0 && names.All(name => name.EndsWith(".npy", StringComparison.Ordinal))
                    ? "holds NumPy arrays (.npz), data and no network: give it with --data"
                : names.Contains("config.json") && names.Any(name => name.EndsWith(".weights.h5", StringComparison.Ordinal))
                    ? "is a network of Keras 3: export it to ONNX (model.export('net.onnx', format='onnx'))"
                : "is a zip archive that holds no TorchScript"
                    + $"{(names.Length == 0 ? ", for it is empty" : $" but {Listed(names)}: unpack it, if a network is in it")}";
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string Saved(ZipArchiveEntry pickle)
    {
        var classes = Classes(pickle);
        if (classes.Any(name => name.StartsWith("torch.nn.modules.", StringComparison.Ordinal)))
        {
            return $"is a whole module by torch.save (a {Message.Clean(classes[0])}), which only Python can load, with the module's "
                + $"classes: load it there, and {ForeignFile.Export}";
        }

        var others = classes.Where(name => !IsOfTensors(name)).Distinct().ToArray();
        return others.Length == 0
            ? "is a state dict by torch.save, weights by name without a graph: load it in PyTorch into its network (load_state_dict), and "
                + ForeignFile.Export
            : $"is a checkpoint by torch.save, tensors and other objects ({Listed(others)}) without a graph: load its weights in PyTorch "
                + $"into their network, and {ForeignFile.Export}";
    }

    // The names after the opcode GLOBAL, by which a pickle of torch.save's protocol 2 names classes and functions. Nothing is unpickled.
    private static string[] Classes(ZipArchiveEntry pickle)
    {
        using var stream = pickle.Open();
        var bytes = new byte[Math.Min(Math.Max(pickle.Length, 0), MostPickleBytes)];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return [.. Global().Matches(Encoding.Latin1.GetString(bytes, 0, read))
            .Select(match => $"{match.Groups[1].Value}.{match.Groups[2].Value}")];
    }

    private static bool IsOfTensors(string name) =>
        name.StartsWith("collections.", StringComparison.Ordinal)
        || name.StartsWith("torch._utils.", StringComparison.Ordinal)
        || name.StartsWith("torch._tensor.", StringComparison.Ordinal)
        || name.StartsWith("torch.nn.parameter.", StringComparison.Ordinal)
        || name.StartsWith("torch.storage.", StringComparison.Ordinal)
        || (name.StartsWith("torch.", StringComparison.Ordinal) && name.Count(letter => letter == '.') == 1);

    private static bool IsTorchScript(string name) =>
        name.Contains("/code/", StringComparison.Ordinal) || IsFile(name, "constants.pkl") || IsFile(name, "model.json");

    private static bool IsProgram(string name) =>
        IsFile(name, "archive_format") || IsFile(name, "serialized_exported_program.json");

    private static bool IsFile(string name, string file) => name == file || name.EndsWith('/' + file, StringComparison.Ordinal);

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(MostNamesListed).Select(Message.Clean)) + (names.Length > MostNamesListed ? ", …" : "");

    [GeneratedRegex(@"c([A-Za-z_][\w.]*)\n([A-Za-z_][\w.]*)\n", RegexOptions.CultureInvariant)]
    private static partial Regex Global();
}
