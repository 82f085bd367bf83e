namespace Tclr.Data;

/// <summary>What the cache file of an index was good for.</summary>
/// <param name="Reused">Videos that were known and not opened.</param>
/// <param name="Scanned">Videos that were opened: new ones, and those whose size or time has changed.</param>
/// <param name="Problem">Why the file could not be used or written; <see langword="null"/> if all is well.</param>
public sealed record VideoIndexCache(int Reused, int Scanned, string? Problem);
