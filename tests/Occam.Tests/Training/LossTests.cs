using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Xunit;

namespace Occam.Tests.Training;

public sealed class LossTests
{
    public static TheoryData<Loss, int> Losses => new()
    {
        { new CrossEntropy(), 3 },
        { new BinaryCrossEntropy(), 1 },
        { new MeanSquaredError(), 3 },
        { new HalfSquaredError(), 3 },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_slope_in_closed_form_is_autograds(Loss loss, int outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var logits = (Tensor.Randn([5, outputs], generator, ScalarType.Float64) * 3).Detach().RequireGrad();
        var targets = loss.TakesClasses
            ? Tensor.RandInt(outputs == 1 ? 2 : outputs, [5, 1], generator).To(ScalarType.Float64)
            : Tensor.Randn([5, outputs], generator, ScalarType.Float64);
        var mean = loss.Mean(logits, targets);
        var expected = Autograd.Grad(mean, logits).ToArray<double>();
        var (z, y) = (logits.Detach().ToArray<double>(), targets.ToArray<double>());
        var (sum, slope) = (0.0, new double[outputs]);
        for (var i = 0; i < 5; i++)
        {
            sum += loss.Slope(z.AsSpan(i * outputs, outputs), y.AsSpan(i * y.Length / 5, y.Length / 5), slope, out _);
            for (var j = 0; j < outputs; j++)
            {
                Assert.Equal(expected[(i * outputs) + j], slope[j] / 5, 1e-14);
            }
        }

        Assert.Equal(mean.Item(), sum / 5, 1e-13);
    }

    [Theory]
    [InlineData(-3, 0)]
    [InlineData(-3, 1)]
    [InlineData(0.2, 1)]
    [InlineData(12, 0)]
    public void Epsilon_of_the_binary_cross_entropy_is_after_the_sigmoid(double logit, double y)
    {
        var slope = new double[1];
        var loss = new BinaryCrossEntropy();
        loss.Slope([logit], [y], slope, out var epsilon);
        var output = 1 / (1 + Math.Exp(-logit));

        Assert.Equal(1, epsilon * Math.Abs(1 - y - output), 1e-9);
        Assert.Equal(Math.Abs(slope[0]), epsilon * loss.OutputSlope(logit), 1e-12);
    }

    [Fact]
    public void A_well_fitted_example_keeps_its_digits()
    {
        var slope = new double[2];
        var loss = new CrossEntropy().Slope([60, 0], [0], slope, out var epsilon);

        Assert.Equal(Math.Exp(-60), loss, Math.Exp(-60) * 1e-12);
        Assert.Equal(-Math.Exp(-60), slope[0], Math.Exp(-60) * 1e-12);
        Assert.Equal(Math.Sqrt(2) * Math.Exp(-60), epsilon, Math.Exp(-60) * 1e-12);
    }
}
