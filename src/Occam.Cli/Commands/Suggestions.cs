using System.CommandLine;
using System.CommandLine.Invocation;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary>Answers a shell's <c>[suggest:POSITION] "what is typed so far"</c>, a word to a line.</summary>
internal sealed class Suggestions(Session session, RootCommand root, ParserConfiguration parsing) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var typed = parseResult.Tokens.LastOrDefault(token => token.Type != System.CommandLine.Parsing.TokenType.Directive)?.Value ?? "";
        var word = typed[(typed.LastIndexOf(' ') + 1)..];
        foreach (var completion in root.Parse(typed, parsing).GetCompletions(typed.Length).Select(item => item.Label).Distinct())
        {
            // Where no option is being typed, silence lets the shell complete files.
            if (completion.StartsWith("--", StringComparison.Ordinal) ? word.StartsWith('-') : char.IsLetterOrDigit(completion[0]))
            {
                session.Output.WriteLine(completion);
            }
        }

        return ExitCode.Success;
    }
}
