namespace Occam.Lab.Experiments.Contract;

/// <summary>The names of scales, as they are typed.</summary>
internal static class ExperimentScaleName
{
    /// <summary>The name of a scale: <c>laptop</c>.</summary>
    public static string Name(this ExperimentScale scale) => scale.ToString().ToLowerInvariant();
}
