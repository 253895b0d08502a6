using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Occam.Fuzz;

/// <summary>Spoils a message of protocol buffers field by field: what it says stays a message, and means something else.</summary>
internal static class Messages
{
    /// <summary>One to three changes, in place.</summary>
    /// <param name="message">The message.</param>
    /// <param name="words">Texts that mean something in it: names of operators, of attributes, …</param>
    /// <param name="random">Which.</param>
    public static void Spoil(IMessage message, IReadOnlyList<string> words, SeededRandom random)
    {
        for (var changes = 1 + random.NextInt(3); changes > 0; changes--)
        {
            var all = new List<IMessage>();
            Gather(message, all);
            Change(all[random.NextInt(all.Count)], all, words, random);
        }
    }

    private static void Gather(IMessage message, List<IMessage> all)
    {
        all.Add(message);
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
        {
            switch (field.Accessor.GetValue(message))
            {
                case IList list:
                    foreach (IMessage inner in list)
                    {
                        Gather(inner, all);
                    }

                    break;
                case IMessage inner:
                    Gather(inner, all);
                    break;
            }
        }
    }

    private static void Change(IMessage message, List<IMessage> all, IReadOnlyList<string> words, SeededRandom random)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();

        // Fields that say something are changed more often than those that say nothing are filled.
        var filled = fields.Where(field => IsFilled(field, message)).ToArray();
        var field = filled.Length > 0 && random.NextInt(4) > 0
            ? filled[random.NextInt(filled.Length)]
            : fields[random.NextInt(fields.Count)];
        if (field.IsMap)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            if (random.NextInt(5) == 0)
            {
                field.Accessor.Clear(message);
            }
            else if (Value(field, all, words, random) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }

            return;
        }

        var list = (IList)field.Accessor.GetValue(message);
        switch (random.NextInt(5))
        {
            case 0 when list.Count > 0:
                list.RemoveAt(random.NextInt(list.Count));
                break;
            case 1 when list.Count > 0 && list.Count < 64:
                var copied = list[random.NextInt(list.Count)];
                list.Add(copied is IMessage inner ? Copy(inner) : copied);
                break;
            case 2 when list.Count > 1:
                var (a, b) = (random.NextInt(list.Count), random.NextInt(list.Count));
                (list[a], list[b]) = (list[b], list[a]);
                break;
            case 3 when list.Count > 0:
                if (Value(field, all, words, random) is { } value)
                {
                    list[random.NextInt(list.Count)] = value;
                }

                break;
            default:
                if (Value(field, all, words, random) is { } more)
                {
                    list.Add(more);
                }

                break;
        }
    }

    private static bool IsFilled(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        IList list => list.Count > 0,
        null => false,
        string text => text.Length > 0,
        ByteString bytes => bytes.Length > 0,
        IMessage => true,
        var number => !number.Equals(0) && !number.Equals(0L) && !number.Equals(0f),
    };

    private static object? Value(FieldDescriptor field, List<IMessage> all, IReadOnlyList<string> words, SeededRandom random)
    {
        var size = random.NextInt(2) == 0 ? random.NextInt(9) - 2 : Bytes.Size(random);
        switch (field.FieldType)
        {
            case FieldType.String:
                return words[random.NextInt(words.Count)];
            case FieldType.Bytes:
                var bytes = new byte[random.NextInt(40)];
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)random.NextInt(256);
                }

                return ByteString.CopyFrom(bytes);
            case FieldType.Int64 or FieldType.SInt64:
                return size;
            case FieldType.UInt64:
                return (ulong)size;
            case FieldType.Int32:
                return (int)size;
            case FieldType.UInt32:
                return (uint)size;
            case FieldType.Float:
                return random.NextInt(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => (float)size };
            case FieldType.Double:
                return random.NextInt(3) switch { 0 => double.NaN, 1 => double.NegativeInfinity, _ => (double)size };
            case FieldType.Bool:
                return random.NextInt(2) == 0;
            case FieldType.Enum:
                return Enum.ToObject(field.EnumType.ClrType, random.NextInt(24));
            case FieldType.Message:
                var same = all.Where(other => other.Descriptor == field.MessageType).ToArray();
                return same.Length > 0 ? Copy(same[random.NextInt(same.Length)]) : field.MessageType.Parser.ParseFrom([]);
            default:
                return null;
        }
    }

    private static IMessage Copy(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteArray());
}
