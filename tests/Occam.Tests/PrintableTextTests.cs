using Xunit;

namespace Occam.Tests;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain text, ünïcödé ≤ 5 😀", "plain text, ünïcödé ≤ 5 😀")]
    [InlineData("a\u001b[31mred", "a\\u001b[31mred")]
    [InlineData("a\r\nb\0", "a\\u000d\\u000ab\\u0000")]
    [InlineData("x\u202egnp.exe\u009b", "x\\u202egnp.exe\\u009b")]
    public void What_a_terminal_would_obey_is_shown(string text, string shown) => Assert.Equal(shown, PrintableText.Escaped(text));

    [Fact]
    public void Messages_are_one_line_of_words_that_fit()
    {
        var message = new OccamException($"the node '{new string('n', 20_000)}'\n\u001b[2J isn't known").Message;

        Assert.Equal($"the node '{new string('n', 199)}… \\u001b[2J isn't known", message);
        Assert.InRange(new OccamException(string.Join(' ', Enumerable.Repeat("word", 100_000))).Message.Length, 1, 8001);
        Assert.Equal(new string('n', 200) + "…", PrintableText.Short(new string('n', 20_000)));
    }
}
