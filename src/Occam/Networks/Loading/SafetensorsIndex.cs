using System.Collections.Immutable;
using System.Text.Json;
using Occam.Data;

namespace Occam.Networks.Loading;

/// <summary>
/// The index of weights in several safetensors files, <c>model.safetensors.index.json</c>: in which file of its folder each tensor is.
/// The index isn't trusted: it names files of its own folder alone.
/// </summary>
internal static class SafetensorsIndex
{
    private const string Ending = ".safetensors.index.json";
    private const long MostBytes = 100_000_000;

    /// <summary>Whether a file is one by its name.</summary>
    public static bool IsOne(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>The file that each tensor is in.</summary>
    /// <exception cref="OccamException">The index or a file doesn't fit.</exception>
    public static ImmutableDictionary<string, SafetensorsFile> Parts(FileStream file, string path)
    {
        if (file.Length > MostBytes)
        {
            throw new OccamException($"{Message.Clean(path)} has {file.Length:N0} bytes, more than an index has");
        }

        file.Position = 0;
        using var json = JsonDocument.Parse(file);
        if (json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new OccamException($"{Message.Clean(path)} is no index of safetensors files: it has no \"weight_map\"");
        }

        var opened = new Dictionary<string, SafetensorsFile>();
        var parts = ImmutableDictionary.CreateBuilder<string, SafetensorsFile>();
        foreach (var property in map.EnumerateObject())
        {
            var name = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
            if (name.Length == 0 || name != Path.GetFileName(name) || IsOne(name))
            {
                throw new OccamException($"{Message.Clean(path)} says that '{Message.Clean(property.Name)}' is in '{Message.Clean(name)}': "
                    + "expected the name of a safetensors file in the same folder");
            }

            if (!opened.TryGetValue(name, out var part))
            {
                part = SafetensorsFile.Open(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name));
                opened[name] = part;
            }

            parts[property.Name] = part.Tensors.Any(tensor => tensor.Name == property.Name) ? part
                : throw new OccamException($"{Message.Clean(path)} says that '{Message.Clean(property.Name)}' is in {Message.Clean(name)}, "
                    + "and there is no such tensor");
        }

        return parts.ToImmutable();
    }
}
