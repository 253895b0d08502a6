using Microsoft.AspNetCore.Http;

namespace Occam.Ui.Views;

/// <summary>Ways to answer a request.</summary>
internal static class Answer
{
    /// <summary>Answers with JSON.</summary>
    public static async Task Json(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json).ConfigureAwait(false);
    }
}
