using Occam.Networks;

namespace Occam.Measures;

/// <summary>What the needs of a measure come to on a network and data.</summary>
internal static class Requirements
{
    /// <summary>
    /// Why a measure of these needs can't be computed, the first reason in the order of <see cref="Checks"/>; null when it can.
    /// </summary>
    public static string? Missing(MeasureContext context, MeasureNeeds needs)
    {
        foreach (var (need, problem) in Checks)
        {
            if (needs.HasFlag(need) && problem(context) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static (MeasureNeeds Need, Func<MeasureContext, string?> Problem)[] Checks { get; } =
    [
        (MeasureNeeds.Data, context => context.Data is null || context.Inputs * context.Outputs > 0 ? null
            : $"is of functions from numbers to numbers, and this one has {context.Inputs} inputs and {context.Outputs} outputs"),
        (MeasureNeeds.Data, context => context.Data is null ? "needs data" : null),
        (MeasureNeeds.Labels, context => (context.Data?.Labels ?? context.Data?.PositionLabels) is null
            ? context.Data is { Targets: { } targets, TargetSize: > 1 and var size } && AreOneHot(targets, size)
                ? "needs class labels, and those of the data are one-hot: store each example's class number, the argmax of its y"
                : "needs class labels, and the data have none"
            : Answers.Problem(context)),
        (MeasureNeeds.Graph, context => context.Subject.Network is null
            ? "needs the network's graph, and TorchScript is a black box: export to ONNX"
            : null),
        (MeasureNeeds.Initial, context => context.Subject.Initial is null && context.Subject.InitialWeights is null
            ? "needs the weights at initialization: give the network as it was before training (--initial)"
            : null),
        (MeasureNeeds.PiecewiseLinear, context => context.WhyNotPiecewiseLinear() is { } why
            ? $"needs a piecewise-linear network, and {why}"
            : null),
        (MeasureNeeds.Between, context => ModelInput(context) is { IsFloatingPoint: false } ids
            ? $"needs points between examples, and '{ids.Name}' takes whole numbers, between which there are none"
            : null),
        (MeasureNeeds.Derivative, context => DerivativePaths.Missing(context.Subject.Original)),
        (MeasureNeeds.WeightDerivative, context =>
            DerivativePaths.MissingByWeights(context.Subject.Whole ?? context.Subject.Original)),
        (MeasureNeeds.OneOutput, context => context.Outputs == 1
            ? null
            : $"is defined for one output, and the network has {context.Outputs}"),
        (MeasureNeeds.OneInput, context => context.Inputs == 1
            ? null
            : $"is defined for one input dimension, and the network has {context.Inputs}"),
        (MeasureNeeds.FewInputs, context => context.Inputs <= 3
            ? null
            : $"is computed for at most three input dimensions, and the network has {context.Inputs}"),
    ];

    // Whether each example's targets are zeros but for a single one.
    private static bool AreOneHot(double[] targets, int size) => targets.Chunk(size).All(
        row => row.All(value => value is 0 or 1) && row.Count(value => value == 1) == 1);

    // What the examples themselves go into.
    private static ValueInfo? ModelInput(MeasureContext context) =>
        (context.Subject.Before ?? context.Subject.Original)?.Graph.Input;
}
