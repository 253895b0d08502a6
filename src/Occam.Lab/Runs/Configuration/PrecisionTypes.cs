using Occam.Torch;

namespace Occam.Lab.Runs;

/// <summary>Precisions as libtorch knows them.</summary>
internal static class PrecisionTypes
{
    public static ScalarType ToScalarType(this Precision precision) => precision switch
    {
        Precision.Float64 => ScalarType.Float64,
        Precision.BFloat16 => ScalarType.BFloat16,
        _ => ScalarType.Float32,
    };
}
