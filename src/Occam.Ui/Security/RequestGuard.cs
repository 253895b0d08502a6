using System.Net;
using Microsoft.AspNetCore.Http;

namespace Occam.Ui.Security;

/// <summary>Refuses what no page of the app asks for.</summary>
/// <param name="key">The secret.</param>
/// <param name="isOpen">Whether others than this machine may reach the address.</param>
internal sealed class RequestGuard(AccessKey key, bool isOpen)
{
    /// <summary>The most bytes that a request brings, where its view asks for no more.</summary>
    public const long MostBytes = 64 << 10;

    /// <summary>The most bytes that any view asks for: a picture.</summary>
    public const long MostUpload = 8 << 20;

    /// <summary>Answers, or hands on.</summary>
    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy.App;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        // A name of another's that leads here would make a page of theirs one of the same origin.
        if (!IsOwnName(request.Host.Host))
        {
            return Refuse(context, 421, "this host name isn't Occam's: open it by the address that it printed");
        }

        if (request.Headers.Origin is [{ } origin, ..]
            && !string.Equals(origin, $"http://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(context, 403, "another site's page asked");
        }

        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..] && site is not ("same-origin" or "none")
            && !(request.Headers["Sec-Fetch-Mode"] == "navigate" && HttpMethods.IsGet(request.Method)))
        {
            return Refuse(context, 403, "another site's page asked");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsPost(request.Method))
        {
            return Refuse(context, 405, "only GET, HEAD and POST are answered");
        }

        if (request.ContentLength > MostUpload)
        {
            return Refuse(context, 413, $"more than {MostUpload >> 20} megabytes");
        }

        if (key.Admit(context))
        {
            context.Response.Redirect("/");
            return Task.CompletedTask;
        }

        return !key.LetsLook(request) ? Refuse(context, 401, "the token is missing: open the address that Occam printed, with its token")
            : HttpMethods.IsPost(request.Method) && !key.LetsChange(request) ? Refuse(context, 403, "the token is missing")
            : next(context);
    }

    /// <summary>What starts or stops something, which is refused where the server only shows.</summary>
    public static RequestDelegate WithControl(bool mayControl, RequestDelegate answer) => mayControl ? answer
        : context => Refuse(context, 403, "the server was started without --control");

    /// <summary>Answers with an error, a line of text.</summary>
    public static Task Refuse(HttpContext context, int code, string why)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why);
    }

    // An address in numbers can't be made to lead elsewhere.
    private bool IsOwnName(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]"
        || (isOpen && (IPAddress.TryParse(host.Trim('[', ']'), out _)
            || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)));
}
