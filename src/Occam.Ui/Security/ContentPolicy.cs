namespace Occam.Ui.Security;

/// <summary>What a browser may do with what is served.</summary>
internal static class ContentPolicy
{
    /// <summary>
    /// The app: its own files alone. The one style by its hash is what the charting library puts into each chart, which would
    /// otherwise be refused.
    /// </summary>
    public const string App = "default-src 'none'; script-src 'self'; "
        + "style-src 'self' 'sha256-jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww='; "
        + "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A report's page: its own script in a world without an origin, from which nothing of the app can be asked.</summary>
    public const string Report = "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; style-src 'unsafe-inline'; "
        + "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
