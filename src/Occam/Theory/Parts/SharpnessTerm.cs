namespace Occam.Theory.Parts;

/// <summary>
/// What multiplies C_L‖f(x)‖ in Theorem 1 of Neyshabur et al. 2017 and at the end of its §4, by layers i with γ_i and C_{δ_i}:
/// Π(1 + γ_i) − 1 for the noise through fixed activations, and Π(1 + γ_iC_2C_3)(Π(1 + γ_iC_{δ_i}C_2) − 1) for the activations that it
/// flips.
/// </summary>
internal sealed class SharpnessTerm
{
    private readonly LayerChain _chain;
    private readonly double _delta;

    /// <summary>The term of a chain.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="delta">δ = Σ δ_i, of which each layer has its equal part.</param>
    public SharpnessTerm(LayerChain chain, double delta) => (_chain, _delta) = (chain, delta);

    /// <summary>C_{δ_i} = (1 + δ_i)√(2 ln h_i), i = 1 … d.</summary>
    public double Spread(int layer) => (1 + (_delta / _chain.Depth)) * Math.Sqrt(2 * Math.Log(_chain.Units[layer]));

    /// <summary>The part of fixed activations.</summary>
    /// <param name="gamma">γ_i of layer i = 1 … d.</param>
    public double Fixed(Func<int, double> gamma) => Product(_chain.Depth, gamma) - 1;

    /// <summary>The part of flipped activations up to layer k.</summary>
    public double Flipped(int k, Func<int, double> gamma, double C2, double C3) =>
        Product(k, i => gamma(i) * C2 * C3) * (Product(k, i => gamma(i) * Spread(i) * C2) - 1);

    /// <summary>All of it.</summary>
    public double Of(Func<int, double> gamma, double C2, double C3) => Fixed(gamma) + Flipped(_chain.Depth, gamma, C2, C3);

    private static double Product(int layers, Func<int, double> term) =>
        Enumerable.Range(1, layers).Aggregate(1.0, (product, i) => product * (1 + term(i)));
}
