namespace Occam;

/// <summary>
/// A mistake of the user's: a file that can't be read, a shape that doesn't fit, an unknown name.
/// The message is one line that says what was wrong, where, what was expected and what to do;
/// the command line prints it and exits with code 2. Names out of files are in it: control characters are shown as escapes,
/// and what is too long is cut short.
/// </summary>
public sealed class OccamException : Exception
{
    /// <summary>Makes the error from its one-line message.</summary>
    public OccamException(string message) : base(PrintableText.Line(message))
    {
    }

    /// <summary>Makes the error from its one-line message and what caused it.</summary>
    public OccamException(string message, Exception cause) : base(PrintableText.Line(message), cause)
    {
    }
}
