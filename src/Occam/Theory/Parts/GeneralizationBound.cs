namespace Occam.Theory.Parts;

/// <summary>
/// |er_emp − er_exp| ≤ √((4 ln 2 · N(X; ℓ2, r) + 2 ln(1/δ))/N) of Loukas et al. 2021, Theorem 3 and Lemma 4, by Theorem 3 of
/// Xu &amp; Mannor 2012 for K = 2 N(X; ℓ2, r); with test data in place of the expectation.
/// </summary>
internal sealed class GeneralizationBound
{
    private readonly BinaryClassifier? _test;
    private readonly CoveringNumbers _all;
    private readonly double _delta;

    private GeneralizationBound(TheoryContext context)
    {
        Training = BinaryClassifier.On(context, context.Data);
        _test = context.Test is { } test ? BinaryClassifier.On(context, test) : null;
        Numbers = new CoveringNumbers(Training.Inputs);
        _all = _test is null ? Numbers : new CoveringNumbers([.. Training.Inputs, .. _test.Inputs]);
        _delta = context.Options.Delta;
    }

    /// <summary>The classifier on the test data; null where there are none.</summary>
    public BinaryClassifier? Test => _test;

    /// <summary>The box around the training and the test data, X, and its cubes.</summary>
    public CubePartition Cubes => _all.Cubes;

    /// <summary>The classifier on the training data.</summary>
    public BinaryClassifier Training { get; }

    /// <summary>Covering numbers of the training data.</summary>
    public CoveringNumbers Numbers { get; }

    /// <summary>The shares of errors.</summary>
    public IEnumerable<KeyValuePair<string, double>> Details =>
        [new("error.training", Training.ErrorShare), new("error.test", _test?.ErrorShare ?? double.NaN)];

    /// <summary>For a network under test, once for all theorems.</summary>
    public static GeneralizationBound Of(TheoryContext context) => context.Measures.Shared(() => new GeneralizationBound(context));

    /// <summary>r = min |f(x_i) − ½|/(2 λ) for an upper bound λ of λ_f.</summary>
    public double Radius(double lipschitz) => Training.Outputs.Min(f => Math.Abs(f - 0.5)) / (2 * lipschitz);

    /// <summary>
    /// An upper bound of N(X; ℓ2, r), X the smallest box around the training and the test data along their principal axes.
    /// </summary>
    public double InBox(double radius) => _all.Box(radius);

    /// <summary>The right side for so many balls.</summary>
    public double Right(double balls) =>
        Math.Sqrt(((4 * Math.Log(2) * balls) + (2 * Math.Log(1 / _delta))) / Training.Inputs.Length);

    /// <summary>Both sides for so many balls.</summary>
    /// <param name="by">Where their number comes from.</param>
    /// <param name="balls">N(X; ℓ2, r), or what stands in for it.</param>
    public Inequality Inequality(string by, double balls)
    {
        var name = $"|error on training data − on test data| ≤ bound, N by {by}";
        return _test is null
            ? Theory.Inequality.NotApplicable(name, "there are no test data")
            : Theory.Inequality.AtMost(
                name, Math.Abs(Training.ErrorShare - _test.ErrorShare), Right(balls),
                vacuous: Right(balls) >= 1 ? "shares of errors never differ by more than 1" : null);
    }
}
