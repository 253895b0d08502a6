namespace Occam.Networks;

/// <summary>A function of one number and its derivative, over managed memory in single precision.</summary>
internal abstract class ElementFunction
{
    /// <summary>Whether the derivative is zero wherever the value is, so that such elements pass nothing back.</summary>
    public virtual bool IsFlatAtZero => false;

    /// <summary>The values.</summary>
    public abstract void Apply(ReadOnlySpan<float> x, Span<float> values);

    /// <summary>Multiplies the cotangents of the values by the derivative, in place.</summary>
    public abstract void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents);
}
