namespace Occam.Training;

/// <summary>Something wrong with how a network is to be trained.</summary>
/// <param name="Setting">The member of <see cref="TrainingSettings"/> that it is about; <c>Network</c> and <c>Data</c> for what is trained,
/// on what.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
public sealed record TrainingProblem(string Setting, string Message);
