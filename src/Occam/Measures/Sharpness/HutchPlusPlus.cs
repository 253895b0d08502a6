using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The trace of a symmetric matrix that is only known by its products, estimated from random ±1 vectors. Hutchinson 1990: the mean of
/// gᵀHg. Hutch++ (Meyer, Musco, Musco and Woodruff 2021, Algorithm 1): with Q an orthonormal basis of HS for random S,
/// tr(QᵀHQ) exactly, plus Hutchinson's estimate of what is left, (I − QQᵀ)H(I − QQᵀ). A third of the products each for S,
/// for Q, and for the rest.
/// </summary>
/// <param name="Trace">Hutch++'s estimate, with the standard error of the rest's estimates: Q is as it is.</param>
/// <param name="Hutchinson">Hutchinson's estimate from the vectors S, with the same products.</param>
/// <param name="Products">The number of products computed.</param>
internal sealed record HutchPlusPlus(Uncertain Trace, Uncertain Hutchinson, int Products)
{
    // What is left of a column after the others are taken out, over its length, when it is made of them.
    private const double Dependent = 1e-5;

    /// <summary>Estimates the trace.</summary>
    /// <param name="apply">H v; its second argument is the number of products computed before.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="products">The maximal number of products, at least 6.</param>
    /// <param name="generator">Draws the random vectors.</param>
    public static HutchPlusPlus Of(Func<Tensor, int, Tensor> apply, Tensor like, int products, Generator generator)
    {
        var third = products / 3;
        var made = 0;
        Tensor Apply(Tensor v) => apply(v, made++);
        var basis = new List<Tensor>();
        var first = new double[third];
        for (var i = 0; i < third; i++)
        {
            var s = Signs(like, generator);
            var image = Apply(s);
            first[i] = Dot(s, image);
            var rest = OrthonormalBasis.Without(basis, image);
            var length = rest.Norm().Item();
            if (length > Dependent * image.Norm().Item())
            {
                basis.Add(rest / length);
            }
        }

        var found = basis.Sum(q => Dot(q, Apply(q)));
        var left = new double[third];
        for (var i = 0; i < third; i++)
        {
            var g = OrthonormalBasis.Without(basis, Signs(like, generator));
            left[i] = Dot(g, Apply(g));
        }

        return new HutchPlusPlus(found + Uncertain.Mean(left), Uncertain.Mean(first), made);
    }

    private static double Dot(Tensor left, Tensor right) => (left.To(ScalarType.Float64) * right.To(ScalarType.Float64)).Sum().Item();

    private static Tensor Signs(Tensor like, Generator generator) =>
        (Tensor.RandInt(2, like.Shape, generator).To(like.ScalarType) * 2) - 1;
}
