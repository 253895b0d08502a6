using System.Diagnostics;
using System.Globalization;
using Occam.Lab.Measuring;
using Occam.Lab.Text;

namespace Occam.Cli.Running;

/// <summary>The progress of long work in a pipe or a file, where nobody watches: a line every so often, with the time left.</summary>
public static class ProgressLines
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes lines to the error stream until the work is done.</summary>
    public static void Show(Session session, WorkProgress progress, Task done)
    {
        var (since, said) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var (count, started) = (progress.Steps.Count, TimeSpan.Zero);
        while (!Task.WhenAny(done, Task.Delay(s_look)).Result.Equals(done))
        {
            foreach (var line in progress.TakeLines())
            {
                session.Note(line);
            }

            var steps = progress.Steps;
            if (steps.Count != count)
            {
                (count, started) = (steps.Count, since.Elapsed);
            }

            if (said.Elapsed >= s_interval && steps is [.., var step])
            {
                said.Restart();
                session.Note(Line(step, since.Elapsed - started));
            }
        }
    }

    /// <summary>A step, how much of it is done, and how long the rest takes at its pace so far.</summary>
    public static string Line(WorkProgress.Step step, TimeSpan taken)
    {
        var share = step.Share.ToString("P0", CultureInfo.InvariantCulture);
        return step.Share > 0
            ? $"{step.Name}: {share}, about {NumberText.About(taken * ((1 / step.Share) - 1))} left"
            : $"{step.Name}: begun {NumberText.About(taken)} ago";
    }
}
