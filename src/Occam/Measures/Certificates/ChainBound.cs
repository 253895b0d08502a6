namespace Occam.Measures.Certificates;

/// <summary>An upper Lipschitz bound by one method.</summary>
/// <param name="Name">The method's name among the details of a result.</param>
/// <param name="Title">The method in words.</param>
/// <param name="Value">The bound.</param>
/// <param name="Residual">How far it may be above what the method converges to; 0 for a closed form.</param>
internal sealed record ChainBound(string Name, string Title, double Value, double Residual = 0);
