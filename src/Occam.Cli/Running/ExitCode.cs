namespace Occam.Cli.Running;

/// <summary>The exit codes of the program.</summary>
public static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>A condition of <c>--fail-if</c> holds.</summary>
    public const int ConditionHolds = 1;

    /// <summary>A file of the run store is damaged.</summary>
    public const int DamageFound = 1;

    /// <summary>A training diverged.</summary>
    public const int Diverged = 1;

    /// <summary>Verdicts on raw runs are others than were written with them.</summary>
    public const int VerdictsDiffer = 1;

    /// <summary>A run of a sweep failed or diverged.</summary>
    public const int RunsFailed = 1;

    /// <summary>A theorem's inequality doesn't hold, though its hypotheses do.</summary>
    public const int TheoremFails = 1;

    /// <summary>The user's error: a wrong argument, configuration or file.</summary>
    public const int UserError = 2;

    /// <summary>An error of the program itself.</summary>
    public const int InternalError = 70;

    /// <summary>Interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
