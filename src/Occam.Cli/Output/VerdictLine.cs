using Occam.Lab.Reports;

namespace Occam.Cli.Output;

/// <summary>A verdict in a line.</summary>
internal static class VerdictLine
{
    /// <summary>The verdict by a sign and in words, the claim, and why.</summary>
    public static string Of(VerdictBlock block) => $"{Sign(block.Verdict)} {block.Claim.PlainText} {block.Reason.PlainText}";

    private static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "✓ reproduced:",
        Verdict.NotReproduced => "✗ not reproduced:",
        _ => "? undecided:",
    };
}
