namespace Occam.Lab.Runs.Configuration;

/// <summary>Where a part of a configuration was written.</summary>
/// <param name="Source">The file, or the <c>--set</c> that wrote it.</param>
/// <param name="Line">The line, from 1; 0 where there are none.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record Place(string Source, int Line = 0, int Column = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
