using Occam.Measures.Slope;

namespace Occam.Measures.Graphs;

/// <summary>
/// The Dirichlet energy of Dherin et al. 2021, eq. 4, in any dimension, per unit of volume: the mean of ½ ‖∇f(x)‖² over random
/// points of the feature polytope, uniform in a random simplex of min(n, d + 1) data points. The volume of the polytope, by
/// which eq. 4 multiplies, is not known in high dimension (<c>integrated-dirichlet-energy</c> has it for d ≤ 3).
/// <para>
/// In high dimension such points lie in the middle of the data. Beside it the same on the lines between pairs of data
/// points (<c>onChords</c>), and on the data themselves, the discrete Dirichlet energy (<c>onData</c>).
/// </para>
/// </summary>
public sealed record MeanDirichletEnergy() : Measure(
    "mean-dirichlet-energy", "Dirichlet energy per volume of polytope", "Dherin et al. 2021, eq. 4",
    "$E_x ½ ‖∇f(x)‖²$ over random points of random simplices of data points",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Derivative)
{
    /// <inheritdoc/>
    public override string Meaning => "Half of how steep the network is, as a mean square, at random points between the data.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var samples = PolytopeSamples.Of(context);
        var energy = PolytopeSamples.Mean(samples.Inside, square => square / 2);
        var chords = PolytopeSamples.Mean(samples.OnChords, square => square / 2);
        return Blank with
        {
            Quantity = energy,
            Details =
            [
                .. UncertainDetails.Named("onChords", chords),
                new("onData", GeometricComplexity.SquaredNorms(context).Mean.Value / 2),
            ],
            Notes = [samples.Note(context)],
        };
    }
}
