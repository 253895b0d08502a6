namespace Occam.Lab.Explaining;

/// <summary>A run beside others.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Complexity">The geometric complexity of its network at the end.</param>
/// <param name="Outcome">What came of it: the test error or loss at the end.</param>
/// <param name="IsThis">Whether it is the run that is explained.</param>
public sealed record ComparedRun(string Name, Uncertain Complexity, double Outcome, bool IsThis);
