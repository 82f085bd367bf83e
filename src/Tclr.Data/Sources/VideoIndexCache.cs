namespace Tclr.Data;

/// <summary>Use of the cache file by a scan.</summary>
/// <param name="Reused">Videos that were in the cache.</param>
/// <param name="Scanned">Videos that were opened: new ones, and those whose size or time changed.</param>
/// <param name="Problem">Why the file could not be used or written; <see langword="null"/> if all is well.</param>
public sealed record VideoIndexCache(int Reused, int Scanned, string? Problem);
