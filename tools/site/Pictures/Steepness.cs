using Occam.Data;
using Occam.Derivatives;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Site.Pictures;

/// <summary>Where in the plane a classifier's function is steep.</summary>
internal static class Steepness
{
    private const int Columns = 90;
    private const int Rows = 60;
    private const double Right = 1.8;
    private const double Top = 1.2;

    // The half circles pass the middle, which they have between them, at this distance.
    private const double Between = 0.5;
    private const int OfAClass = 60;

    /// <summary>The map: ‖∇f‖ of a network that tells two half circles apart, and the examples.</summary>
    public static Block Map()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(0);
        var (places, targets) = Moons();
        var examples = DataSet.FromArrays("two moons", [2], places, targets: targets);
        var network = Mlp.Build([2, 100, 100, 1], "relu", InitializationScheme.He, generator);
        var settings = new TrainingSettings { Loss = new MeanSquaredError(), Optimizer = new Adam(0.001), Steps = 2000 };
        using var trainer = new Trainer(network, examples, settings);
        trainer.Run();

        var subject = new Subject(trainer.Snapshot());
        double[] grid =
        [
            .. from row in Enumerable.Range(0, Rows)
               from column in Enumerable.Range(0, Columns)
               from place in new[] { Place(column, Columns, Right), Place(row, Rows, Top) }
               select place,
        ];
        var cells = Tensor.FromArray(grid, Rows * Columns, 2).To(ScalarType.Float32);
        var norms = new InputJacobian(subject.Function, 2, 1).SquaredNorms(cells);
        var steepest = Array.IndexOf(norms, norms.Max());
        var away = double.Hypot(grid[2 * steepest], grid[(2 * steepest) + 1]);
        if (away > Between)
        {
            throw new OccamException(
                $"the steepest place of the picture lies {Numbers.Format(away)} from the middle, and not between the classes");
        }

        Dots Class(int target, Tone tone)
        {
            int[] own = [.. Enumerable.Range(0, targets.Length).Where(i => targets[i] == target)];
            double[] x = [.. own.Select(i => places[2 * i])], y = [.. own.Select(i => places[(2 * i) + 1])];
            return new Dots(x, y) { Name = $"answer {Numbers.Format(target)}", Tone = tone };
        }

        return new Chart(
            "Where a classifier is steep", new Axis("first input"), new Axis("second input"),
            new HeatMap(-Right, Right, -Top, Top, Columns, [.. norms.Select(norm => (float)Math.Sqrt(norm))]),
            Class(1, Tone.Ink),
            Class(-1, Tone.Blue))
        {
            Shade = new ShadeScale("slope ‖J(x)‖", Minimum: 0),
            Caption = "A ReLU network 2-100-100-1 that answers 1 on one half circle and −1 on the other. The colour is the norm of its "
                + "gradient: the steepest places lie between the two, where the answer has to change.",
        };
    }

    // The centre of a cell.
    private static double Place(int cell, int cells, double end) => -end + ((cell + 0.5) / cells * 2 * end);

    // Two half circles that reach into each other.
    private static (double[] Places, double[] Targets) Moons()
    {
        var places = new List<double>();
        var targets = new List<double>();
        for (var i = 0; i < OfAClass; i++)
        {
            var angle = Math.PI * i / (OfAClass - 1);
            places.AddRange([Math.Cos(angle) - 0.5, Math.Sin(angle) - 0.25, 0.5 - Math.Cos(angle), 0.25 - Math.Sin(angle)]);
            targets.AddRange([1, -1]);
        }

        return ([.. places], [.. targets]);
    }
}
