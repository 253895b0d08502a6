using System.CommandLine;
using System.Globalization;
using Occam.Torch;

namespace Occam.Cli.Options;

/// <summary>The option of every command that says how much memory it may take.</summary>
internal sealed class MemoryOption
{
    /// <summary>The variable that stands for the option where it isn't given: the runs of a sweep get it from there.</summary>
    public const string Variable = "OCCAM_MEMORY";

    private const string Expected = "expected a number of bytes with a unit, such as 4GB, 500MB or 1.5GiB";
    private const double Least = 1 << 20;

    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    private readonly Option<string> _memory = new("--memory")
    {
        HelpName = "SIZE",
        Recursive = true,
        Description = "Take no more memory than this, for tensors and all else together, and let a file ask for as much: 4GB, 500MB "
            + "[default: three quarters of what is free; a file, 1 GiB and 16 times its size]",
    };

    /// <summary>The option itself.</summary>
    public Option Option => _memory;

    /// <summary>Sets what the option or its variable says, until it is disposed; null where neither says anything.</summary>
    /// <exception cref="OccamException">It is no size.</exception>
    public IDisposable? Apply(ParseResult arguments)
    {
        var given = arguments.GetValue(_memory);
        var text = given ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(text) ? null : new Setting(Parse(text, given is null ? Variable : _memory.Name), text);
    }

    private static long Parse(string text, string name)
    {
        var (unit, bytes) = s_units.FirstOrDefault(
            known => text.EndsWith(known.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        var number = text.AsSpan(0, text.Length - unit.Length).Trim();
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var size)
            && size * bytes is >= Least and < long.MaxValue
                ? (long)(size * bytes)
                : throw new OccamException($"{name} '{PrintableText.Short(text)}' is no size, or less than a megabyte: {Expected}");
    }

    // Commands may be run one after the other in a process.
    private sealed class Setting : IDisposable
    {
        private readonly (long Budget, long Least, string? Variable) _before =
            (Libtorch.MemoryBudget, FileAllowance.Least, Environment.GetEnvironmentVariable(MemoryOption.Variable));

        public Setting(long bytes, string text)
        {
            Libtorch.MemoryBudget = FileAllowance.Least = bytes;
            Environment.SetEnvironmentVariable(MemoryOption.Variable, text);
        }

        public void Dispose()
        {
            (Libtorch.MemoryBudget, FileAllowance.Least) = (_before.Budget, _before.Least);
            Environment.SetEnvironmentVariable(MemoryOption.Variable, _before.Variable);
        }
    }
}
