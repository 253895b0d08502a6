namespace Occam.Data;

/// <summary>Some examples of another data set, by number.</summary>
internal sealed class SubsetDataSet : DataSet
{
    private readonly DataSet whole;
    private readonly int[] chosen;
    private readonly int seed;

    public SubsetDataSet(DataSet whole, int[] chosen, int seed)
    {
        this.whole = whole;
        this.chosen = chosen;
        this.seed = seed;
        Labels = whole.Labels is { } labels ? Array.ConvertAll(chosen, i => labels[i]) : null;
        if (whole.Targets is { } targets)
        {
            int size = whole.TargetSize;
            Targets = new double[chosen.Length * size];
            for (int i = 0; i < chosen.Length; i++)
            {
                Array.Copy(targets, chosen[i] * size, Targets, i * size, size);
            }
        }
    }

    public override string Name => whole.Name;

    public override int Count => chosen.Length;

    public override IReadOnlyList<int> ExampleShape => whole.ExampleShape;

    public override int[]? Labels { get; }

    public override double[]? Targets { get; }

    public override int Classes => whole.Classes;

    public override Normalization? Normalization => whole.Normalization;

    internal override string Source => whole.Source;

    internal override string Selection => $"{Message.Number(Count)} at random (seed {seed}) of {whole.Selection}";

    internal override bool IsImage => whole.IsImage;

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination)
    {
        CheckCopy(indices, destination.Length);
        whole.CopyInputs(InWhole(indices), destination);
    }

    public override void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination)
    {
        CheckCopy(indices, destination.Length);
        whole.CopyInputs(InWhole(indices), destination);
    }

    private int[] InWhole(ReadOnlySpan<int> indices)
    {
        int[] result = new int[indices.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = chosen[indices[i]];
        }

        return result;
    }
}
