using Occam.Data;
using Occam.Networks;
using Occam.Networks.Loading;

namespace Occam.Lab.Texts;

/// <summary>A text as the arrays that a network of tokens takes.</summary>
internal static class TextInputs
{
    /// <summary>
    /// One example: the tokens, and for further inputs what their names say: a mask is 1 at each token, types are 0, and positions are
    /// 0, 1, 2, …
    /// </summary>
    /// <exception cref="OccamException">The network takes no tokens, or an input whose name doesn't say what it is.</exception>
    public static DataSet Make(LoadedNetwork network, TokenizedText text)
    {
        if (network.Before is not { } before)
        {
            throw new OccamException($"{network.Path} takes no token ids that are looked up in a table: expected a network of texts; "
                + "'occam measure' takes others");
        }

        var tokens = before.Graph.Input.Name;
        var others = network.Inputs
            .Where(input => input.Name != tokens && !network.Fixed.ContainsKey(input.Name))
            .ToDictionary(input => input.Name, input => Array(input.Name, [.. Enumerable.Range(0, text.Ids.Length).Select(Value(input))]));
        return new SeveralArrays(Array("the text", [.. text.Ids]), tokens, others);
    }

    private static DataSet Array(string name, double[] values) => DataSet.FromArrays(name, [values.Length], values);

    private static Func<int, double> Value(ValueInfo input)
    {
        bool Says(string word) => input.Name.Contains(word, StringComparison.OrdinalIgnoreCase);
        return Says("mask") ? _ => 1
            : Says("type") || Says("segment") ? _ => 0
            : Says("position") ? at => at
            : throw new OccamException($"the network takes the input '{input.Name}', and a text doesn't say what it is: hold it at a "
                + $"number (--fix {input.Name}=0)");
    }
}
