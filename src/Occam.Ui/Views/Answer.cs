using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>Ways to answer a request.</summary>
internal static class Answer
{
    private const int MostFields = 100;

    /// <summary>Answers with JSON.</summary>
    public static async Task Json(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json).ConfigureAwait(false);
    }

    /// <summary>Answers with JSON.</summary>
    public static Task Json(HttpContext context, string json) => Json(context, Encoding.UTF8.GetBytes(json));

    /// <summary>Answers with JSON that is written now.</summary>
    public static Task Json(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Json(context, buffer.WrittenMemory);
    }

    /// <summary>Answers with a report's page, in a world of its own.</summary>
    public static async Task Page(HttpContext context, string path)
    {
        if (!File.Exists(path))
        {
            await RequestGuard.Refuse(context, 404, "there is no such page yet").ConfigureAwait(false);
            return;
        }

        context.Response.Headers.ContentSecurityPolicy = ContentPolicy.Report;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.SendFileAsync(path).ConfigureAwait(false);
    }

    /// <summary>The texts and numbers of a JSON object that a request brings, by name.</summary>
    /// <exception cref="OccamException">It brings none.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> Fields(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { MaxDepth = 2 }, context.RequestAborted).ConfigureAwait(false);
            return document.RootElement.EnumerateObject().Take(MostFields).ToDictionary(
                member => member.Name,
                member => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : $"{member.Value}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new OccamException("the request brings no JSON object", e);
        }
    }
}
