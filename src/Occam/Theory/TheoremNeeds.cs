namespace Occam.Theory;

/// <summary>What a theorem needs before its hypotheses can be checked.</summary>
[Flags]
public enum TheoremNeeds
{
    /// <summary>A network's graph and data: as every theorem.</summary>
    None = 0,

    /// <summary>One output.</summary>
    OneOutput = 1,

    /// <summary>Every activation and pooling piecewise linear.</summary>
    PiecewiseLinear = 2,

    /// <summary>A first layer W_1 x + b_1 of its own biases that all of the network sees the input through.</summary>
    FirstLayer = 4,

    /// <summary>A recorded training.</summary>
    Run = 8,

    /// <summary>A derivative by the input: some way from it to the output that no rounding, comparison or index cuts.</summary>
    Derivative = 16,

    /// <summary>The same by the weights: some way from a parameter to the output.</summary>
    WeightDerivative = 32,
}
