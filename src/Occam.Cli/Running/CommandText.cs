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

    /// <summary>That an option or an argument isn't there, and what it is.</summary>
    public static string Missing(Symbol symbol)
    {
        var name = symbol is Option { HelpName: { } value } ? $"{symbol.Name} {value}" : symbol.Name;
        return $"{name} is missing: {Amid(symbol.Description ?? "")}";
    }

    // Without the capital that it begins with, which may be an abbreviation's.
    private static string Amid(string description) => description is [var first, var second, ..] && !char.IsUpper(second)
        ? char.ToLowerInvariant(first) + description[1..]
        : description;
}
