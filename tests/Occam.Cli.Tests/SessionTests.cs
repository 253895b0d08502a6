using System.Text;
using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class SessionTests
{
    [Fact]
    public void On_a_terminal_a_note_comes_after_all_that_was_written_before_it()
    {
        using var screen = new MemoryStream();
        using var output = new StreamWriter(screen, new UTF8Encoding(false), 1024, leaveOpen: true);
        using var error = new StreamWriter(screen, new UTF8Encoding(false), 1024, leaveOpen: true) { AutoFlush = true };
        var session = new Session(output, error) { OutputIsTerminal = true, ErrorIsTerminal = true };

        session.Output.Write("a row of a table\n");
        session.Note("interrupted");

        Assert.Equal("a row of a table\ninterrupted\n", Encoding.UTF8.GetString(screen.ToArray()));
    }
}
