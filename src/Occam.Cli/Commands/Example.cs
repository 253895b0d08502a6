namespace Occam.Cli.Commands;

/// <summary>A command as one would type it, and what for.</summary>
public sealed record Example(string Command, string Purpose);
