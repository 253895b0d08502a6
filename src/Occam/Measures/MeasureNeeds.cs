namespace Occam.Measures;

/// <summary>What a measure needs beside a function that can be evaluated.</summary>
[Flags]
public enum MeasureNeeds
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Examples.</summary>
    Data = 1,

    /// <summary>Examples with class labels.</summary>
    Labels = 2,

    /// <summary>The network's graph: a black box won't do.</summary>
    Graph = 4,

    /// <summary>Every activation and pooling piecewise linear.</summary>
    PiecewiseLinear = 8,

    /// <summary>One output.</summary>
    OneOutput = 16,

    /// <summary>One input dimension.</summary>
    OneInput = 32,

    /// <summary>At most three input dimensions.</summary>
    FewInputs = 64,

    /// <summary>The weights at initialization.</summary>
    Initial = 128,

    /// <summary>A derivative by the input: some way from it to the output that no rounding, comparison or index cuts.</summary>
    Derivative = 256,

    /// <summary>Points between examples: there are none between token ids.</summary>
    Between = 512,

    /// <summary>A derivative by the weights: some way from a parameter to the output that no rounding, comparison or index cuts.</summary>
    WeightDerivative = 1024,
}
