using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Occam.Tests;

/// <summary>
/// The programs in <c>tests/peers</c>, which compute with PyTorch (or CVXOPT) what the tests compare with. <c>OCCAM_PEER_PYTHON</c> names
/// another Python than the system's, with another PyTorch.
/// </summary>
internal static class PyTorchPeer
{
    // PyTorch 2 writes ONNX by a package of its own.
    private static readonly string[] s_needed = ["torch", "onnx", "numpy", "PIL", "cvxopt"];

    /// <summary>Runs a program, which writes into a folder.</summary>
    /// <returns>What is missing on this machine, or null where it has run.</returns>
    public static string? Run(string program, string folder)
    {
        var script = Path.Combine(Path.GetDirectoryName(Here())!, "..", "peers", program);
        var python = Environment.GetEnvironmentVariable("OCCAM_PEER_PYTHON") ?? "/usr/bin/python3";
        ProcessStartInfo start = new(python, [script, folder]) { RedirectStandardError = true };

        // Without it, the OpenBLAS of some distributions picks kernels that fail on new processors.
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null
                : s_needed.FirstOrDefault(package => errors.Contains(
                    $"No module named '{package}'", StringComparison.Ordinal)) is { } missing ? $"python3 has no {missing}"
                : throw new InvalidOperationException($"{program} failed: {errors}");
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
