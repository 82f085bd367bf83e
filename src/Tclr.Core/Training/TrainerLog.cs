using Microsoft.Extensions.Logging;

namespace Tclr.Core;

/// <summary>The messages that the trainer logs.</summary>
internal static partial class TrainerLog
{
    [LoggerMessage(1, LogLevel.Information, "Training {Steps} steps of {BatchSize} videos from step {Step}, {Precision}")]
    public static partial void Started(this ILogger logger, long steps, int batchSize, long step, TrainingPrecision precision);

    [LoggerMessage(2, LogLevel.Information, "Saved checkpoint {Folder}")]
    public static partial void Saved(this ILogger logger, string folder);

    [LoggerMessage(3, LogLevel.Information, "Resumed from {Folder} at step {Step}")]
    public static partial void Resumed(this ILogger logger, string folder, long step);

    [LoggerMessage(4, LogLevel.Warning, "Canceled at step {Step} of {Steps}")]
    public static partial void Canceled(this ILogger logger, long step, long steps);

    [LoggerMessage(5, LogLevel.Information, "Epoch {Epoch}: loss {Loss}")]
    public static partial void EpochDone(this ILogger logger, int epoch, double loss);

    [LoggerMessage(6, LogLevel.Warning, "The checkpoints of an earlier run were moved to {Folder}")]
    public static partial void SetAside(this ILogger logger, string folder);

    [LoggerMessage(7, LogLevel.Warning, "Nothing to resume in {Folder}: training starts from step 0")]
    public static partial void NothingToResume(this ILogger logger, string folder);

    [LoggerMessage(8, LogLevel.Warning, "{Reason} An older checkpoint is used")]
    public static partial void Damaged(this ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The run continues with {Name} {Now} instead of {Before}: results may not be bit-identical")]
    public static partial void OtherEnvironment(this ILogger logger, string name, string now, string before);

    [LoggerMessage(10, LogLevel.Warning, "Skipped: {Reason}")]
    public static partial void Skipped(this ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "Rolled back to step {Step}: {Reason}")]
    public static partial void RolledBack(this ILogger logger, long step, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Step {Step}: {Alarms}; embedding deviation {Deviation}, temporal similarity {Similarity}")]
    public static partial void Alarm(this ILogger logger, long step, TrainingAlarms alarms, double deviation, double? similarity);

    [LoggerMessage(13, LogLevel.Information, "Gradient caching: {Videos} videos in a pass, {Bytes} bytes of activations per clip")]
    public static partial void PassSize(this ILogger logger, int videos, long bytes);

    [LoggerMessage(14, LogLevel.Warning, "The run on host {Host} did not release the folder: make sure that it has ended; not every network file system locks across hosts")]
    public static partial void LeftLocked(this ILogger logger, string host);

    [LoggerMessage(15, LogLevel.Information, "The run has {Now} steps instead of {Before}")]
    public static partial void OtherLength(this ILogger logger, long now, long before);

    [LoggerMessage(16, LogLevel.Warning, "The metrics sink {Sink} failed and is not called again")]
    public static partial void SinkFailed(this ILogger logger, string sink, Exception error);

    [LoggerMessage(18, LogLevel.Error, "Rank {Rank} of {Size} failed, which ends the job")]
    public static partial void RankFailed(this ILogger logger, int rank, int size, Exception error);

    [LoggerMessage(17, LogLevel.Warning, "{Folder} was saved in format {Version}: only {Settings} are compared")]
    public static partial void OlderFormat(this ILogger logger, string folder, int version, string settings);
}
