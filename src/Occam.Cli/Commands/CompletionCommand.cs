using System.CommandLine;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary><c>occam completion</c>: scripts with which shells complete the program's words.</summary>
internal sealed class CompletionCommand : OccamCommand
{
    // Each asks the program itself, with what is typed so far; where it knows nothing, files are completed.
    private static readonly IReadOnlyDictionary<string, string> Scripts = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = """
            _occam() {
                local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} found
                line=${line#*"${COMP_WORDS[0]}" }
                # bash takes a colon for the end of a word: mnist:test is completed after it.
                local whole=${line##* } before=
                [[ $whole != *:* ]] || before=${whole%"${whole##*:}"}
                [[ $word != : ]] || word=
                mapfile -t found < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
                COMPREPLY=()
                local each
                for each in "${found[@]}"; do
                    [[ $each != "$before$word"* ]] || COMPREPLY+=("${each#"$before"}")
                done
            }
            complete -o default -F _occam occam ./occam
            """,
        ["fish"] = """
            function __occam_complete
                set -l words (commandline -opc) (commandline -ct)
                set -l line (string join ' ' -- $words[2..])
                $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c occam -a '(__occam_complete)'
            """,
        ["zsh"] = """
            #compdef occam
            _occam() {
                local line="${(j: :)words[2,CURRENT]}"
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
                found=(${found:#})
                if (( ${#found} )); then
                    compadd -- "${found[@]}"
                else
                    _files
                fi
            }
            compdef _occam occam
            """,
    };

    private readonly Argument<string> _shell = new("SHELL") { Description = string.Join(", ", Scripts.Keys) };

    public CompletionCommand(Session session)
        : base("completion", "Print a script that completes commands, options, measures and data sets in a shell", session)
    {
        _shell.CompletionSources.Add([.. Scripts.Keys]);
        Add(_shell);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("eval \"$(occam completion bash)\"", "for this shell; put it into ~/.bashrc for every one"),
        new("occam completion zsh > ~/.zfunc/_occam", "in a folder of $fpath"),
        new("occam completion fish > ~/.config/fish/completions/occam.fish", "for fish"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var shell = arguments.GetRequiredValue(_shell);
        Session.Output.WriteLine(Scripts.TryGetValue(shell, out var script)
            ? script
            : throw new OccamException($"unknown shell '{shell}': expected {string.Join(", ", Scripts.Keys)}"));
        return ExitCode.Success;
    }
}
