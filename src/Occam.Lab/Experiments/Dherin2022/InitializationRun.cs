using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>The observations of a perceptron before training.</summary>
/// <param name="Scheme">How its weights begin.</param>
/// <param name="Activation">Its activation.</param>
/// <param name="Domain">Half the side of the cube that its inputs are from.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Seed">The seed of its weights.</param>
/// <param name="Mean">The mean |f_i| at each place along the diagonal.</param>
/// <param name="Largest">The largest |f_i| at each place along the diagonal.</param>
/// <param name="Complexity">⟨f, D⟩_G.</param>
internal sealed record InitializationRun(
    string Scheme, string Activation, double Domain, int Depth, int Seed, ImmutableArray<double> Mean, ImmutableArray<double> Largest,
    double Complexity) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => $"{Depth} hidden layer{(Depth == 1 ? "" : "s")}";

    /// <inheritdoc/>
    public double Level => Depth;
}
