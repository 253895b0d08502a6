using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The window of frames that a sum of cosines gives: periodic, or symmetric.</summary>
internal abstract class CosineWindow : ConstantOperator
{
    public sealed override Tensor[] Run(in NodeCall call)
    {
        var size = call[0].Reshape([]).ItemInt64();
        Limits.CheckElements(call.Node, size);
        var period = call.Attributes.Int("periodic", 1) != 0 ? size : Math.Max(1, size - 1);
        double[] window =
        [
            .. Enumerable.Range(0, (int)size)
                .Select(at => Terms.Index().Sum(term => term.Item * Math.Cos(2 * Math.PI * term.Index * at / period))),
        ];
        return [Types.Cast(call, Tensor.FromArray(window, window.Length), call.Attributes.Int("output_datatype", 1))];
    }

    /// <summary>The coefficients of cos 0, cos x, cos 2x, ….</summary>
    protected abstract double[] Terms { get; }
}

/// <summary>½ − ½ cos x.</summary>
internal sealed class HannWindow : CosineWindow
{
    public override string Type => "HannWindow";

    protected override double[] Terms { get; } = [0.5, -0.5];
}

/// <summary>25/46 − 21/46 cos x.</summary>
internal sealed class HammingWindow : CosineWindow
{
    public override string Type => "HammingWindow";

    protected override double[] Terms { get; } = [25.0 / 46, -21.0 / 46];
}

/// <summary>0.42 − ½ cos x + 0.08 cos 2x.</summary>
internal sealed class BlackmanWindow : CosineWindow
{
    public override string Type => "BlackmanWindow";

    protected override double[] Terms { get; } = [0.42, -0.5, 0.08];
}

/// <summary>
/// The matrix, frequencies × mel bins, that sums a spectrum into triangles evenly spread over the mel scale, 2595 log₁₀(1 + f/700).
/// </summary>
internal sealed class MelWeightMatrix : ConstantOperator
{
    public override string Type => "MelWeightMatrix";

    public override int LeastInputs => 5;

    public override Tensor[] Run(in NodeCall call)
    {
        var (bins, length, rate) = (call[0].Reshape([]).ItemInt64(), call[1].Reshape([]).ItemInt64(), call[2].Reshape([]).ItemInt64());
        var (lowest, highest) = (call[3].Reshape([]).Item(), call[4].Reshape([]).Item());
        static double Mel(double frequency) => 2595 * Math.Log10(1 + (frequency / 700));
        static double Frequency(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
        if (bins < 1 || length < 0 || rate < 1 || !(lowest >= 0 && highest >= lowest && 2 * highest <= rate))
        {
            throw new OccamException($"{call.Node} spreads {bins} bins from {lowest} to {highest} over {length} steps at a rate of {rate}: "
                + "expected frequencies up to half the rate, in order");
        }

        var frequencies = (length / 2) + 1;
        Limits.CheckElements(call.Node, frequencies, bins);
        var step = (Mel(highest) - Mel(lowest)) / (bins + 2);
        int[] edges =
        [
            .. Enumerable.Range(0, (int)bins + 2)
                .Select(i => (int)Math.Floor((length + 1) * Frequency((i * step) + Mel(lowest)) / rate)),
        ];
        var weights = new double[frequencies * bins];
        for (var i = 0; i < bins; i++)
        {
            var (from, centre, to) = (edges[i], edges[i + 1], edges[i + 2]);
            for (var at = from; at < to || at == centre; at++)
            {
                weights[(at * bins) + i] = at == centre ? 1
                    : at < centre ? (double)(at - from) / (centre - from)
                    : (double)(to - at) / (to - centre);
            }
        }

        return [Types.Cast(call, Tensor.FromArray(weights, frequencies, bins), call.Attributes.Int("output_datatype", 1))];
    }
}
