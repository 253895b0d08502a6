using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Standard normal noise of all weights, drawn again and again, by which the weights are moved. It is kept as one vector where the weights
/// have a point of their own; otherwise its numbers, the same, are made again for each tensor.
/// </summary>
internal sealed class WeightNoise : IDisposable
{
    private readonly WeightSpace _weights;
    private readonly Generator _generator;
    private readonly Tensor? _vector;
    private readonly NoiseParts? _parts;

    /// <summary>Noise of the weights of a space.</summary>
    /// <param name="weights">The space.</param>
    /// <param name="generator">Draws it.</param>
    public WeightNoise(WeightSpace weights, Generator generator)
    {
        (_weights, _generator) = (weights, generator);
        _vector = weights.HasPoint ? Tensor.ZerosLike(weights.Point) : null;
        _parts = weights.HasPoint ? null : new NoiseParts(weights.Lengths, weights.Type, generator);
    }

    /// <summary>Draws the next noise.</summary>
    public void Draw()
    {
        _parts?.Draw();
        _vector?.NormalInPlace(_generator);
    }

    /// <summary>Moves the weights from the network's own, w, to w + factor · ν s(w), for the noise ν drawn last.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="scale">s, in the type of the weights; 1 when left out.</param>
    public void Move(double factor, Func<Tensor, Tensor>? scale)
    {
        if (_vector is not null)
        {
            _weights.MoveBy(_vector, factor, scale);
        }
        else
        {
            _weights.MoveBy(index => _parts![index], factor, scale);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parts?.Dispose();
}
