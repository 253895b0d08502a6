using Occam.Measures;
using Occam.Measures.Graphs;
using Occam.Measures.Loss;
using Occam.Measures.Regions;
using Occam.Measures.Slope;

namespace Occam.Lab.Measuring;

/// <summary>What it means that a quantity of one network is larger than that of another.</summary>
internal static class DifferenceWords
{
    /// <summary>A word or two: "steeper", "safer"; empty where larger means no more than that.</summary>
    /// <param name="id">The measure's id.</param>
    /// <param name="isLarger">Whether it is larger; smaller otherwise.</param>
    public static string Of(string id, bool isLarger) => MeasureCatalogue.All.GetValueOrDefault(id) switch
    {
        GeometricComplexity or DirichletEnergy or LocalLipschitz or GeometricComplexityByRegions or IntegratedDirichletEnergy
            or MeanDirichletEnergy => isLarger ? "steeper" : "flatter",
        Margin => isLarger ? "safer" : "less safe",
        _ => "",
    };

    /// <summary>Whether a larger value is the safer one.</summary>
    public static bool IsSaferWhereLarger(string id) => Of(id, isLarger: true) == "safer";
}
