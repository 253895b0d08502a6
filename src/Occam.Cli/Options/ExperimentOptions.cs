using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Experiments.Contract;

namespace Occam.Cli.Options;

/// <summary>Reads <c>--set NAME=NUMBER</c> for experiments.</summary>
internal static class ExperimentOptions
{
    /// <summary>The numbers by name.</summary>
    /// <exception cref="OccamException">One can't be read, or no experiment named has such an option.</exception>
    public static ImmutableSortedDictionary<string, double> Parse(string[] settings, IReadOnlyList<Experiment> experiments)
    {
        var known = experiments.SelectMany(experiment => experiment.Options).Select(option => option.Name).Distinct().ToArray();
        var given = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var parts = setting.Split('=', 2);
            if (parts.Length < 2
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !double.IsFinite(value))
            {
                throw new OccamException($"'--set {setting}' can't be read: expected a name, '=' and a number, such as input-scale=10");
            }

            if (!known.Contains(parts[0]))
            {
                throw new OccamException(known.Length == 0
                    ? $"'{parts[0]}' can't be set: {string.Join(", ", experiments.Select(experiment => experiment.Id))} has nothing to set"
                    : $"unknown option '{parts[0]}'{Nearest.Hint(parts[0], known)} There are {string.Join(", ", known)}");
            }

            given[parts[0]] = value;
        }

        return given.ToImmutable();
    }
}
