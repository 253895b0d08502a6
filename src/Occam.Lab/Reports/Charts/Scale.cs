namespace Occam.Lab.Reports.Charts;

/// <summary>How an axis maps values to places.</summary>
public enum Scale
{
    /// <summary>Equal differences are equal distances.</summary>
    Linear,

    /// <summary>Equal ratios are equal distances; values that are not positive leave a gap.</summary>
    Log,

    /// <summary>Logarithmic in both directions and linear around zero.</summary>
    SymmetricLog,

    /// <summary>Names, in the order given; the axis along which <see cref="Bars"/> stand.</summary>
    Category,
}
