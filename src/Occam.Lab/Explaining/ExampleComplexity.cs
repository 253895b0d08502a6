using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Occam.Lab.Reports;

namespace Occam.Lab.Explaining;

/// <summary>One example, and how steep the function is there.</summary>
/// <param name="Index">Its number in the whole of the data, of which a random subset may have been taken.</param>
/// <param name="Complexity">‖J(x)‖² (Frobenius).</param>
/// <param name="Class">Its class, where there are classes.</param>
/// <param name="Predicted">The class that the network takes it for, where there are classes.</param>
/// <param name="Picture">What it looks like, where it is an image.</param>
/// <param name="Inputs">Its inputs, where they are few enough to read.</param>
public sealed record ExampleComplexity(
    int Index,
    double Complexity,
    int? Class,
    int? Predicted,
    [property: JsonIgnore] Picture? Picture,
    [property: JsonIgnore] ImmutableArray<double> Inputs);
