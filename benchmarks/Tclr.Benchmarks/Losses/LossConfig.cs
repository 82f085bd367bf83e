using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Tclr.Benchmarks;

/// <summary>Short iterations, for a table of hundreds of cases, and the ratios that the losses are judged by.</summary>
internal sealed class LossConfig : ManualConfig
{
    public LossConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(7)
            .WithIterationTime(TimeInterval.FromMilliseconds(150)));
        AddColumn(
            new RatioColumn("Naive/this", nameof(TclrLossBenchmarks.Naive), inverse: true),
            new RatioColumn("this/Limit", nameof(TclrLossBenchmarks.Limit), inverse: false),
            new PeerColumn("PyTorch/this"));
        HideColumns(Column.Ratio, Column.RatioSD, Column.AllocRatio);
    }

    /// <summary>Whether only T = 4, D = 128 is wanted: <c>bench losses --quick</c>.</summary>
    public static bool Quick { get; set; }
}
