namespace Occam.Data;

/// <summary>
/// Passes an archive entry's bytes on and compares their CRC-32 (ISO 3309, as in zip) at the end, which the framework's
/// reader leaves out: without it, a flipped bit in a stored array would become a wrong number unnoticed.
/// </summary>
internal sealed class Crc32Stream(Stream content, uint expected) : Stream
{
    private static readonly uint[] Table = MakeTable();

    private uint register = uint.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on; at the end, the checksum must agree.</summary>
    /// <exception cref="InvalidDataException">It doesn't.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        foreach (var value in buffer[..read])
        {
            register = Table[(byte)register ^ value] ^ (register >> 8);
        }

        if (read == 0 && buffer.Length > 0 && ~register != expected)
        {
            throw new InvalidDataException("its checksum does not agree");
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
            }

            table[i] = remainder;
        }

        return table;
    }
}
