using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Fuzz.Families;

/// <summary>Configurations of runs and of sweeps in YAML: read, and made into what would be trained.</summary>
internal sealed class ConfigurationFamily : Family
{
    private const int LongestMade = 1 << 12;

    private static readonly string[] s_sound =
    [
        Small,
        Small + """
            regularizers:
              - { id: l2, strength: 0.001 }
              - { id: geometric-complexity, strength: 0.01 }
            probes:
              - { measure: loss, every: 1 epoch }
              - { measure: { id: group-norm, p: 1 }, every: 10 steps, limit: 3 }
            schedule: { id: step-decay, every: 10, factor: 0.5 }

            """,
        "anchors: &a { id: mlp, hidden: [3] }\nnetwork: *a\n" + Small[(Small.IndexOf('\n') + 1)..],
    ];

    private const string Small = """
        network: { id: mlp, hidden: [3], activation: relu }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05, momentum: 0.9 }
        batch: 5
        epochs: 5
        seed: 1
        keep-best: test.loss
        checkpoint: 7 steps

        """;

    private const string Sweep = """
        base: base.yaml
        grid:
          optimizer.learning-rate: [0.1, 0.2]
          seed: [1, 2]
        random:
          batch: { from: 1, to: 8, whole: true }
        runs: 3

        """;

    public override string Name => "configurations";

    public override int Share => 100;

    public override void Try(SeededRandom random, string folder)
    {
        if (random.NextInt(5) == 0)
        {
            File.WriteAllText(Path.Combine(folder, "base.yaml"), Small);
            var sweep = Path.Combine(folder, "sweep.yaml");
            File.WriteAllBytes(sweep, Words.Utf8(Words.Spoil(Sweep, random)));
            Told(SweepReading.OfFile(sweep, Path.Combine(folder, "base.yaml")).Check());
            return;
        }

        var text = Words.Spoil(s_sound[random.NextInt(s_sound.Length)], random);
        if (text.Contains("data:", StringComparison.Ordinal) && text.Length < LongestMade)
        {
            string[] settings = random.NextInt(8) == 0 ? [Words.Spoil("batch=5", random)] : [];
            Told(RunPlan.Make(ConfigurationReading.OfText(text, "run.yaml", settings)).Problems);
        }
        else
        {
            ConfigurationReading.OfText(text, "run.yaml").Require();
        }
    }

    private static void Told(IReadOnlyCollection<ConfigurationProblem> problems)
    {
        if (problems.Count > 0)
        {
            throw new OccamException(problems.First().ToString());
        }
    }
}
