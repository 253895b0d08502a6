namespace Occam.Measures.Sharpness;

/// <summary>What random perturbations of one size do.</summary>
/// <param name="Size">The factor α of the noise.</param>
/// <param name="Increase">E_ν of the mean loss, less the network's own.</param>
/// <param name="Error">E_ν of the share of errors.</param>
internal sealed record NoisePoint(double Size, Uncertain Increase, double Error)
{
    /// <summary>How many perturbations were drawn.</summary>
    public int Draws => Increase.Samples;
}
