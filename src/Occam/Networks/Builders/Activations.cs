using System.Collections.Frozen;

namespace Occam.Networks.Builders;

/// <summary>Activation functions by name, as ONNX's operators.</summary>
public static class Activations
{
    private static readonly FrozenDictionary<string, (string Operator, int Opset)> s_known = new Dictionary<string, (string, int)>
    {
        ["relu"] = ("Relu", 11),
        ["leaky-relu"] = ("LeakyRelu", 11),
        ["elu"] = ("Elu", 11),
        ["selu"] = ("Selu", 11),
        ["celu"] = ("Celu", 12),
        ["gelu"] = ("Gelu", 20),
        ["mish"] = ("Mish", 18),
        ["softplus"] = ("Softplus", 11),
        ["softsign"] = ("Softsign", 11),
        ["tanh"] = ("Tanh", 11),
        ["sigmoid"] = ("Sigmoid", 11),
        ["hard-sigmoid"] = ("HardSigmoid", 11),
        ["hard-swish"] = ("HardSwish", 14),
        ["identity"] = ("Identity", 11),
    }.ToFrozenDictionary();

    /// <summary>The names, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The operator of an activation and the operator set that brought it.</summary>
    /// <exception cref="OccamException">The name is unknown.</exception>
    internal static (string Operator, int Opset) Of(string name) =>
        s_known.TryGetValue(name, out var known)
            ? known
            : throw new OccamException(Problem(name)!);

    /// <summary>What is wrong with an activation's name; null where nothing is.</summary>
    internal static string? Problem(string name) => s_known.ContainsKey(name) ? null
        : $"unknown activation '{PrintableText.Short(name)}'{Nearest.Hint(name, All)} There are {string.Join(", ", All)}";
}
