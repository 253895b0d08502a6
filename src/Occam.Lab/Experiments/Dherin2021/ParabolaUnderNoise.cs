using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>What the figures have in common that learn the ten points of gor-1 with noise.</summary>
internal static class ParabolaUnderNoise
{
    /// <summary>How many networks of the last tenth of the steps are looked at.</summary>
    public const int Looks = 20;

    /// <summary>The largest mean squared error of a network that fits the points, over the targets' variance.</summary>
    public const double Fitted = 0.01;

    private const int Tenth = 10;

    private static readonly double s_variance = Parabola.Y.Average(y => y * y) - Math.Pow(Parabola.Y.Average(), 2);

    /// <summary>The mean squared error of a network's values at the ten points, without noise.</summary>
    public static double Error(IEnumerable<double> values) =>
        values.Zip(Parabola.Y, (value, target) => Math.Pow(value - target, 2)).Average();

    /// <summary>
    /// Trains, and looks at networks of the last tenth of the steps: noise that is new in every step moves the weights to and fro, so that
    /// what is learned is a mean over them.
    /// </summary>
    /// <param name="trainer">The training, of so many steps.</param>
    /// <param name="steps">How many.</param>
    /// <param name="replica">Is told how far it is.</param>
    /// <param name="look">What is seen of a network.</param>
    public static List<T> Follow<T>(Trainer trainer, int steps, Replica replica, Func<Network, T> look)
    {
        var looks = new List<T>();
        for (var step = 1; step <= steps; step++)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            replica.Report((double)step / steps);
            trainer.TakeStep();
            if (step > steps - (steps / Tenth) && (steps - step) % (steps / Tenth / Looks) == 0)
            {
                looks.Add(look(trainer.Snapshot()));
            }
        }

        return looks;
    }

    /// <summary>A finding, where all trainings without noise fit the points.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="losses">The mean squared errors of those trainings.</param>
    /// <param name="which">Which trainings these are, as in "without noise".</param>
    public static Finding IfFitted(Finding finding, IEnumerable<double> losses, string which)
    {
        double[] unfitted = [.. losses.Where(loss => !(loss <= Fitted * s_variance))];
        return finding.If(
            unfitted.Length == 0,
            $"{which} {unfitted.Length} trainings don’t fit the points, and leave up to "
                + $"{Numbers.Format(100 * unfitted.Select(loss => loss / s_variance).DefaultIfEmpty(0).Max(), 2)} % of their variance");
    }
}
