namespace Occam.Networks;

/// <summary>How a node multiplies by a matrix.</summary>
/// <param name="UnitsFirst">Whether the matrix is stored as units × inputs; otherwise as inputs × units.</param>
/// <param name="Scale">What the product is multiplied by.</param>
/// <param name="OffsetScale">What the node's third input, where it has one, is multiplied by.</param>
internal readonly record struct DenseForm(bool UnitsFirst, double Scale = 1, double OffsetScale = 1);
