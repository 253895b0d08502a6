namespace Occam.Measures.Posterior;

/// <summary>What is kept of a draw.</summary>
/// <param name="Loss">L(w) − L(w*).</param>
/// <param name="SquaredDistance">‖w − w*‖².</param>
/// <param name="Work">(w − w*)·∇L(w).</param>
internal readonly record struct ChainDraw(double Loss, double SquaredDistance, double Work);
