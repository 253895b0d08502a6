using System.Net;
using System.Text.Json;

namespace Occam.Ui.Tests;

/// <summary>A server over a store, and a client of it that is no browser.</summary>
internal sealed class Served : IAsyncDisposable
{
    private Served(UiServer server)
    {
        Server = server;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
    }

    public UiServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>Starts a server, and waits until all runs are read.</summary>
    public static async Task<Served> Start(UiOptions options)
    {
        var server = await UiServer.Start(options with { KeepsIndex = false });
        await server.Ready;
        return new Served(server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public async Task<JsonElement> Json(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return (await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync())).RootElement;
    }

    public async Task<HttpStatusCode> Status(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var response = await Send(method, path, null, headers);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The secret that the app's own page holds.</summary>
    public async Task<string> Token()
    {
        var page = await Client.GetStringAsync(new Uri("/", UriKind.Relative));
        var start = page.IndexOf("name=\"occam-token\" content=\"", StringComparison.Ordinal) + "name=\"occam-token\" content=\"".Length;
        return page[start..page.IndexOf('"', start)];
    }
}
