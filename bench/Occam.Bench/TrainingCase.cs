using Occam.Training;

namespace Occam.Bench;

/// <summary>A training whose step is timed, by plain SGD or with a momentum.</summary>
/// <param name="Network">The network's name among the exported.</param>
/// <param name="Data">The data's name among the exported.</param>
/// <param name="Loss">What is minimized.</param>
/// <param name="Batch">Examples a step.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Momentum">The momentum.</param>
/// <param name="Frozen">Parameters that stay.</param>
/// <param name="PeerThreads">The threads of the peer; null for those of the setting. More than one make small networks slower.</param>
/// <param name="Steps">Steps that Occam is timed over.</param>
/// <param name="PeerSteps">Steps that the peer is timed over.</param>
/// <param name="Required">How many times faster Occam must be.</param>
internal sealed record TrainingCase(
    string Network, string Data, Loss Loss, int Batch, double Rate, double Momentum, string[] Frozen, int? PeerThreads, int Steps,
    int PeerSteps, double Required);
