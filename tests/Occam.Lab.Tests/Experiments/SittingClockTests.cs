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
            Assert.InRange(double.Parse(File.ReadAllText(file).Split()[0], CultureInfo.InvariantCulture), 3600.5, 3700);

            File.WriteAllText(file, "10 20.5");
            var other = new SittingClock(folder.FullName);
            Assert.InRange(other.Processor.TotalSeconds, 20.5, 120);
            var before = other.Processor;
            for (var work = Environment.TickCount64; Environment.TickCount64 - work < 200;)
            {
                Assert.True(other.Elapsed.TotalSeconds >= 10);
            }

            Assert.InRange((other.Processor - before).TotalSeconds, 0.02, 100);

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
