using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class TerminalWriterTests
{
    [Fact]
    public void What_is_said_to_a_closed_terminal_stops_nothing()
    {
        var (there, stream) = (new StringWriter(), new ClosedStream());
        using var open = new TerminalWriter(there);
        using var closed = new TerminalWriter(new StreamWriter(stream) { AutoFlush = true });

        foreach (var writer in new[] { open, closed })
        {
            writer.Write('a');
            writer.Write("b");
            writer.WriteLine("c");
            writer.Write(['d', 'e'], 0, 2);
            writer.Flush();
        }

        Assert.Equal($"abc{Environment.NewLine}de", there.ToString());
        Assert.True(stream.Asked >= 4);
    }

    private sealed class ClosedStream : MemoryStream
    {
        public int Asked { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Refuse();

        public override void Write(byte[] buffer, int offset, int count) => Refuse();

        private void Refuse()
        {
            Asked++;
            throw new IOException("the terminal is closed");
        }
    }
}
