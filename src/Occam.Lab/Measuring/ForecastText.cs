using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>A forecast in words.</summary>
internal static class ForecastText
{
    /// <summary>What is long, and how long.</summary>
    public static string Line(string what, TimeSpan time) => $"{what}: about {NumberText.About(time)}";

    /// <summary>What is long, how long, and what would be shorter.</summary>
    public static string Line(Forecast forecast)
    {
        var side = forecast.Outputs <= forecast.Inputs
            ? Counted.Of(forecast.Outputs, "output")
            : Counted.Of(forecast.Inputs, "input");
        return $"{side}, {Counted.Of(forecast.Examples, "example")}: exact Jacobians take about {NumberText.About(forecast.Exact)}; "
            + $"--estimate {forecast.Directions} about {NumberText.About(forecast.Estimated)}";
    }
}
