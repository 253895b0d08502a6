namespace Occam.Fuzz;

/// <summary>How a spoiled input ended.</summary>
internal enum Outcome
{
    /// <summary>It was read, and what was done with it gave something.</summary>
    Read,

    /// <summary>It was refused in a line of Occam's own.</summary>
    Refused,

    /// <summary>It was refused in libtorch's words, outside of any node.</summary>
    Complaint,

    /// <summary>An exception that nobody foresaw: the program would end with code 70.</summary>
    Foreign,

    /// <summary>A refusal of several lines, or of no words.</summary>
    Unclear,

    /// <summary>More memory was taken than is allowed.</summary>
    Memory,

    /// <summary>It was still going on after 10 seconds, and its process was killed.</summary>
    Hang,

    /// <summary>It ended the process.</summary>
    Crash,
}
