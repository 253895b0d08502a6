using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Posterior;

/// <summary>
/// The steps of Langevin dynamics: ε D_i for weight i, D the inverse of about the curvature that the density has along it, the largest
/// being 1. A diagonal that stays the same changes nothing of what is converged to, and lets flat weights move farther than steep ones
/// (preconditioning; Li et al. 2016 change theirs on the way, which does).
/// </summary>
/// <param name="Step">ε.</param>
/// <param name="Scale">D.</param>
internal sealed record LangevinScale(double Step, double[] Scale)
{
    // The part of the mean curvature that is added to each: an estimate from few vectors may be near 0 by chance.
    private const double Floor = 0.1;

    private const int Draws = 10;
    private const double LanczosTolerance = 0.05;

    /// <summary>Equal steps for all weights.</summary>
    public static LangevinScale Equal(double step, int size) => new(step, [.. Enumerable.Repeat(1.0, size)]);

    /// <summary>
    /// Such that ε is a share of the inverse of the steepest curvature that is left. The gradient of a mini-batch varies from
    /// batch to batch; where the model fits, its variance by example is its curvature.
    /// </summary>
    /// <param name="density">The density.</param>
    /// <param name="hessian">The Hessian of L at w*.</param>
    /// <param name="like">A vector of the weights' type, size and device.</param>
    /// <param name="batch">Examples of a mini-batch.</param>
    /// <param name="share">The share.</param>
    /// <param name="products">The most products for the steepest curvature.</param>
    /// <param name="generator">Draws vectors.</param>
    public static LangevinScale Of(
        LocalPosterior density, ISymmetricMatrix hessian, Tensor like, int batch, double share, int products, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        var factor = density.InverseTemperature * (1 + (density.InverseTemperature / batch));
        var diagonal = Diagonal(hessian, like, generator).Abs() * factor;
        var inverse = diagonal + ((Floor * diagonal.Mean().Item()) + density.Localization);
        var scaled = Tensor.OnesLike(inverse) / inverse;
        scaled = scaled / scaled.AMax([0]).Item();
        var root = scaled.Sqrt();
        var spectrum = LanczosSpectrum.Of(
            vector => hessian.Times([vector * root])[0] * root, like, products, LanczosTolerance, generator);
        return new LangevinScale(
            share / ((factor * spectrum.Values.Max(Math.Abs)) + density.Localization), scaled.ToArray<double>());
    }

    // By random signs (Bekas, Kokiopoulou and Saad 2007), one after the other: the sum alone is held.
    private static Tensor Diagonal(ISymmetricMatrix hessian, Tensor like, Generator generator)
    {
        var sum = Tensor.ZerosLike(like);
        for (var i = 0; i < Draws; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var g = RandomSigns.Like(like, generator);
            sum.AddInPlace(g * hessian.Times([g])[0]);
        }

        return sum / Draws;
    }
}
