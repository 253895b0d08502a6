using Occam.Lab.Text;
using Xunit;

namespace Occam.Lab.Tests.Reports;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-a,b", "\"'-a,b\"")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("-Infinity", "-Infinity")]
    [InlineData("+1e-3", "+1e-3")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void No_cell_is_a_formula(string text, string cell) => Assert.Equal(cell, Csv.Row([text]));
}
