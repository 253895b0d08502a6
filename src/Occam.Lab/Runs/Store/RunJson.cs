using Occam.Lab.Text;

namespace Occam.Lab.Runs.Store;

/// <summary>How the run store writes JSON.</summary>
internal static class RunJson
{
    /// <summary>That of the files of a run.</summary>
    public static KeptJson OfRuns { get; } = new(RunContext.Default);
}
