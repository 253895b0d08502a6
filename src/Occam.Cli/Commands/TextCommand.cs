using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Occam.Lab.Texts;
using Occam.Measures;

namespace Occam.Cli.Commands;

/// <summary><c>occam text</c>: where is a network of texts steep?</summary>
internal sealed class TextCommand : OccamCommand
{
    private const int LongestText = 1 << 20;

    private readonly Argument<string> _network = new("NETWORK") { Description = "An ONNX file that takes token ids" };
    private readonly Option<string> _tokenizer = new("--tokenizer")
    {
        HelpName = "FILE",
        Description = "Its tokenizer: tokenizer.json, vocab.txt, vocab.json with merges.txt beside it, or tokenizer.model",
    };

    private readonly Option<string> _text = new("--text") { HelpName = "TEXT", Description = "The text" };
    private readonly Option<string> _file = new("--file") { HelpName = "FILE", Description = "The text, in a file" };
    private readonly Option<string> _tokens = new("--tokens")
    {
        HelpName = "IDS",
        Description = "The text as token ids, in place of a tokenizer: \"101 2023 102\"",
    };

    private readonly Option<int?> _limit = DataChoice.Whole("--limit", "N", 1, "Take the first N tokens of the text");
    private readonly Option<int?> _estimate = DataChoice.Whole(
        "--estimate", "N", 2, "Estimate squared norms by so many random directions; exact when left out, up to "
            + $"{NumberText.Count(MeasureOptions.MostExactRows)} passes");

    private readonly Option<bool> _exact = new("--exact") { Description = "Compute them exactly, however many passes that takes" };
    private readonly Option<int?> _seed = DataChoice.Whole("--seed", "S", 0, "The seed of random directions [default: 0]");
    private readonly Option<string> _precision = new("--precision")
    {
        HelpName = string.Join('|', Precisions.NamesOf(Precisions.OfNetworks)),
        Description = "Compute in this precision; the network's own when left out",
    };

    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly FunctionOptions _function;
    private readonly OutputOptions _outputs;

    public TextCommand(Session session) : base("text", "Show where a network of texts is steep, token by token", session)
    {
        Add(_network);
        foreach (Option option in (Option[])[
            _tokenizer, _text, _file, _tokens, _limit, _estimate, _exact, _seed, _precision, _device,
        ])
        {
            Add(option);
        }

        _function = new FunctionOptions(this);
        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam text gpt2.onnx --tokenizer tokenizer.json --text \"The cat sat on the mat.\" --html cat.html",
            "slopes and losses by token, and a page"),
        new("occam text bert.onnx --tokenizer vocab.txt --file review.txt --json", "for a program to read"),
        new("occam text model.onnx --tokens \"5 17 3 2\"", "without a tokenizer"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        MeasuringOptions.CheckExact(arguments, _estimate, _exact);
        var outputs = _outputs.Read(arguments);
        var text = ReadText(arguments).First(arguments.GetValue(_limit));
        var options = new MeasureOptions
        {
            Directions = arguments.GetValue(_estimate),
            Exact = arguments.GetValue(_exact),
            Seed = arguments.GetValue(_seed) ?? 0,
            Cancellation = Session.Cancellation,
        };
        var request = new MeasuringRequest
        {
            Data = "",
            DataOptions = new DataOptions(),
            Measures = [],
            Options = options,
            Function = _function.Read(arguments),
            Precision = arguments.GetValue(_precision) is { } precision ? Precision.Parse(precision, Precisions.OfNetworks) : null,
            Device = arguments.GetValue(_device) ?? "cpu",
        };
        var measured = LongWork.Run(Session, progress => MeasuredText.Measure(
            Measurer.Load(arguments.GetRequiredValue(_network), request), text, options, progress));
        outputs.Write(Session, () => TextDocument.Of(measured), () => TextPage.Of(measured, CommandText.Of(arguments)));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => TextTable.Print(console, measured));
        }

        return ExitCode.Success;
    }

    private TokenizedText ReadText(ParseResult arguments)
    {
        var (text, file, tokens) = (arguments.GetValue(_text), arguments.GetValue(_file), arguments.GetValue(_tokens));
        if (new[] { text, file, tokens }.Count(given => given is not null) != 1)
        {
            throw new OccamException("give the text once: by --text, in a file by --file, or as token ids by --tokens");
        }

        if (tokens is not null)
        {
            return TokenizedText.OfNumbers(tokens);
        }

        var tokenizer = arguments.GetValue(_tokenizer) ?? throw new OccamException(
            "--tokenizer FILE is missing, by which the text becomes the network's tokens; --tokens takes them as numbers");
        return TextTokenizer.Open(tokenizer).Encode(text ?? ReadFile(file!));
    }

    private static string ReadFile(string path)
    {
        try
        {
            return CappedText.Read(path, LongestText)
                ?? throw new OccamException($"'{path}' is longer than {LongestText} bytes: give a text of some pages at most");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OccamException($"can't read '{path}': {e.Reason()}", e);
        }
    }
}
