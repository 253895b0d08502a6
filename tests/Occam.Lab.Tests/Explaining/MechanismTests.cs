using Occam.Lab.Explaining;
using Xunit;

namespace Occam.Lab.Tests.Explaining;

public sealed class MechanismTests : IDisposable
{
    private const string Waves = """
        network: { id: mlp, hidden: [6], activation: tanh }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        steps: 5
        precision: float64

        """;

    private const string Glyphs = """
        network: { id: mlp, hidden: [6, 5], activation: tanh }
        data: { train: glyphs:train, limit: 24 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.05 }
        steps: 5
        precision: float64

        """;

    // Classes that are fitted as numbers.
    private const string Numbers = """
        network: { id: mlp, hidden: [6], activation: tanh }
        data: { train: glyphs:train, limit: 24 }
        loss: half-squared-error
        optimizer: { id: sgd, learning-rate: 0.001 }
        steps: 5
        precision: float64
        """;

    private readonly SmallRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(Waves)]
    [InlineData(Waves + "batch: 7")]
    [InlineData(Numbers)]
    [InlineData(Glyphs + "frozen: ['layer1*']")]
    public void The_terms_are_those_of_the_run_s_own_loss_and_of_what_trains(string configuration)
    {
        var mechanisms = Weigh(configuration);

        var (terms, pull) = (mechanisms.Implicit!, mechanisms.Pulls[1]);
        Assert.Equal(pull.Strength * pull.Value.Value, terms.Total.Value, 1e-9 * terms.Total.Value);
        Assert.Equal(
            terms.Total.Value, terms.GradientNorms.Value + terms.LabelAlignment.Value + terms.BatchAlignment.Value,
            1e-9 * terms.Total.Value);
    }

    [Theory]
    [InlineData("regularizers: [{ id: jacobian, strength: 0.01 }]")]
    [InlineData("regularizers: [{ id: flatness, strength: 0.01, fresh-batch: true }]")]
    public void What_is_random_in_a_whole_batch_has_its_error(string configuration)
    {
        var mechanisms = Weigh(Glyphs + configuration);

        Assert.True(mechanisms.IsWhole);
        Assert.True(mechanisms.Batches > 1);
        Assert.Equal(0, mechanisms.Pulls[0].Effect.StandardError);
        Assert.True(mechanisms.Pulls[2].Effect.StandardError > 0);
    }

    [Fact]
    public void Regularizers_that_are_off_are_named_and_not_weighed_and_those_of_one_name_told_apart()
    {
        var mechanisms = Weigh(Waves + """
            regularizers:
              - { id: l2, strength: 0.01 }
              - { id: geometric-complexity, strength: 0 }
              - { id: l2, strength: 0.02, all-parameters: true }
            """);

        Assert.Equal(["the loss", "the learning rate", "l2", "l2-2"], mechanisms.Pulls.Select(pull => pull.Name));
        Assert.Contains(mechanisms.Notes, note => note.Contains("strength of 0") && note.Contains("geometric-complexity"));
        Assert.Contains(mechanisms.Notes, note => note.Contains("L in (h/4)‖∇L‖² is the loss alone"));
    }

    [Fact]
    public void Labels_are_those_that_the_run_learned()
    {
        // All labels replaced once: the loss at them is not that at the stored ones, and the run has learned them.
        var noisy = Weigh(Glyphs.Replace("steps: 5", "steps: 400") + "label-noise: { fraction: 1 }");
        Assert.True(noisy.Pulls[0].Value.Value < 1, $"{noisy.Pulls[0].Value.Value}");
    }

    [Theory]
    [InlineData("learning-rate: 0.05, weight-decay: 0.1", null)]
    [InlineData("learning-rate: 0.05, momentum: 0.9", "10 times as far")]
    public void A_step_is_plain_also_with_decay_and_not_with_momentum(string optimizer, string? expected)
    {
        var notes = Weigh(Waves.Replace("learning-rate: 0.05", optimizer)).Notes
            .Where(note => note.Contains("plain gradient steps"))
            .ToArray();
        Assert.Equal(expected is null ? 0 : 1, notes.Length);
        Assert.All(notes, note => Assert.Contains(expected!, note));
    }

    [Fact]
    public void Steps_that_are_not_small_and_batches_that_are_too_large_are_told()
    {
        var notes = Weigh(Waves.Replace("0.05", "0.000001").Replace("train: 20", "train: 4200") + "batch: 4150").Notes;
        Assert.Contains("have 4150 examples; 4096 of them", Assert.Single(notes));
        Assert.Contains(
            Weigh(Waves.Replace("0.05", "3").Replace("steps: 5", "steps: 1")).Notes,
            note => note.Contains("not small against the curvature"));
    }

    private Mechanisms Weigh(string configuration) =>
        SmallRuns.Explain(_runs.Train($"run{Directory.GetDirectories(_runs.Root).Length}", configuration), _runs.Root).Mechanisms!;
}
