namespace Occam.Cli.Running;

/// <summary>Which Occam this is.</summary>
public static class ProgramVersion
{
    /// <summary>The version, as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3);
}
