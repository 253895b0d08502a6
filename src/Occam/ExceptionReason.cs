namespace Occam;

/// <summary>What an exception says, for a sentence of ours that ends with it.</summary>
internal static class ExceptionReason
{
    /// <summary>The exception's message in one line and without its full stop, as it stands behind a colon.</summary>
    public static string Reason(this Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
