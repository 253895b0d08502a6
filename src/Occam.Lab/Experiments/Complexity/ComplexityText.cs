using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>What several pages say in the same words.</summary>
internal static class ComplexityText
{
    private const string OnTheWay = "Lines are means over the seeds, bands one standard error to each side; on the way the complexity is "
        + "estimated with one random cotangent an image.";

    /// <summary>What curves are.</summary>
    public static Prose Curves { get; } = new(OnTheWay);

    /// <summary>What the marks are where trained networks stand below curves.</summary>
    public static Prose Bands { get; } = new(
        OnTheWay + " Below: the trained networks, measured exactly; bars are two standard errors to each side.");

    /// <summary>What the marks are where there are no curves.</summary>
    public static Prose Bars { get; } =
        new("Circles are trained networks, measured exactly; bars are two standard errors of their mean to each side.");

    /// <summary>The optimizer of the main part.</summary>
    public static ExperimentSetting PlainSgd { get; } =
        new("optimizer", "SGD without momentum, augmentation, schedule or regularization", Origin.Stated);
}
