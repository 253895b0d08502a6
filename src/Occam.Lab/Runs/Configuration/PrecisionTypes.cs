using Occam.Torch;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Precisions as libtorch knows them.</summary>
internal static class PrecisionTypes
{
    /// <summary>The type of a network's weights; what else is computed in bfloat16 is a matter of the training.</summary>
    public static ScalarType WeightType(this Precision precision) => precision == Precision.Float64 ? ScalarType.Float64 : ScalarType.Float32;
}
