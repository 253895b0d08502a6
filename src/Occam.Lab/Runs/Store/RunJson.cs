using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Store;

/// <summary>How the run store writes JSON: NaN and infinities by name, for a run has them.</summary>
internal static class RunJson
{
    private static readonly JsonSerializerOptions s_pretty = Options(indented: true);
    private static readonly JsonSerializerOptions s_line = Options(indented: false);

    public static byte[] Pretty<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, s_pretty), (byte)'\n'];

    public static byte[] Line<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, s_line), (byte)'\n'];

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">It isn't one.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, s_line) ?? throw new JsonException("nothing is there");

    /// <summary>Reads a file.</summary>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    public static T ReadFile<T>(string path)
    {
        try
        {
            return Read<T>(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new OccamException($"can't read '{path}': {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
