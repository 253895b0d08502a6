using Google.Protobuf.Reflection;

namespace Occam.Networks.Onnx;

/// <summary>
/// Counts a file's messages before it is parsed. An empty message takes two bytes in a file and hundreds in
/// memory, so that a file of some megabytes could ask for gigabytes.
/// </summary>
internal static class MessageCount
{
    /// <summary>The most messages (nodes, attributes, tensors, …) of a model.</summary>
    public const int Most = 1 << 20;

    private const int MostDepth = 100;

    /// <summary>Walks through a model and goes back to its beginning.</summary>
    /// <exception cref="OccamException">The file isn't a message of its kind, is cut off, or has too many parts.</exception>
    public static void Check(Stream file)
    {
        var count = 0;
        Walk(file, ModelProto.Descriptor, file.Length, MostDepth, ref count);
        file.Position = 0;
    }

    private static void Walk(Stream file, MessageDescriptor message, long end, int depth, ref int count)
    {
        if (depth == 0 || ++count > Most)
        {
            throw new OccamException(
                depth == 0 ? $"the model's parts are nested more than {MostDepth} deep" : $"the model has more than {Most:N0} parts");
        }

        while (file.Position < end)
        {
            var tag = Number(file);
            if (tag >> 3 == 0)
            {
                throw Damaged();
            }

            switch (tag & 7)
            {
                case 0:
                    Number(file);
                    break;
                case 1:
                    Skip(file, 8, end);
                    break;
                case 2:
                    var length = Number(file);
                    if (tag >> 3 <= int.MaxValue && message.FindFieldByNumber((int)(tag >> 3)) is { FieldType: FieldType.Message } field)
                    {
                        var start = file.Position;
                        Skip(file, length, end);
                        var after = file.Position;
                        file.Position = start;
                        Walk(file, field.MessageType, after, depth - 1, ref count);
                    }
                    else
                    {
                        Skip(file, length, end);
                    }

                    break;
                case 5:
                    Skip(file, 4, end);
                    break;
                default:
                    throw Damaged();
            }
        }

        if (file.Position != end)
        {
            throw Damaged();
        }
    }

    private static ulong Number(Stream file)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            number |= (ulong)(next & 0x7f) << shift;
            if (next is >= 0 and < 0x80)
            {
                return number;
            }

            if (next < 0)
            {
                break;
            }
        }

        throw Damaged();
    }

    private static void Skip(Stream file, ulong bytes, long end) =>
        file.Position = bytes <= (ulong)Math.Max(0, end - file.Position) ? file.Position + (long)bytes : throw Damaged();

    private static OccamException Damaged() => new("not an ONNX model, or a damaged one: its parts don't add up to the file");
}
