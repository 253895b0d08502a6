using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x / √(mean of x² + ε) · scale: normalization by the root of the mean square, with a scale or without.</summary>
internal sealed class RmsNormForm : NormalizationForm
{
    public override IEnumerable<Pattern> Patterns
    {
        get
        {
            var roots = InverseRoots(Mean(Product(1, X, X)));
            return [.. roots.Select(root => Product(1, X, root, Scale)), .. roots.Select(root => Product(1, X, root))];
        }
    }

    public override (string One, string Several) Names(Node made) => ("RMS normalization", "RMS normalizations");

    protected override string Operator => "RMSNormalization";
}
