using Occam.Measures;
using Occam.Networks.Loading;

namespace Occam.Lab.Measuring;

/// <summary>A network that is ready to be measured.</summary>
/// <param name="Loaded">The network as it was loaded.</param>
/// <param name="Subject">What is measured of it.</param>
/// <param name="Threads">How many threads one operator uses.</param>
public sealed record LoadedSubject(LoadedNetwork Loaded, Subject Subject, int Threads);
