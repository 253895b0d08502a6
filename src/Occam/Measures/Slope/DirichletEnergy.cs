namespace Occam.Measures.Slope;

/// <summary>
/// The discrete Dirichlet energy D̂E(f) = 1/(2|D|) Σ_{x∈D} ‖∇_x f(x)‖² (Dherin et al. 2021, eq. 5): half the
/// geometric complexity of Dherin et al. 2022. Conventions and estimator as there.
/// </summary>
public sealed record DirichletEnergy() : Measure(
    "dirichlet-energy", "Discrete Dirichlet energy", "Dherin et al. 2021, eq. 5",
    "$1/(2|D|) Σ_{x∈D} ‖J(x)‖_F²$, half the geometric complexity", MeasureNeeds.Data | MeasureNeeds.Derivative, inDefaultSet: true)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "Half of how steep the network is at the data, as a mean square: little where it changes smoothly between them.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var energies = GeometricComplexity.SquaredNorms(context).Times(0.5);
        return Blank.WithMean(energies) with
        {
            Notes =
            [
                .. energies.Notes, .. context.CutWays, .. Staircase.Notes(context, 2 * energies.Mean.Value), .. Rounding.Notes(context),
            ],
        };
    }
}
