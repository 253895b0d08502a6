using System.CommandLine;

namespace Occam.Cli.Running;

/// <summary>Commands and command lines as one types them.</summary>
public static class CommandText
{
    /// <summary>A command line as it can be typed again.</summary>
    public static string Of(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(token => token.Value.All(letter => char.IsLetterOrDigit(letter)
            || "-_./:,=+%@".Contains(letter)) ? token.Value : $"'{token.Value.Replace("'", "'\\''")}'").Prepend("occam"));

    /// <summary>A command as one types it, <c>occam data get</c>.</summary>
    public static string PathOf(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol.Name);
        }

        return string.Join(' ', names.Prepend("occam"));
    }
}
