namespace Occam.Lab.Runs.Clusters;

/// <summary>How a child process ended.</summary>
/// <param name="Error">The last error that it told; null where it told none.</param>
/// <param name="ExitCode">Its exit code.</param>
internal readonly record struct ChildEnd(string? Error, int ExitCode)
{
    /// <summary>What went wrong, of a child that did not do its task.</summary>
    public string Problem => Error ?? $"its process ended with exit code {ExitCode}";
}
