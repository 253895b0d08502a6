using Occam.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Measures.Posterior;

/// <summary>
/// Draws from a <see cref="LocalPosterior"/> by stochastic gradient Langevin dynamics (Welling and Teh 2011; Lau et al. 2023):
/// w ← w − (ε/2) D (nβ ∇L_B(w) + γ(w − w*)) + √(ε D) ξ, B a new mini-batch each time, D a diagonal
/// (<see cref="LangevinScale"/>). What it converges to is near the density, the nearer the smaller the step. A draw is the
/// mean of several steps.
/// </summary>
/// <param name="potential">L, of a mini-batch each time.</param>
/// <param name="density">The density to draw from.</param>
/// <param name="scale">ε and D.</param>
/// <param name="stride">The steps of a draw.</param>
/// <param name="random">Random numbers of its own: of single precision, which are drawn many at a time.</param>
internal sealed class LangevinChain(IPotential potential, LocalPosterior density, LangevinScale scale, int stride, Generator random)
    : IChain
{
    private readonly double[] _point = [.. density.Origin];
    private readonly double[] _gradient = new double[potential.Size];
    private readonly double[] _offset = new double[potential.Size];
    private readonly double[] _noise = new double[potential.Size];
    private readonly double[] _spread = [.. scale.Scale.Select(each => Math.Sqrt(scale.Step * each))];
    private readonly Tensor _drawn = Tensor.Empty([potential.Size]);

    /// <inheritdoc/>
    public double Step => scale.Step;

    /// <inheritdoc/>
    public void Warm(int draws, Action drawn)
    {
        for (var i = 0; i < draws; i++)
        {
            Draw();
            drawn();
        }
    }

    /// <inheritdoc/>
    public ChainDraw Draw()
    {
        var (loss, distance, work) = (0.0, 0.0, 0.0);
        for (var i = 0; i < stride; i++)
        {
            loss += potential.At(_point, _gradient) / stride;
            TensorPrimitives.Subtract(_point, density.Origin, _offset);
            distance += TensorPrimitives.SumOfSquares<double>(_offset) / stride;
            work += TensorPrimitives.Dot<double>(_offset, _gradient) / stride;
            Move();
        }

        return new ChainDraw(loss, distance, work);
    }

    private void Move()
    {
        var (kick, pull) = (scale.Step / 2 * density.InverseTemperature, scale.Step / 2 * density.Localization);
        TensorPrimitives.ConvertTruncating<float, double>(_drawn.NormalInPlace(random).AsSpan<float>(), _noise);
        TensorPrimitives.MultiplyAdd(_noise, _spread, _point, _point);
        TensorPrimitives.Multiply(_gradient, kick, _gradient);
        TensorPrimitives.MultiplyAdd(_offset, pull, _gradient, _gradient);
        TensorPrimitives.Multiply(_gradient, scale.Scale, _gradient);
        TensorPrimitives.Subtract(_point, _gradient, _point);
    }
}
