using Occam.Lab.Reports;
using Occam.Lab.Text;
using Xunit;

namespace Occam.Lab.Tests.Reports;

public class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1.5, "−1.5")]
    [InlineData(0.02, "0.02")]
    [InlineData(2.95051, "2.951")]
    [InlineData(9.99996, "10")]
    [InlineData(1234.56, "1235")]
    [InlineData(30000, "30,000")]
    [InlineData(-181501, "−181,501")]
    [InlineData(1234567.8, "1.235 × 10⁶")]
    [InlineData(-3.2e-9, "−3.2 × 10⁻⁹")]
    [InlineData(9.99999e-12, "1 × 10⁻¹¹")]
    [InlineData(5e-324, "4.941 × 10⁻³²⁴")]
    [InlineData(1.7976931348623157e308, "1.798 × 10³⁰⁸")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void A_number_is_typeset_to_four_digits(double value, string expected) => Assert.Equal(expected, Numbers.Format(value));

    [Theory]
    [InlineData(2.95831, 0.00214, "2.9583 ± 0.0021")]
    [InlineData(71.3, 12.3, "71 ± 12")]
    [InlineData(0.5, 0.0999, "0.50 ± 0.10")]
    [InlineData(-8.1234e-5, 2.1e-7, "(−8.123 ± 0.021) × 10⁻⁵")]
    [InlineData(0, 0.03, "0.000 ± 0.030")]
    [InlineData(1e-7, 0.25, "0.00 ± 0.25")]
    [InlineData(-0.001, 0.25, "0.00 ± 0.25")]
    [InlineData(3.25, 0, "3.25")]
    [InlineData(3.25, double.NaN, "3.25")]
    public void A_value_ends_where_its_error_does(double value, double error, string expected) =>
        Assert.Equal(expected, Numbers.WithError(value, error));

    [Theory]
    [InlineData(2.345, "2.3 times")]
    [InlineData(1.02, "1.02 times")]
    [InlineData(1.000123, "1.0001 times")]
    [InlineData(1, "1 times")]
    public void A_ratio_does_not_look_like_1_where_it_is_not(double ratio, string expected) =>
        Assert.Equal(expected, NumberText.Times(ratio));

    [Fact]
    public void Whole_numbers_are_written_in_full() =>
        Assert.Equal("9,223,372,036,854,775,807", Numbers.Format(long.MaxValue));

    [Fact]
    public void Inserted_values_are_typeset_and_escaped() =>
        Assert.Equal(
            "<var>a</var> &lt; −0.5 in 10,000, 0.1000", RichText.Html($"<var>a</var> {"<"} {-0.5} in {10000}, {0.1:F4}").ToString());
}
