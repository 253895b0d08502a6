using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>
/// (x − mean) / √(mean of (x − mean)² + ε) · scale + bias: layer normalization; also as x · s + (bias − mean · s) with
/// s = scale / √(…), and without bias, or without both.
/// </summary>
internal sealed class LayerNormForm : NormalizationForm
{
    public override IEnumerable<Pattern> Patterns
    {
        get
        {
            var mean = Mean(X);
            var centered = Apply("Sub", X, mean);
            var roots = InverseRoots(Mean(Any(Product(1, centered, centered), Product(1, Apply("Sub", mean, X), Apply("Sub", mean, X)))));
            foreach (var root in roots)
            {
                yield return Apply("Add", Product(1, centered, root, Scale), Bias);
            }

            foreach (var root in roots)
            {
                var factor = Product(1, root, Scale);
                yield return Apply("Add", Product(1, X, factor), Apply("Sub", Bias, Product(1, mean, factor)));
            }

            foreach (var root in roots)
            {
                yield return Product(1, centered, root, Scale);
            }

            foreach (var root in roots)
            {
                yield return Product(1, centered, root);
            }
        }
    }

    public override (string One, string Several) Names(Node made) => ("layer normalization", "layer normalizations");

    protected override string Operator => "LayerNormalization";
}
