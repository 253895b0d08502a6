using System.IO.Hashing;

namespace Occam.Data;

/// <summary>
/// Passes an archive entry's bytes on and compares their CRC-32 (ISO 3309, as in zip) at the end, which the framework's
/// reader leaves out: without it, a flipped bit in a stored array would become a wrong number unnoticed.
/// </summary>
internal sealed class Crc32Stream(Stream content, uint expected) : Stream
{
    private readonly Crc32 _checksum = new();

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
        _checksum.Append(buffer[..read]);
        if (read == 0 && buffer.Length > 0 && _checksum.GetCurrentHashAsUInt32() != expected)
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
}
