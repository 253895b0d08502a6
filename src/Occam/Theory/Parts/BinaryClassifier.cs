using Occam.Data;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The classifier g(x) = 1[f(x) &gt; ½] of Loukas et al. 2021, §5.2, f the sigmoid of a network's one output, on some examples.
/// </summary>
/// <param name="Inputs">The examples.</param>
/// <param name="Outputs">f of each.</param>
/// <param name="IsWrong">Whether g is wrong at each.</param>
/// <param name="Labels">The label of each, 0 or 1.</param>
internal sealed record BinaryClassifier(double[][] Inputs, double[] Outputs, bool[] IsWrong, int[] Labels)
{
    /// <summary>The share of the examples at which it is wrong.</summary>
    public double ErrorShare => IsWrong.Count(wrong => wrong) / (double)IsWrong.Length;

    /// <summary>Whether g is 1 at each.</summary>
    public bool IsOne(int example) => Outputs[example] > 0.5;

    /// <summary>Why there is no such classifier here; null where there is.</summary>
    public static string? Problem(TheoryContext context) =>
        !context.HasSigmoid ? "is about a classifier with a sigmoid, and the network's output isn't followed by one"
        : context.Data.Labels is null ? "is about a classifier, and the data have no class label an example"
        : context.Data.Classes > 2 ? $"is about two classes, and the data have {context.Data.Classes}"
        : null;

    /// <summary>Runs it.</summary>
    /// <exception cref="OccamException">The examples have no labels of two classes.</exception>
    public static BinaryClassifier On(TheoryContext context, DataSet data)
    {
        const int AtOnce = 512;
        var labels = data.RequireLabels(2);
        var inputs = ExampleRows.Of(data);
        var outputs = inputs.Chunk(AtOnce).SelectMany(some =>
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            return context.Network.Forward(ExampleRows.Batch(context, some)).ToArray<double>();
        }).Select(logit => context.Output(logit).Value).ToArray();
        return new BinaryClassifier(inputs, outputs, [.. outputs.Zip(labels, (f, label) => f > 0.5 != label > 0)], labels);
    }
}
