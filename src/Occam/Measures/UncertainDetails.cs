namespace Occam.Measures;

/// <summary>
/// Uncertain numbers among the details of a result, which are plain numbers: the value under its name, its error beside it.
/// </summary>
internal static class UncertainDetails
{
    private const string Error = ".standardError";

    /// <summary>The value under a name, and its standard error under that name with an ending.</summary>
    public static KeyValuePair<string, double>[] Named(string name, Uncertain number) =>
        [new(name, number.Value), new(name + Error, number.UnknownIfAlike().StandardError)];

    /// <summary>An estimate among the details of a result.</summary>
    public static Uncertain Estimate(this MeasureResult result, string name) =>
        Uncertain.Estimated(result.Detail(name), result.Detail(name + Error));
}
