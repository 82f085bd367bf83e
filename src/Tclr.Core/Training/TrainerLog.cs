using Microsoft.Extensions.Logging;

namespace Tclr.Core;

internal static partial class TrainerLog
{
    [LoggerMessage(1, LogLevel.Information, "Training {Steps} steps of {BatchSize} videos from step {Step}")]
    public static partial void Started(this ILogger logger, long steps, int batchSize, long step);

    [LoggerMessage(2, LogLevel.Information, "Checkpoint {Folder}")]
    public static partial void Saved(this ILogger logger, string folder);

    [LoggerMessage(3, LogLevel.Information, "Resumed from {Folder} at step {Step}")]
    public static partial void Resumed(this ILogger logger, string folder, long step);

    [LoggerMessage(4, LogLevel.Warning, "Cancelled at step {Step} of {Steps}")]
    public static partial void Cancelled(this ILogger logger, long step, long steps);

    [LoggerMessage(6, LogLevel.Warning, "The checkpoints of an earlier run were moved to {Folder}")]
    public static partial void SetAside(this ILogger logger, string folder);

    [LoggerMessage(5, LogLevel.Information, "Epoch {Epoch}: loss {Loss}")]
    public static partial void EpochDone(this ILogger logger, int epoch, double loss);
}
