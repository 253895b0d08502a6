namespace Occam;

/// <summary>
/// A mistake of the user's: a file that can't be read, a shape that doesn't fit, an unknown name.
/// The message is one line that says what was wrong, where, what was expected and what to do;
/// the command line prints it and exits with code 2.
/// </summary>
public sealed class OccamException : Exception
{
    /// <summary>Makes the error from its one-line message.</summary>
    public OccamException(string message) : base(message)
    {
    }

    /// <summary>Makes the error from its one-line message and what caused it.</summary>
    public OccamException(string message, Exception cause) : base(message, cause)
    {
    }
}
