using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Occam.Lab;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>The app's own files, from memory: no address leads to a file of the disk.</summary>
internal sealed class AssetView(AccessKey key, bool mayControl)
{
    private static readonly (string Path, string Name, string Type)[] s_files =
    [
        ("/app.js", "app.js", "text/javascript; charset=utf-8"),
        ("/charts.js", "charts.js", "text/javascript; charset=utf-8"),
        ("/app.css", "app.css", "text/css; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        var page = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Read("index.html"))
            .Replace("{{token}}", key.Token, StringComparison.Ordinal)
            .Replace("{{control}}", mayControl ? "true" : "false", StringComparison.Ordinal)
            .Replace("{{version}}", RunEnvironment.Version, StringComparison.Ordinal));
        app.MapGet("/", context => Send(context, page, "text/html; charset=utf-8"));
        foreach (var (path, name, type) in s_files)
        {
            var content = Read(name);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(System.IO.Hashing.XxHash64.Hash(content))}\"");
            app.MapGet(path, context =>
            {
                // Asked about each time, and sent again only after a change.
                context.Response.Headers.CacheControl = "no-cache";
                context.Response.GetTypedHeaders().ETag = tag;
                if (!context.Request.GetTypedHeaders().IfNoneMatch.Contains(tag))
                {
                    return Send(context, content, type);
                }

                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            });
        }
    }

    private static async Task Send(HttpContext context, byte[] content, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Occam.Ui was built without {name}");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
