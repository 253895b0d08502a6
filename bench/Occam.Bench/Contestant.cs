namespace Occam.Bench;

/// <summary>One way to compute a network's geometric complexity.</summary>
/// <param name="Title">What the table calls it.</param>
/// <param name="Compute">Computes it once, timed.</param>
internal sealed record Contestant(string Title, Func<Timed> Compute);
