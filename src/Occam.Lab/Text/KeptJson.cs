using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Occam.Lab.Text;

/// <summary>JSON files that Occam reads again: NaN and infinities stand in them by name, and they may carry a digest.</summary>
/// <param name="types">What the serializer knows of the types.</param>
/// <param name="maximumLength">The most bytes that a file may have which is read.</param>
internal sealed class KeptJson(IJsonTypeInfoResolver types, int maximumLength = 64 << 20)
{
    private const string Lacking = "missing required properties including: ";

    private readonly JsonSerializerOptions _line = Options(types, indented: false);

    /// <summary>The rules of whole files; the lines of <c>metrics.jsonl</c> aren't indented.</summary>
    public JsonSerializerOptions Rules { get; } = Options(types, indented: true);

    public byte[] Pretty<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Rules), (byte)'\n'];

    /// <summary>The same, with a digest of itself as its last member, which is checked when it is read.</summary>
    public byte[] WithDigest<T>(T value)
    {
        using var stream = new MemoryStream();
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Rules);
        stream.Write(json.AsSpan(0, json.Length - 1).TrimEnd("\r\n"u8));
        TrailingDigest.OfJson.Write(stream);
        return stream.ToArray();
    }

    public byte[] Line<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, _line), (byte)'\n'];

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">It isn't one.</exception>
    public T Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, _line) ?? throw new JsonException("nothing is there");
        }
        catch (JsonException e) when (e.Path is not null || e.Message.Contains(Lacking, StringComparison.Ordinal))
        {
            throw new JsonException(Plain(e), e);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needsDigest">Whether one without a digest is refused: what wrote it is known to have given it one.</param>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    public T ReadFile<T>(string path, bool needsDigest = false) => ReadFile<T>(path, _ => needsDigest);

    /// <summary>The same, where the value itself tells whether its file must have a digest.</summary>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    public T ReadFile<T>(string path, Predicate<T> needsDigest)
    {
        try
        {
            var bytes = PlainFile.ReadAllBytes(path, maximumLength);
            var isWhole = TrailingDigest.OfJson.Check(new MemoryStream(bytes));
            if (isWhole == false)
            {
                throw new JsonException("it is damaged: its digest does not agree");
            }

            var value = Read<T>(bytes);
            return isWhole is not null || !needsDigest(value)
                ? value
                : throw new JsonException("it is damaged: it has no digest, which the other files of this run have");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new OccamException($"can't read '{path}': {e.Reason()}", e);
        }
    }

    // The serializer's own words name its types.
    private static string Plain(JsonException e)
    {
        var place = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: " : "";
        return e.Message.Split(Lacking) is [_, var names] ? $"it lacks {names}"
            : e.InnerException is JsonException ? place + e.Message.Split(" Path:")[0].TrimEnd('.')
            : place + (e.Path is null or "$" ? "something else is expected here" : $"'{e.Path}' is something else than expected");
    }

    private static JsonSerializerOptions Options(IJsonTypeInfoResolver types, bool indented) => new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = types,
        WriteIndented = indented,
        IncludeFields = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
