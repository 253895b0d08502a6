using System.Numerics.Tensors;

namespace Occam.Training.Engines;

/// <summary>One stage of a chain at work: forward, backward, and the step of its own parameters or their gradient.</summary>
internal sealed class DenseLayer
{
    private readonly DenseParameters _parameters;
    private readonly DenseStage _stage;
    private readonly DenseMatrix? _matrix;
    private readonly DenseValues _below, _above;
    private readonly AlignedArray _sums;
    private readonly float[] _zeros;
    private readonly bool _passesBack;
    private readonly int[] _all;
    private readonly float[] _weights;

    /// <param name="stage">What it computes.</param>
    /// <param name="parameters">Where its parameters are.</param>
    /// <param name="below">Its inputs.</param>
    /// <param name="above">Its results.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="passesBack">Whether the cotangents of the inputs are wanted.</param>
    public DenseLayer(DenseStage stage, DenseParameters parameters, DenseValues below, DenseValues above, int capacity, bool passesBack)
    {
        (_stage, _parameters, _below, _above, _passesBack) = (stage, parameters, below, above, passesBack);
        _matrix = parameters.Find(stage.Weight) is { } weight
            ? DenseMatrix.Of(parameters, weight, DenseParameters.RowsAreInputs(stage), below, above, capacity, passesBack)
            : null;
        Bias = parameters.Find(stage.Bias);
        _sums = stage.Function is null ? above.Numbers : new AlignedArray(capacity * above.Stride);
        _zeros = new float[above.Stride];
        _all = [.. Enumerable.Range(0, capacity)];
        _weights = new float[capacity];
    }

    /// <summary>b.</summary>
    public DensePart? Bias { get; }

    /// <summary>After <see cref="Backward"/> of a batch of one, ‖∂f/∂b‖² of a b that is trained.</summary>
    public float SquaredSlope { get; private set; }

    /// <summary>The results of a batch.</summary>
    public void Forward(int count)
    {
        ReadOnlySpan<float> bias = Bias is null ? _zeros : _parameters.Values(Bias);
        var sums = _sums.Span;
        if (_matrix is not null)
        {
            _matrix.Forward(bias, sums, count);
        }
        else
        {
            for (var n = 0; n < count; n++)
            {
                TensorPrimitives.Add(_below.Of(n), bias, sums.Slice(n * _above.Stride, _above.Stride));
            }
        }

        if (_stage.Function is { } function)
        {
            // What is beyond the width must stay zero.
            var (parts, width) = Parts(count);
            for (var n = 0; n < parts; n++)
            {
                function.Apply(sums.Slice(n * _above.Stride, width), _above.Numbers.Span[(n * _above.Stride)..]);
            }
        }
    }

    /// <summary>
    /// From the cotangents of the results, which become those of W h + b: those of the inputs, where wanted; and moves the
    /// parameters by <paramref name="scale"/> times their gradient, or stores <paramref name="scale"/> times their gradient.
    /// </summary>
    public void Backward(int count, float scale, bool moves)
    {
        if (_stage.Function is { } function)
        {
            var (parts, width) = Parts(count);
            for (var n = 0; n < parts; n++)
            {
                var own = n * _above.Stride;
                function.MultiplyBySlope(
                    _sums.Span.Slice(own, width), _above.Numbers.Span.Slice(own, width), _above.Cotangents.Span.Slice(own, width));
            }
        }

        if (_matrix is not null)
        {
            _matrix.Backward(count, scale, moves);
        }
        else if (_passesBack)
        {
            _above.Cotangents.Span[..(count * _above.Stride)].CopyTo(_below.Cotangents.Span);
        }

        if (Bias is { IsTrained: true } bias)
        {
            var target = moves ? _parameters.Values(bias) : _parameters.Gradient(bias);
            if (count == 1)
            {
                SquaredSlope = DenseKernels.AddScaled(target, moves ? target : _zeros, _above.CotangentsOf(0), scale);
                return;
            }

            _weights.AsSpan(0, count).Fill(scale);
            DenseKernels.AddRows(target, moves ? target : _zeros, _above.Cotangents.Span, _above.Stride, _all.AsSpan(0, count), _weights);
        }
    }

    private (int Parts, int Width) Parts(int count) => _above.Stride == _above.Width ? (1, count * _above.Width) : (count, _above.Width);
}
