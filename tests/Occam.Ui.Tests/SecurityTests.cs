using System.Net;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>What is refused to whoever isn't the app's own page.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly RunStoreMaker _store = new();

    public SecurityTests() => _store.Add("one");

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.168.1.7", HttpStatusCode.MisdirectedRequest)]
    public async Task Another_host_name_is_refused(string host, HttpStatusCode expected)
    {
        await using var served = await Served.Start(new UiOptions(_store.Root));

        Assert.Equal(expected, await served.Status(HttpMethod.Get, "/api/runs", ("Host", $"{host}:{served.Server.Address.Port}")));
    }

    [Fact]
    public async Task Another_origin_is_refused()
    {
        await using var served = await Served.Start(new UiOptions(_store.Root));
        var own = served.Server.Address.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.OK, await served.Status(HttpMethod.Get, "/api/runs", ("Origin", own)));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Get, "/api/runs", ("Origin", "http://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Get, "/api/runs", ("Origin", "null")));
        Assert.Equal(
            HttpStatusCode.Forbidden, await served.Status(HttpMethod.Get, "/api/runs", ("Origin", own.Replace("http:", "https:"))));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Get, "/api/runs", ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Get, "/api/runs", ("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.OK, await served.Status(HttpMethod.Get, "/api/runs", ("Sec-Fetch-Site", "same-origin")));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Other_methods_are_refused(string method)
    {
        await using var served = await Served.Start(new UiOptions(_store.Root));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, await served.Status(new HttpMethod(method), "/api/runs"));
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/app.js/../../secret")]
    [InlineData("/runs/one/config.yaml")]
    public async Task No_address_leads_to_a_file(string path)
    {
        await using var served = await Served.Start(new UiOptions(_store.Root));

        Assert.Equal(HttpStatusCode.NotFound, await served.Status(HttpMethod.Get, path));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("one/../../outside")]
    [InlineData("./one")]
    [InlineData("/etc")]
    [InlineData("")]
    public async Task No_name_leads_out_of_the_store(string name)
    {
        var inside = _store.Root;
        Directory.Move(_store.Add("outside"), _store.In("outside"));
        await using var served = await Served.Start(new UiOptions(inside));

        Assert.Equal(0, (await served.Json($"/api/curves?run={Uri.EscapeDataString(name)}")).GetArrayLength());
        Assert.Equal(1, (await served.Json("/api/curves?run=one")).GetArrayLength());
    }

    [Fact]
    public async Task A_link_out_of_the_store_is_not_followed()
    {
        Directory.Move(_store.Add("outside"), _store.In("outside"));
        Directory.CreateSymbolicLink(Path.Combine(_store.Root, "link"), _store.In("outside"));
        await using var served = await Served.Start(new UiOptions(_store.Root));

        Assert.Equal(["one"], (await served.Json("/api/runs")).GetProperty("names").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task The_pages_carry_a_policy_without_inline_scripts()
    {
        await using var served = await Served.Start(new UiOptions(_store.Root));
        using var page = await served.Send(HttpMethod.Get, "/", null);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotMatch(
            "<script>|<style>| style=| on[a-z]+=", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_changing_request_needs_the_token_in_a_header()
    {
        await using var served = await Served.Start(new UiOptions(_store.Root) { Control = true });
        var token = await served.Token();

        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Post, "/api/runs"));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Post, "/api/runs", ("X-Occam-Token", token[1..])));
        Assert.Equal(HttpStatusCode.Forbidden, await served.Status(HttpMethod.Post, "/api/runs", ("Cookie", $"occam-token={token}")));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await served.Status(HttpMethod.Post, "/api/runs", ("X-Occam-Token", token)));
    }

    [Fact]
    public async Task Bound_to_an_address_it_answers_only_who_has_the_token()
    {
        await using var served = await Served.Start(new UiOptions(_store.Root) { Bind = IPAddress.Loopback });
        Assert.StartsWith("?token=", served.Server.EntryAddress.Query);
        var token = served.Server.EntryAddress.Query["?token=".Length..];

        Assert.Equal(HttpStatusCode.Unauthorized, await served.Status(HttpMethod.Get, "/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.Status(HttpMethod.Get, "/api/runs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.Status(HttpMethod.Get, "/?token=0000"));
        using var entry = await served.Send(HttpMethod.Get, $"/?token={token}", null);
        Assert.Equal(HttpStatusCode.Redirect, entry.StatusCode);
        Assert.Equal("/", entry.Headers.Location!.OriginalString);
        var cookie = Assert.Single(entry.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.Equal(HttpStatusCode.OK, await served.Status(HttpMethod.Get, "/api/runs", ("Cookie", cookie.Split(';')[0])));
    }

    [Fact]
    public async Task A_gigabyte_is_refused_before_it_is_sent()
    {
        await using var served = await Served.Start(new UiOptions(_store.Root) { Control = true });
        var token = await served.Token();
        using var content = new ByteArrayContent([1]);
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, served.Server.Address.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        var host = served.Server.Address.Authority;
        await stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes(
                $"POST /api/example HTTP/1.1\r\nHost: {host}\r\nX-Occam-Token: {token}\r\nContent-Length: 1073741824\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        Assert.Contains(" 413 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }
}
