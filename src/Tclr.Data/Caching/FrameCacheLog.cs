using Microsoft.Extensions.Logging;

namespace Tclr.Data;

internal static partial class FrameCacheLog
{
    [LoggerMessage(1, LogLevel.Warning, "The frame cache '{Folder}' is full ({Reason}): further videos are decoded on every read.")]
    public static partial void Full(this ILogger logger, string folder, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The frame cache '{Folder}' cannot be written ({Reason}): videos that are not in it are decoded on every read.")]
    public static partial void NotWritable(this ILogger logger, string folder, string reason);

    [LoggerMessage(3, LogLevel.Warning, "'{File}' of the frame cache cannot be used ({Reason}): '{Video}' is decoded instead.")]
    public static partial void Unusable(this ILogger logger, string file, string reason, string video);

    [LoggerMessage(4, LogLevel.Warning, "'{Video}' is not stored in the frame cache ({Reason}): it is decoded on every read.")]
    public static partial void NotStored(this ILogger logger, string video, string reason);
}
