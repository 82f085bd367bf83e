namespace Tclr.Losses.Kernels;

/// <summary>The terms of the TCLR loss.</summary>
internal static class TclrTerm
{
    public const string GlobalInstance = "ic2";
    public const string LocalInstance = "ic1";
    public const string Instance = "ic";
    public const string LocalLocal = "local_local";
    public const string GlobalLocal = "global_local";
}
