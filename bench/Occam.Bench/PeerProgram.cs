using System.Text.Json.Nodes;

namespace Occam.Bench;

/// <summary>A PyTorch program.</summary>
/// <param name="Trick">What makes it fast, in a few words.</param>
/// <param name="Script">The script that has it.</param>
/// <param name="Request">What it is asked, a line of JSON.</param>
/// <param name="Greets">Whether the script takes the number of threads as its argument and says first what it is.</param>
internal sealed record PeerProgram(string Trick, string Script, JsonObject Request, bool Greets = true);
