using Occam.Measures.Regions;
using Xunit;

namespace Occam.Tests.Measures.Regions;

public sealed class PackedSignsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(1027)]
    public void Each_bit_is_its_sign_and_the_rest_is_zero(int count)
    {
        var random = new SeededRandom(1);
        byte[] signs = [.. Enumerable.Range(0, count).Select(_ => (byte)random.NextInt(2))];

        // What was there before must not show.
        var room = Enumerable.Repeat((byte)0xFF, PackedSigns.BytesOf(count) + 5).ToArray();
        var packed = PackedSigns.Of(signs, room).ToArray();
        Assert.Equal((count + 7) / 8, packed.Length);
        for (var i = 0; i < packed.Length * 8; i++)
        {
            Assert.Equal(i < count ? signs[i] : 0, (packed[i / 8] >> (i % 8)) & 1);
        }

        Assert.All(room[packed.Length..], rest => Assert.Equal(0xFF, rest));
    }
}
