using System.CommandLine;
using System.CommandLine.Parsing;
using Occam.Cli.Running;

namespace Occam.Cli;

/// <summary>What is wrong with a command line, in one line that names what was probably meant.</summary>
internal static class ParseErrors
{
    /// <summary>The first mistake, or null.</summary>
    public static string? FirstOf(ParseResult parsed)
    {
        // Help and the like take precedence; but the program's own help must not hide that a command is unknown.
        if (parsed.Tokens is [{ Type: TokenType.Directive }, ..]
            || (parsed.Action is { ClearsParseErrors: true } && parsed.CommandResult.Command is not RootCommand))
        {
            return null;
        }

        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is { } unknown)
        {
            var path = CommandText.PathOf(command);
            return $"unknown command '{unknown}'" + (Nearest.Find(unknown, command.Subcommands.Select(sub => sub.Name)) is { } near
                ? $": did you mean '{path} {near}'?"
                : $". '{path} --help' shows all");
        }

        if (UnknownOption(parsed) is { } option)
        {
            return OptionsOf(parsed).Contains(option)
                ? $"a value is missing before '{option}'; '{CommandText.PathOf(command)} --help' shows how"
                : $"unknown option '{option}'{Nearest.Hint(option, OptionsOf(parsed))} "
                    + $"'{CommandText.PathOf(command)} --help' shows all";
        }

        if (parsed.UnmatchedTokens is [var word, ..])
        {
            var expected = command.Arguments.Select(argument => argument.Name).Prepend(CommandText.PathOf(command));
            return $"'{word}' is one argument too many: expected {string.Join(' ', expected)} and options"
                + (command.Arguments.Count == 0 && Foremost(command) is { } such ? $", such as {such.Name} {such.HelpName}" : "");
        }

        return parsed.Errors is [var error, ..] ? $"{Describe(error, command)}; '{CommandText.PathOf(command)} --help' shows how" : null;
    }

    // Of a command without arguments, the option in which one would look for what was given: the network.
    private static Option? Foremost(Command command) =>
        command.Options.Where(option => option.HelpName is not null).MaxBy(option => option.HelpName == "NETWORK");

    // A mistyped option is taken for an argument, or for the value of the option before it.
    private static string? UnknownOption(ParseResult parsed)
    {
        var values = OptionValues(parsed);
        foreach (var token in parsed.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
            {
                return null;
            }

            if (token.Type == TokenType.Argument && token.Value.Length > 1
                && (token.Value.StartsWith("--", StringComparison.Ordinal) || (token.Value[0] == '-' && !values.Contains(token.Value))))
            {
                return token.Value.Split('=', ':')[0];
            }
        }

        return null;
    }

    private static HashSet<string> OptionValues(ParseResult parsed) =>
        [.. parsed.CommandResult.Command.Options.SelectMany(option => parsed.GetResult(option)?.Tokens ?? []).Select(token => token.Value)];

    private static IEnumerable<string> OptionsOf(ParseResult parsed)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            foreach (var option in result.Command.Options)
            {
                yield return option.Name;
            }
        }
    }

    private static string Describe(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Option: var option, IdentifierToken: null } => CommandText.Missing(option),
        OptionResult { Option: var option, Tokens.Count: 0 } when option.Arity.MinimumNumberOfValues > 0 =>
            $"{option.Name} needs a value: {option.Name} {option.HelpName}",
        CommandResult when command.Arguments.FirstOrDefault(argument => error.Message.Contains($"'{argument.Name}'")) is { } missing =>
            CommandText.Missing(missing),
        ArgumentResult { Argument: var argument } result when result.Tokens.Count == 0 => CommandText.Missing(argument),
        _ => error.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };
}
