using MathNet.Numerics.Statistics;

namespace Occam.Bench;

/// <summary>Runs a row: Occam and its peers in turn, each in a process of its own, and the best peer counts.</summary>
internal sealed class RowRunner(Setting setting, MachinePeak peak, Action<string> tell)
{
    /// <summary>Runs it; what fails is told in the result.</summary>
    public RowResult Run(BenchRow row)
    {
        var result = new RowResult(row.Id, row.Title, row.Must);
        var contenders = new List<Contender>();
        var notes = new List<string>();
        try
        {
            var occam = new Contender("Occam", [
                "dotnet", typeof(RowRunner).Assembly.Location, OccamWorker.Argument, row.Id, $"{setting.Threads}",
            ], [], greets: false);
            contenders.Add(occam);
            foreach (var (program, python) in from python in setting.Pythons from program in row.Peers select (program, python))
            {
                if (Start(program, python, notes) is { } peer)
                {
                    contenders.Add(peer);
                }
            }

            var answers = Rounds(row, contenders, notes);
            return Judge(row, result, answers, notes);
        }
        catch (OccamException error)
        {
            return result with { Missed = [error.Message], Notes = [.. notes] };
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private Contender? Start(PeerProgram program, string python, List<string> notes)
    {
        var title = setting.Pythons.Length == 1 ? program.Trick : $"{program.Trick} ({Path.GetFileName(Path.GetDirectoryName(python))})";
        try
        {
            string[] command = [python, Setting.Script(program.Script), .. program.Greets ? [$"{setting.Threads}"] : (string[])[]];
            var request = program.Request.DeepClone().AsObject();
            request["threads"] = setting.Threads;
            return new Contender(title, command, request, program.Greets);
        }
        catch (Exception e) when (e is OccamException or System.ComponentModel.Win32Exception)
        {
            notes.Add($"{title}: {e.Message}");
            return null;
        }
    }

    // By contender, the answers of the rounds that count; a peer that fails drops out.
    private Dictionary<Contender, List<Answer>> Rounds(BenchRow row, List<Contender> contenders, List<string> notes)
    {
        var answers = contenders.ToDictionary(contender => contender, _ => new List<Answer>());
        var rounds = Math.Min(setting.Rounds, row.MostRounds);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var contender in contenders.Where(answers.ContainsKey))
            {
                tell($"{row.Id}: {contender.Title}, {(round == 0 ? "warming up" : $"round {round} of {rounds}")}");
                try
                {
                    var answer = contender.Ask();
                    if (round > 0)
                    {
                        answers[contender].Add(answer);
                    }
                }
                catch (OccamException e) when (contender != contenders[0])
                {
                    notes.Add(e.Message);
                    answers.Remove(contender);
                }
            }
        }

        return answers;
    }

    private RowResult Judge(BenchRow row, RowResult result, Dictionary<Contender, List<Answer>> answers, List<string> notes)
    {
        var (_, mine) = answers.First();
        var seconds = mine.Select(answer => answer.Seconds).ToArray();
        var own = result with
        {
            Occam = TimesOf(seconds),
            OccamBytes = mine.Max(answer => answer.PeakBytes),
            Gflops = mine[0].Flops > 0 ? mine[0].Flops / seconds.Median() / 1e9 : 0,
            Notes = [.. notes],
        };
        var peers = answers.Skip(1).ToArray();
        if (peers.Length == 0 || (row.PeersAddUp && notes.Count > 0))
        {
            return own with { Missed = ["no peer ran"] };
        }

        var best = peers.MinBy(peer => peer.Value.Select(answer => answer.Seconds).Median());
        double[] theirs = row.PeersAddUp
            ? [.. Enumerable.Range(0, mine.Count).Select(round => peers.Sum(peer => peer.Value[round].Seconds))]
            : [.. best.Value.Select(answer => answer.Seconds)];
        double[] ratios = [.. theirs.Zip(seconds, (their, my) => their / my)];
        var bytes = peers.Where(peer => row.PeersAddUp || peer.Key == best.Key).Max(peer => peer.Value.Max(answer => answer.PeakBytes));
        var agreement = Agreement.Of(
            mine[0], [.. (row.PeersAddUp ? peers : [best]).Select(peer => peer.Value[0])], row.Tolerance);
        var ratio = new Ratio(ratios.Median(), ratios.Min(), ratios.Max());
        IEnumerable<string> missed =
        [
            .. ratio.Median >= row.Must ? (string[])[] : [$"{ratio.Median:0.00}× is below {row.Must}×"],
            .. agreement.Missed,
            .. seconds.Median() <= (row.MostSeconds ?? double.MaxValue) ? (string[])[]
                : [$"{seconds.Median():0.00} s are more than {row.MostSeconds} s"],
            .. own.OccamBytes <= (row.MostBytes ?? long.MaxValue) ? (string[])[]
                : [$"{Format.Megabytes(own.OccamBytes)} are more than {Format.Megabytes(row.MostBytes!.Value)}"],
            .. row.MostOfPeersMemory is not { } times || own.OccamBytes <= times * bytes ? (string[])[]
                : [$"{Format.Megabytes(own.OccamBytes)} are more than {times} times the peer's {Format.Megabytes(bytes)}"],
        ];
        return own with
        {
            Peer = TimesOf(theirs),
            PeerBytes = bytes,
            Trick = row.PeersAddUp ? string.Join(" + ", peers.Select(peer => peer.Key.Title)) : best.Key.Title,
            Ratio = ratio,
            Difference = agreement.Difference,
            StandardErrors = agreement.StandardErrors,
            Missed = [.. missed],
            Notes = [.. notes, .. AtRate(row, mine[0].Flops, seconds.Median(), theirs.Median())],
        };
    }

    // What it would take at the rate of the machine's best shape.
    private IEnumerable<string> AtRate(BenchRow row, double flops, double mine, double theirs)
    {
        if (row.Rate?.Invoke(peak) is { } rate && flops > 0)
        {
            var least = flops / rate / 1e9;
            yield return $"directly it is {flops / 1e9:0} GFLOP, {Format.Seconds(least)} at the {rate:0} GFLOP/s of this machine's best "
                + $"shape: the peer is at {least / theirs:P0} of that, Occam at {least / mine:P0}";
        }
    }

    private static RowResult.Times TimesOf(double[] seconds) => new(seconds.Min(), seconds.Median());
}
