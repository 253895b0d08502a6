using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// (x − mean) / √(variance + ε) · scale + bias by channel. Which mean and variance is decided by how the
/// network is run, not by the node's <c>training_mode</c>: the stored ones in evaluation, the batch's in
/// training. In training the outputs 1 and 2, where the node lists them, are the stored statistics moved
/// towards the batch's: old · momentum + new · (1 − momentum), with the unbiased variance as in PyTorch
/// (ONNX says the population's); in evaluation they are the stored ones.
/// </summary>
internal sealed class BatchNormalization : Operator
{
    private const int Scale = 1;
    private const int Bias = 2;
    private const int Mean = 3;
    private const int Variance = 4;

    public override string Type => "BatchNormalization";

    public override int LeastInputs => 5;

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[Variance] || (dependent[Scale] && (dependent[0] || dependent[Mean])) ? Linearity.Curved : Linearity.Affine;

    public override bool Trains(int input) => input is not Mean and not Variance;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Offset OffsetAt(int input) => input == Bias ? Offset.Bias : Offset.None;

    public override bool DiffersInTraining => true;

    public override IReadOnlyList<(int Input, int Output, bool IsVariance)> RunningStatistics { get; } =
        [(Mean, 1, false), (Variance, 2, true)];

    public override Tensor[] Run(in NodeCall given)
    {
        var call = InOneType(given);
        var epsilon = Epsilon(call);
        if (!call.Training)
        {
            var output = call[0].BatchNorm(call[Scale], call[Bias], Statistic(call, Mean), Statistic(call, Variance), epsilon);
            return [output, call[Mean], call[Variance]];
        }

        var kept = call.Attributes.Float("momentum", 0.9);
        if (kept is not (>= 0 and <= 1))
        {
            throw new OccamException($"{call.Node} has a momentum of {kept}: expected 0 to 1");
        }

        Tensor mean, variance;
        using (Libtorch.NoGrad())
        {
            // libtorch moves them in place, and the network's own must stay as they are.
            (mean, variance) = (call[Mean].Clone(), call[Variance].Clone());
        }

        // libtorch's momentum is the weight of the new statistics, ONNX's that of the old.
        return [call[0].BatchNormTraining(call[Scale], call[Bias], mean, variance, 1 - kept, epsilon), mean, variance];
    }

    // In mixed precision statistics are wider than the values, and libtorch wants all four alike.
    private static NodeCall InOneType(in NodeCall call)
    {
        if (call[Mean].ScalarType == call.FloatType && call[Variance].ScalarType == call.FloatType)
        {
            return call;
        }

        var inputs = (Tensor?[])call.Inputs.Clone();
        for (var i = Scale; i <= Variance; i++)
        {
            inputs[i] = call[i].To(ScalarType.Float32);
        }

        return call with { Inputs = inputs };
    }

    // PyTorch's export stores equal tensors once: where nothing has been trained yet, the statistics are copies of
    // parameters, whose gradient must not come back through them (nor would libtorch take it).
    private static Tensor Statistic(in NodeCall call, int index) => call.Varies(index) ? call[index] : call[index].Detach();

    public override Tensor[]? Paths(PathCall call)
    {
        if (call.Sources > 1 || !call.OnPath[0])
        {
            return null;
        }

        var x = call.Call[0];
        var factor = call.Call[Scale] / (call.Call[Variance] + Epsilon(call.Call)).Sqrt();
        return [x * call.Raise(factor).Reshape([-1, .. Enumerable.Repeat(1L, x.Dimensions - 2)])];
    }

    protected override double? Bound(LipschitzCall call)
    {
        if (call.InputBounds.AsSpan(1).ContainsAnyExcept(0))
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        var deviation = (call.Call[Variance].To(ScalarType.Float64) + Epsilon(call.Call)).Sqrt();
        return call.InputBounds[0] * Broadcasting.LargestMagnitude(call.Call[Scale].To(ScalarType.Float64) / deviation);
    }

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) =>
        SquaredGradientsByExample(call, input, [cotangent]);

    public override Tensor? SquaredGradientsByExample(in NodeCall call, int input, Tensor[] cotangents)
    {
        if (input is not Scale and not Bias)
        {
            return null;
        }

        var standardized = input == Scale ? Standardized(call) : null;
        return cotangents
            .Select(cotangent => ExampleGradients.OfChannels(standardized is null ? cotangent : cotangent * standardized))
            .Aggregate((sum, part) => sum! + part!);
    }

    private static Tensor Standardized(in NodeCall call)
    {
        long[] byChannel = [-1, .. Enumerable.Repeat(1L, call[0].Dimensions - 2)];
        var deviation = (call[Variance] + Epsilon(call)).Sqrt();
        return (call[0] - call[Mean].Reshape(byChannel)) / deviation.Reshape(byChannel);
    }

    private static double Epsilon(in NodeCall call) => call.Attributes.Float("epsilon", 1e-5);
}
