namespace Occam.Lab.Experiments.Neyshabur;

/// <summary>A trained network with all its measures.</summary>
internal sealed record Judged(TrainedNetwork Trained, NormValues Norms, SharpnessValues Sharpness);
