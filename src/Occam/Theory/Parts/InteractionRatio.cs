namespace Occam.Theory.Parts;

/// <summary>
/// A ratio of condition C1 of Neyshabur et al. 2017, §4: how much of the size of two products of layers, W_a to W_c and W_{c+1} to W_b, is
/// left when they are multiplied.
/// </summary>
/// <param name="A">a, the first layer; 0 is the example itself.</param>
/// <param name="C">c, the last layer of the first product.</param>
/// <param name="B">b, the last layer of the second.</param>
/// <param name="Value">√h_c ‖P_{a..b}‖_F/(‖P_{c+1..b}‖_F ‖P_{a..c}‖_F).</param>
internal readonly record struct InteractionRatio(int A, int C, int B, double Value)
{
    /// <summary>Whether C1 as printed, for a &lt; c &lt; b, is about it; the lemmas' proofs need c = a too.</summary>
    public bool IsStated => A < C;

    /// <summary>Whether one of the products is a single layer, c = a or c = b − 1: fig. 6, right.</summary>
    public bool IsBoundary => C == A || C == B - 1;
}
