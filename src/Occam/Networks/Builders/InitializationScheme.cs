namespace Occam.Networks.Builders;

/// <summary>How a network's weights and biases start.</summary>
/// <param name="Id">The scheme's name.</param>
/// <param name="Weight">The weights.</param>
/// <param name="Bias">The biases.</param>
public sealed record InitializationScheme(string Id, Initializer Weight, Initializer Bias)
{
    /// <summary>PyTorch's default: weights and biases uniform in ±1/√fan-in.</summary>
    public static InitializationScheme PyTorch { get; } = new("pytorch", Initializers.UniformFanIn, Initializers.UniformFanIn);

    /// <summary>Truncated normal weights of variance 1/fan-in, biases zero.</summary>
    public static InitializationScheme LeCun { get; } = new("lecun", Initializers.LeCun, Initializers.Zeros);

    /// <summary>Glorot's uniform weights, biases zero.</summary>
    public static InitializationScheme Glorot { get; } = new("glorot", Initializers.Glorot, Initializers.Zeros);

    /// <summary>He's normal weights, biases zero.</summary>
    public static InitializationScheme He { get; } = new("he", Initializers.He, Initializers.Zeros);

    /// <summary>Orthonormal rows or columns, biases zero.</summary>
    public static InitializationScheme Orthogonal { get; } = new("orthogonal", Initializers.Orthogonal, Initializers.Zeros);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<InitializationScheme> All { get; } = [PyTorch, LeCun, Glorot, He, Orthogonal];

    /// <summary>The scheme of a name.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public static InitializationScheme Parse(string id) =>
        All.FirstOrDefault(scheme => scheme.Id == id)
        ?? throw new OccamException($"unknown initialization '{id}': expected {string.Join(", ", All.Select(scheme => scheme.Id))}");
}
