using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// Chooses pieces of piecewise-affine functions: then what comes of them is the affine function that the chosen pieces are, and where none
/// is chosen, any slope that the function has.
/// </summary>
internal interface IPieces
{
    /// <summary>The slopes of a function of each element, in the order in which the network has them.</summary>
    /// <param name="value">What goes in: affine in x where all pieces before are chosen.</param>
    /// <param name="pieces">The function's pieces.</param>
    /// <param name="f">The function.</param>
    /// <returns>The slopes' limits, and what the line through the chosen piece is at 0.</returns>
    (Tensor Low, Tensor High, Tensor AtZero) Choose(Enclosure value, AffinePieces pieces, Func<Tensor, Tensor> f);
}
