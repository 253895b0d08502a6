namespace Occam.Measures;

/// <summary>A quantity at one layer.</summary>
/// <param name="Name">The layer's node.</param>
/// <param name="Quantity">The quantity.</param>
public sealed record LayerValue(string Name, Uncertain Quantity)
{
    /// <summary>The quantity.</summary>
    public Uncertain Quantity { get; } = Quantity.UnknownIfAlike();

    /// <summary>The quantity's value.</summary>
    public double Value => Quantity.Value;

    /// <summary>The quantity's standard error.</summary>
    public double StandardError => Quantity.StandardError;
}
