using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Progress of a scan.</summary>
/// <param name="Done">Videos scanned.</param>
/// <param name="Total">Videos of the data set.</param>
/// <param name="Faulty">Faulty videos among those scanned.</param>
/// <param name="UnderWay">Progress within the videos being scanned, in videos: <c>Done + UnderWay</c> of <c>Total</c> is done.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VideoScanProgress(int Done, int Total, int Faulty, double UnderWay = 0);
