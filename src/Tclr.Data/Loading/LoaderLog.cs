using Microsoft.Extensions.Logging;

namespace Tclr.Data;

internal static partial class LoaderLog
{
    [LoggerMessage(1, LogLevel.Warning, "'{Path}' is faulty ({Fault}): {Reason}")]
    public static partial void Faulty(this ILogger logger, string path, VideoFault fault, string reason);

    [LoggerMessage(2, LogLevel.Information, "Loaded {Statistics}")]
    public static partial void Loaded(this ILogger logger, LoaderStatistics statistics);

    [LoggerMessage(3, LogLevel.Warning, "{Report}")]
    public static partial void Report(this ILogger logger, string report);
}
