namespace Occam.Measures.Certificates;

/// <summary>Tells, from the first example, what all will take, where that is long.</summary>
internal static class ExampleTime
{
    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(20);

    public static void Tell(MeasureContext context, Measure measure, int example, TimeSpan one)
    {
        var all = one * context.Data!.Count;
        if (example == 0 && all > s_worthSaying)
        {
            context.Options.ExpectWork?.Invoke($"{measure}, example by example", all);
        }
    }
}
