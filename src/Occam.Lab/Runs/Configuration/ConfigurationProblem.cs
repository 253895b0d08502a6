namespace Occam.Lab.Runs.Configuration;

/// <summary>A mistake in a configuration.</summary>
/// <param name="Where">Where it was made.</param>
/// <param name="Message">What is wrong, what was expected.</param>
public sealed record ConfigurationProblem(Place Where, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => PrintableText.Escaped($"{Where}: {Message}");
}
