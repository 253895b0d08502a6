namespace Occam.Measures.Sharpness;

/// <summary>What can be wrong with how perturbations of the weights are asked for; null where nothing is.</summary>
internal static class PerturbationProblems
{
    public static string? OfAlpha(double alpha) =>
        alpha > 0 && double.IsFinite(alpha) ? null : $"perturbations of size α = {alpha} can't be: give a positive α";

    public static string? OfGrid(ValueList<double>? grid) =>
        grid is null || (grid.Count > 0 && grid.All(alpha => alpha > 0 && double.IsFinite(alpha))) ? null
        : "a grid with such an α can't be: give positive numbers";

    public static string? OfDraws(int draws) => draws >= 2 ? null : $"{draws} draws can't be: give at least 2";

    public static string? OfStandardError(double? error) =>
        error is null or > 0 ? null : $"a standard error of {error} can't be: give a positive one";

    public static string? OfBatch(int batch) => batch >= 1 ? null : $"mini-batches of {batch} can't be: give at least 1";
}
