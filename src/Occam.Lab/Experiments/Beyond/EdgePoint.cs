namespace Occam.Lab.Experiments.Beyond;

/// <summary>A training by gradient descent at a measured step.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Sharpness">The largest eigenvalue of the Hessian of the training loss.</param>
/// <param name="Loss">The loss at the last step before; NaN before the first.</param>
/// <param name="Rises">Of the steps since the point before, those that raised the loss.</param>
internal sealed record EdgePoint(long Step, double Sharpness, double Loss, int Rises);
