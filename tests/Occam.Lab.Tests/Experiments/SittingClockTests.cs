using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class SittingClockTests
{
    [Fact]
    public void What_earlier_sittings_took_counts()
    {
        var folder = Directory.CreateTempSubdirectory("occam-clock-");
        try
        {
            var file = Path.Combine(folder.FullName, "took");
            File.WriteAllText(file, "3600.5");
            var clock = new SittingClock(folder.FullName);
            clock.Save();

            Assert.InRange(clock.Elapsed.TotalSeconds, 3600.5, 3700);
            Assert.InRange(double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture), 3600.5, 3700);

            File.WriteAllText(file, "damaged");
            Assert.InRange(new SittingClock(folder.FullName).Elapsed.TotalSeconds, 0, 100);
            Assert.InRange(new SittingClock(null).Elapsed.TotalSeconds, 0, 100);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
