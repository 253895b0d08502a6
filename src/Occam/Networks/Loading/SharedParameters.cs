namespace Occam.Networks.Loading;

/// <summary>
/// Parameters that enter a network at several places. Each is one parameter and is counted once, though the module that was exported
/// may have had several: exporters store tensors that hold the same numbers, such as the gains of fresh normalizations, as one.
/// </summary>
internal static class SharedParameters
{
    private const int Named = 3;

    /// <summary>What there is of them, as a line for people; null for none.</summary>
    public static string? Note(Network network)
    {
        (string Name, int Uses)[] shared =
        [
            .. network.Parameters
                .Select(parameter => (
                    parameter.Name, Uses: network.Graph.Consumers[parameter.Name].Distinct(NodeIdentity.Comparer).Count()))
                .Where(parameter => parameter.Uses > 1),
        ];
        if (shared.Length == 0)
        {
            return null;
        }

        var names = shared.Take(Named).Select(parameter => $"'{PrintableText.Short(parameter.Name)}' of {parameter.Uses} nodes");
        var more = shared.Length > Named ? $" and {shared.Length - Named} more" : "";
        return $"parameters of several nodes count once: {string.Join(", ", names)}{more}; in the module they may have been several, "
            + "for exporters store tensors of the same numbers as one";
    }
}
