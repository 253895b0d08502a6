using System.Buffers.Binary;
using System.Text;

namespace Occam.Tests.Networks;

/// <summary>Safetensors files made by hand: eight bytes of length, a header in JSON, and the numbers.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Of(string header, params byte[] numbers)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. numbers];
    }

    /// <summary>A file of tensors of single-precision numbers.</summary>
    public static byte[] Of(params (string Name, long[] Shape, float[] Numbers)[] tensors)
    {
        var end = 0;
        var entries = tensors.Select(tensor =>
        {
            var begin = end;
            end += 4 * tensor.Numbers.Length;
            return $"\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{end}]}}";
        }).ToArray();
        return Of(
            $"{{\"__metadata__\":{{\"format\":\"pt\"}},{string.Join(',', entries)}}}",
            [.. tensors.SelectMany(tensor => tensor.Numbers).SelectMany(BitConverter.GetBytes)]);
    }
}
