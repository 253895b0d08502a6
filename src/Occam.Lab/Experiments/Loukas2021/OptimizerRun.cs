using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A training of bth-open-optimizers.</summary>
/// <param name="Way">The id of the way in which it was trained.</param>
/// <param name="Training">What was observed of the biases; its level is the frequency.</param>
/// <param name="WeightLengths">For each trained weight matrix, from the input on, the normalized length of its trajectory over further
/// steps; none where they were not followed.</param>
internal sealed record OptimizerRun(string Way, TrajectoryRun Training, ImmutableArray<double> WeightLengths)
{
    /// <summary>
    /// Σ ‖W(t+1) − W(t)‖/(α ε_t) of each trained weight matrix over further steps of plain descent on one example, ε_t = |f − y|: what
    /// the paper measures of biases. The norm is Frobenius'.
    /// </summary>
    /// <param name="network">The network after its training.</param>
    /// <param name="data">The training examples.</param>
    /// <param name="settings">How it was trained.</param>
    /// <param name="steps">How many further steps.</param>
    internal static ImmutableArray<double> FollowWeights(Network network, DataSet data, TrainingSettings settings, int steps)
    {
        using var trainer = new Trainer(network, data, settings with { Steps = steps, Trajectory = false, TrajectoryWindow = null });
        string[] names = [.. settings.TrainedParameters(network).Where(name => name.EndsWith(".weight", StringComparison.Ordinal))];
        var lengths = new double[names.Length];
        float[][] before = [.. names.Select(name => Values(network, name))];
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            using var scope = Libtorch.NewDisposeScope();
            trainer.TakeStep();
            var now = trainer.Snapshot();

            // The loss of the one example is ½ε².
            var unit = settings.Optimizer.LearningRate * Math.Sqrt(2 * trainer.Loss);
            for (var i = 0; i < names.Length; i++)
            {
                var after = Values(now, names[i]);
                lengths[i] += Distance(before[i], after) / unit;
                before[i] = after;
            }
        }

        return [.. lengths];
    }

    private static float[] Values(Network network, string name) =>
        network.Parameters.Single(parameter => parameter.Name == name).Value.ToArray<float>();

    private static double Distance(float[] from, float[] to) =>
        Math.Sqrt(from.Zip(to, (a, b) => Math.Pow((double)b - a, 2)).Sum());
}
