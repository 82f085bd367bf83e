using Tclr.Evaluation;
using static TorchSharp.torch;

namespace Tclr.Samples.Evaluate;

/// <summary>Features <c>[N, K, C]</c> of each clip of training and test videos.</summary>
internal sealed class ClipFeatures : IDisposable
{
    private ClipFeatures(FeatureStore training, FeatureStore test, int clips)
    {
        using var scope = NewDisposeScope();
        Training = Of(training, clips);
        Test = Of(test, clips);
        TrainingMeans = Training.mean([1]);
        TestMeans = Test.mean([1]);
        foreach (var features in new[] { Training, Test, TrainingMeans, TestMeans })
        {
            features.DetachFromDisposeScope();
        }
    }

    public Tensor Training { get; }

    public Tensor Test { get; }

    /// <summary>Mean over the clips, <c>[N, C]</c>.</summary>
    public Tensor TrainingMeans { get; }

    /// <summary>Mean over the clips, <c>[N, C]</c>.</summary>
    public Tensor TestMeans { get; }

    public static async Task<ClipFeatures> OfAsync(Job job, CancellationToken cancellationToken)
    {
        using var training = await job.TrainingFeaturesAsync(FeaturePooling.Clips, cancellationToken);
        using var test = await job.TestFeaturesAsync(FeaturePooling.Clips, cancellationToken);
        return new ClipFeatures(training, test, job.Options.Clips);
    }

    public void Dispose()
    {
        Training.Dispose();
        Test.Dispose();
        TrainingMeans.Dispose();
        TestMeans.Dispose();
    }

    private static Tensor Of(FeatureStore store, int clips) => store.Read(0, store.Count).view(store.Count, clips, -1);
}
