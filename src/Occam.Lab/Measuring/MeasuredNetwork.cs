using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;

namespace Occam.Lab.Measuring;

/// <summary>A network and what was found of it.</summary>
/// <param name="Loaded">The network as it was loaded.</param>
/// <param name="Context">What it was measured with.</param>
/// <param name="Results">What was found, in the order asked for.</param>
/// <param name="Threads">How many threads one operator used.</param>
public sealed record MeasuredNetwork(LoadedNetwork Loaded, MeasureContext Context, ImmutableArray<MeasureResult> Results, int Threads)
{
    /// <summary>The network's file without its folder.</summary>
    public string Name => Path.GetFileName(Loaded.Path);

    /// <summary>The numbers that it was computed in, as <c>--precision</c> names them.</summary>
    public string Precision => Context.Function.Type.PrecisionName;

    /// <summary>The examples.</summary>
    public DataSet Data => Context.Data!;

    /// <summary>From what to what the function goes: sizes, and for an inner value its name and what it is computed from.</summary>
    public string Function
    {
        get
        {
            var shape = string.Join("×", Context.ExampleShape);
            var input = Loaded.Before is { } before
                ? $"function of {Loaded.Network!.Graph.Input.Name}, {shape}, by {before.Graph.Input.Name}"
                : Context.HoldsInputs ? $"function of {Loaded.Network!.Graph.Input.Name}, {shape}"
                : shape;
            var held = Context.HoldsInputs ? $", {string.Join(", ", Context.HeldNames)} held" : "";
            return $"{input}{held} → {string.Join("×", Context.OutputShape)}";
        }
    }

    /// <summary>The graph as it is in the file; null for a black box.</summary>
    public Network? Graph => Loaded.Network;

    /// <summary>What was done to the network before it was measured, a line each.</summary>
    public ImmutableArray<string> Done
    {
        get
        {
            var folded = Context.Subject.Folding?.Folded.Length ?? 0;
            return folded == 0
                ? Loaded.Notes
                : [
                    .. Loaded.Notes,
                    $"batch normalization folded into the weights beside it: {folded} of {folded + LeftUnfolded.Length} nodes",
                ];
        }
    }

    /// <summary>The batch normalizations that stayed, and why.</summary>
    public ImmutableArray<SkippedNode> LeftUnfolded =>
        Context.Subject.Folding is { } folding ? [.. folding.Left.Select(left => new SkippedNode(left.Node, left.Why))] : [];

    /// <summary>The result of a measure by its name, or null where it was not asked for.</summary>
    public MeasureResult? Find(string name) => Results.FirstOrDefault(result => result.Name == name);
}
