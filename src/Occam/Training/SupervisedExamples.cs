using Occam.Data;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>Examples of a data set as a network takes them, with what it learns of them.</summary>
/// <param name="network">The network.</param>
/// <param name="data">The data set.</param>
/// <param name="targets">What is learned of all its examples, one after the other, as <see cref="TargetsOf"/> or with noise.</param>
public sealed class SupervisedExamples(Network network, DataSet data, double[] targets)
{
    /// <summary>
    /// What a loss learns of each example: its class, or its real targets where the loss takes numbers and there are some.
    /// </summary>
    internal static double[] TargetsOf(Loss loss, DataSet data) =>
        loss.TakesClasses || data.Targets is null ? Array.ConvertAll(data.RequireLabels(), label => (double)label) : [.. data.Targets];

    /// <summary>Some examples as tensors of the network's type on its device; the targets are examples × numbers of one.</summary>
    public (Tensor Inputs, Tensor Targets) Take(int[] indices) => (
        Tensor.FromArray(Inputs(indices), [indices.Length, .. InputShape.Fit(network.ExampleShape, data)])
            .To(network.Type)
            .To(network.Device),
        Tensor.FromArray(Targets(indices), indices.Length, targets.Length / data.Count).To(network.Type).To(network.Device));

    /// <summary>The inputs of some examples, one after the other.</summary>
    public double[] Inputs(int[] indices)
    {
        var inputs = new double[indices.Length * data.ExampleSize];
        data.CopyInputs(indices, inputs);
        return inputs;
    }

    /// <summary>The targets of some examples, one after the other.</summary>
    public double[] Targets(int[] indices)
    {
        var size = targets.Length / data.Count;
        return [.. indices.SelectMany(i => targets[(i * size)..((i + 1) * size)])];
    }
}
