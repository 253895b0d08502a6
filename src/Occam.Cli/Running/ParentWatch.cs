namespace Occam.Cli.Running;

/// <summary>Lets a process end with the one that started it, however that one ends.</summary>
internal static class ParentWatch
{
    /// <summary>A token that is cancelled when another is, or when standard input comes to its end.</summary>
    public static CancellationToken Begin(CancellationToken cancellation)
    {
        // Never disposed of: the thread may cancel it at any time until the process ends.
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[256];
            while (input.Read(buffer) > 0)
            {
            }

            source.Cancel();
        })
        { IsBackground = true, Name = "parent" }.Start();
        return source.Token;
    }
}
