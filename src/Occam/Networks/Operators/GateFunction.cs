using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>An activation inside a recurrent layer, with what bounds it.</summary>
/// <param name="Apply">The function of each element.</param>
/// <param name="Steepest">The least upper bound of the slope's magnitude; infinite where it jumps.</param>
/// <param name="Least">The greatest lower bound of its values.</param>
/// <param name="Greatest">Their least upper bound.</param>
internal readonly record struct GateFunction(
    Func<Tensor, Tensor> Apply, double Steepest, double Least = double.NegativeInfinity, double Greatest = double.PositiveInfinity)
{
    /// <summary>Whether it gives shares, from 0 to 1.</summary>
    public bool IsShare => Least >= 0 && Greatest <= 1;

    /// <summary>The least upper bound of its values' magnitude.</summary>
    public double Largest => Math.Max(-Least, Greatest);

    /// <summary>
    /// The functions of a node, those of one direction after those of the other. Each that has a scale α or β takes the next
    /// number of the node's lists, or the default of the ONNX operator of its name.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="defaults">The functions of one direction where the node names none.</param>
    /// <param name="directions">How many directions there are.</param>
    /// <exception cref="OccamException">The lists are too short, or a function is unknown.</exception>
    public static GateFunction[] Read(Node node, IReadOnlyList<string> defaults, int directions)
    {
        var names = node.Attributes.All.GetValueOrDefault("activations") as string[]
            ?? [.. Enumerable.Repeat(defaults, directions).SelectMany(each => each)];
        if (names.Length != defaults.Count * directions)
        {
            throw new OccamException(
                $"{node} names {names.Length} activations: expected {defaults.Count} for each of {directions} direction(s)");
        }

        var alphas = new Queue<double>(node.Attributes.Floats("activation_alpha") ?? []);
        var betas = new Queue<double>(node.Attributes.Floats("activation_beta") ?? []);
        double Alpha(double fallback) => alphas.TryDequeue(out var given) ? given : fallback;
        double Beta(double fallback) => betas.TryDequeue(out var given) ? given : fallback;
        return Array.ConvertAll(names, name => name.ToLowerInvariant() switch
        {
            "relu" => new GateFunction(x => x.Relu(), 1),
            "tanh" => new GateFunction(x => x.Tanh(), 1, -1, 1),
            "sigmoid" => new GateFunction(x => x.Sigmoid(), 0.25, 0, 1),
            "softsign" => new GateFunction(x => x / (x.Abs() + 1), 1, -1, 1),
            "softplus" => new GateFunction(x => x.Softplus(), 1),
            "leakyrelu" => LeakyRelu(Alpha(0.01)),
            "thresholdedrelu" => ThresholdedRelu(Alpha(1)),
            "elu" => Elu(Alpha(1)),
            "affine" => Affine(Alpha(1), Beta(0)),
            "scaledtanh" => ScaledTanh(Alpha(1), Beta(1)),
            "hardsigmoid" => HardSigmoid(Alpha(0.2), Beta(0.5)),
            _ => throw new OccamException($"{node} has the activation '{name}': expected one of Relu, Tanh, Sigmoid, Softsign, "
                + "Softplus, LeakyRelu, ThresholdedRelu, Elu, Affine, ScaledTanh, HardSigmoid"),
        });
    }

    private static GateFunction LeakyRelu(double alpha) => new(x => x.LeakyRelu(alpha), Math.Max(1, Math.Abs(alpha)));

    private static GateFunction ThresholdedRelu(double alpha) =>
        new(x => x.Where(x.GreaterThan(alpha), Tensor.ZerosLike(x)), alpha == 0 ? 1 : double.PositiveInfinity);

    private static GateFunction Elu(double alpha) => new(x => x.Elu(alpha), Math.Max(1, Math.Abs(alpha)));

    private static GateFunction Affine(double alpha, double beta) => new(x => (x * alpha) + beta, Math.Abs(alpha));

    private static GateFunction ScaledTanh(double alpha, double beta) =>
        new(x => (x * beta).Tanh() * alpha, Math.Abs(alpha * beta), -Math.Abs(alpha), Math.Abs(alpha));

    private static GateFunction HardSigmoid(double alpha, double beta) =>
        new(x => ((x * alpha) + beta).Clamp(0, 1), Math.Abs(alpha), 0, 1);
}
