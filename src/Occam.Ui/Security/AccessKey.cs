using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Occam.Ui.Security;

/// <summary>
/// The secret of this start of the program. Whatever changes something must bring it in a header, which no page of another origin can
/// set; and where others may reach the address, so must everything else, in a cookie.
/// </summary>
/// <param name="isNeeded">Whether one can't even look without it.</param>
internal sealed class AccessKey(bool isNeeded)
{
    /// <summary>The header of requests that change something.</summary>
    public const string Header = "X-Occam-Token";

    private const string Cookie = "occam-token";

    /// <summary>The secret.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>Whether one can't even look without it.</summary>
    public bool IsNeeded => isNeeded;

    /// <summary>Whether a request may look.</summary>
    public bool LetsLook(HttpRequest request) =>
        !isNeeded || IsToken(request.Cookies[Cookie]) || IsToken(request.Headers[Header]);

    /// <summary>Whether a request may change something.</summary>
    public bool LetsChange(HttpRequest request) => IsToken(request.Headers[Header]);

    /// <summary>Whether a request brings the token in its address, for which it gets the cookie.</summary>
    public bool Admit(HttpContext context)
    {
        if (!isNeeded || !IsToken(context.Request.Query["token"]))
        {
            return false;
        }

        context.Response.Cookies.Append(
            Cookie, Token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        return true;
    }

    private bool IsToken(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Token));
}
