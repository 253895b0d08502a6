namespace Occam.Lab.Runs.Store;

/// <summary>What came of checking a file of the run store.</summary>
/// <param name="Folder">The folder of its run or sweep.</param>
/// <param name="File">The file's name below the folder.</param>
/// <param name="IsWhole">Whether it is as it was written, as far as can be known.</param>
/// <param name="What">What is damaged and what is lost by it; of a whole file, what was checked.</param>
public sealed record FileCheck(string Folder, string File, bool IsWhole, string What);
