using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;
using Occam.Ui.Views;
using BadRequest = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Occam.Ui;

/// <summary>
/// The local web app: the runs of a store, live. It listens on this machine alone unless it is told an address, and then answers only
/// who has its token.
/// </summary>
/// <example>
/// <code>
/// await using var server = await UiServer.Start(new UiOptions("runs"));
/// Console.WriteLine(server.Address);
/// </code>
/// </example>
public sealed class UiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RunIndex _index;
    private readonly IDisposable[] _parts;

    private UiServer(WebApplication app, RunIndex index, IDisposable[] parts, Uri address, AccessKey key)
    {
        _app = app;
        _index = index;
        _parts = parts;
        Address = address;
        EntryAddress = key.IsNeeded ? new Uri(address, $"?token={key.Token}") : address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What to open in a browser: the address, with the token where one is needed.</summary>
    public Uri EntryAddress { get; }

    /// <summary>Completes once every run was read.</summary>
    public Task Ready => _index.Ready;

    /// <summary>Starts to serve.</summary>
    /// <exception cref="OccamException">There is no such folder, or the address is in use or not this machine's.</exception>
    public static async Task<UiServer> Start(UiOptions options)
    {
        if (!Directory.Exists(options.Root))
        {
            throw new OccamException($"there is no folder '{options.Root}': expected the one below which the runs are, such as runs");
        }

        var index = new RunIndex(options.Root, options.KeepsIndex ? IndexFile.Of(options.Root) : null);
        var key = new AccessKey(isNeeded: options.Bind is not null);
        var app = Build(options);
        var parts = Serve(app, options, index, key);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new UiServer(app, index, parts, new Uri(address), key);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            Array.ForEach(parts, part => part.Dispose());
            await app.DisposeAsync().ConfigureAwait(false);
            throw new OccamException($"can't listen on {options.Bind ?? IPAddress.Loopback}, port {options.Port}: "
                + $"{(e.InnerException ?? e).Reason()}; --port names another", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        Array.ForEach(_parts, part => part.Dispose());
    }

    private static WebApplication Build(UiOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestGuard.MostBytes;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Listen(options.Bind ?? IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    // What is left to be disposed of, in this order.
    private static IDisposable[] Serve(WebApplication app, UiOptions options, RunIndex index, AccessKey key)
    {
        app.Use(new RequestGuard(key, options.Bind is not null).Invoke);
        app.Use(Explain);
        app.UseRouting();
        new AssetView(key, options.Control).Map(app);
        var processes = new OwnProcess(options.Program);
        var jobs = new JobList(processes);
        var networks = new NetworkView(index, processes);
        var example = new ExampleView(index, processes, networks);
        var measure = new MeasureView(index, jobs, options.Control);
        var train = new TrainView(index, jobs, options.Control);
        new RunsView(index).Map(app);
        new RunView(index, jobs, options.Control).Map(app);
        networks.Map(app);
        new PapersView(index, processes).Map(app);
        new FigureView(index, jobs, options.Control).Map(app);
        example.Map(app);
        measure.Map(app);
        train.Map(app);
        app.UseEndpoints(_ => { });
        return [jobs, measure, train, example, processes, index];
    }

    private static async Task Explain(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OccamException or BadRequest && !context.Response.HasStarted)
        {
            await RequestGuard.Refuse(context, (e as BadRequest)?.StatusCode ?? 422, e.Message).ConfigureAwait(false);
        }
    }
}
