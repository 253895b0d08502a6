using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The largest eigenvalues of a matrix of how the mean loss over the data bends: its Hessian, its Gauss–Newton matrix (Schraudolph 2002),
/// Fisher's matrix or the empirical one. By the Lanczos process with full reorthogonalization and thick restarts (Wu and Simon 2000), until
/// the residual ‖Av − θv‖ of each is a thousandth of it. The value is the largest. There is an eigenvalue within the residual of every
/// value, and the i-th isn't above the i-th largest eigenvalue, but for rounding. By layer: how much of the first vector's squared length
/// each parameter tensor has.
/// <para>
/// That none of the largest is missing, one of several equal ones or of a close pair, is checked: the process of the matrix deflated by
/// the vectors found, from a fresh start orthogonal to them, must see nothing above the least of them (by more than a thousandth), until
/// its own largest value has converged or the chance to have missed one is below a thousandth. What it sees is taken in, and the check
/// made again.
/// </para>
/// </summary>
/// <param name="K">How many eigenvalues.</param>
/// <param name="Of">Of which matrix.</param>
/// <param name="Products">The most matrix–vector products over all data.</param>
public sealed record CurvatureEigenvalues(int K = 10, CurvatureMatrix Of = CurvatureMatrix.Hessian, int Products = 400) : CurvatureMeasure(
    "curvature-eigenvalues", "Largest eigenvalues of the curvature", "Lanczos 1950; Wu and Simon 2000; Schraudolph 2002",
    "$λ_1 ≥ … ≥ λ_k$ of the Hessian, Gauss–Newton or Fisher matrix of the mean loss; the value is $λ_1$")
{
    private const double Tolerance = 1e-3;
    private const int FewestMore = 10;

    // A vector of the basis is as large as the network: of networks so large that they fill the memory, fewer are kept.
    private const long MostElements = 1L << 28;

    /// <inheritdoc/>
    public override string Meaning => "How much the loss bends along the directions of the weights in which it bends most.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(K is >= 1 and <= 1000, $"{K} eigenvalues", "from 1 to 1000") ?? Unless(Products >= 1, $"{Products} products", "at least 1");

    private protected override int Vectors(long size) => (2 * Held(size)) + 3;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        var weights = loss.Weights;
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var matrix = loss.Curvature(Of, Products);
        var held = Held(weights.Size);
        using var found = LargestEigenpairs.Of(
            vector => matrix.Times([vector])[0], weights.Like, K, Products, held, Tolerance, generator, isChecked: true);
        var (values, residuals) = (found.Values, found.Residuals);
        int[] rough = [.. Enumerable.Range(0, values.Length).Where(i => !found.Converged[i])];
        return Blank with
        {
            Quantity = found.IsComplete ? values[0] : Uncertain.Iterated(values[0], residuals[0]) with { Side = BoundSide.Lower },
            Details =
            [
                new("residual", residuals[0]), new("converged", values.Length - rough.Length), new("checked", found.IsChecked ? 1 : 0),
                new("products", found.Products),
                .. values.Select((value, i) => (value, i)).Skip(1).SelectMany(pair => new KeyValuePair<string, double>[]
                {
                    new($"eigenvalue{pair.i + 1}", pair.value), new($"eigenvalue{pair.i + 1}.residual", residuals[pair.i]),
                }),
            ],
            Layers = double.IsNaN(values[0]) ? [] :
            [
                .. weights.Names.Zip(weights.Parts(found.Vectors[0]), (name, part) => new LayerValue(
                    name, Uncertain.WithoutError(WideSum.Of(part.Reshape(-1), numbers => numbers.Square())))),
            ],
            Notes =
            [
                "by layer: the share of each parameter tensor in the first eigenvector's squared length",
                .. rough.Length == 0 ? (string[])[] :
                [
                    $"not converged to a thousandth of themselves in {found.Products} products: "
                        + string.Join(", ", rough.Select(i => $"eigenvalue {i + 1} (residual {Numbers.Format(residuals[i], 3)})")),
                ],
                .. Completeness(found, rough.Length == 0),
                .. values.Length < K && found.IsComplete ? [$"there are {values.Length} weights, and no more eigenvalues"] : (string[])[],
                .. values.Length < K && !found.IsComplete ? [$"{found.Products} products gave {values.Length} values"] : (string[])[],
                .. NotesOn(Of),
            ],
        };
    }

    private static IEnumerable<string> Completeness(LargestEigenpairs found, bool haveConverged)
    {
        if (found.Missed > 0)
        {
            yield return $"{found.Missed} of them found by fresh starts alone: of equal or close eigenvalues one start sees one";
        }

        if (!found.IsChecked && haveConverged && !double.IsNaN(found.Values[0]))
        {
            yield return "not checked to be the largest: products or memory ended before, and one of equal or close ones may be missing";
        }
        else if (found.IsChecked && !found.IsComplete)
        {
            yield return $"a fresh start orthogonal to them saw nothing above them ({found.ChecksProducts} of the products)";
        }
    }

    private int Held(long size) => (int)Math.Clamp(MostElements / size, K + 4, (2 * K) + (2 * FewestMore));
}
