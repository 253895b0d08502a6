using Occam.Lab.Auditing;
using Xunit;

namespace Occam.Lab.Tests.Auditing;

public sealed class ForgettingTests
{
    [Fact]
    public void An_example_is_forgotten_as_often_as_it_turns_from_right_to_wrong()
    {
        // By example: never learned; learned and kept; forgotten once and learned again; forgotten twice; right at first alone.
        bool[][] correct =
        [
            [false, false, true, true, true], [false, true, false, false, false], [false, true, true, true, false],
            [false, true, true, false, false],
        ];

        Assert.Equal([5, 0, 1, 2, 1], Forgetting.Counts(correct));
    }

    [Fact]
    public void Moments_that_show_nothing_are_refused()
    {
        Assert.Contains("give several networks", Assert.Throws<OccamException>(() => Forgetting.Counts([[true]])).Message);
        Assert.Contains(
            "different numbers of examples", Assert.Throws<OccamException>(() => Forgetting.Counts([[true], [true, false]])).Message);
    }
}
