using Microsoft.Extensions.Logging;

namespace Tclr.Distributed;

/// <summary>Log messages of the package.</summary>
internal static partial class CollectiveLog
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "{Message}")]
    public static partial void Ended(ILogger logger, string message);
}
