using System.Runtime.CompilerServices;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>Where the published data sets lie, if they do.</summary>
internal static class SharedData
{
    /// <summary>The folder shared/data in a folder above this file; the test is skipped where there is none.</summary>
    public static string Require([CallerFilePath] string thisFile = "")
    {
        for (DirectoryInfo? folder = Directory.GetParent(thisFile); folder is not null; folder = folder.Parent)
        {
            string data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        Assert.Skip("The published data sets are not at hand: there is no folder shared/data above the tests.");
        return "";
    }
}
