using Tclr.Data;
using Tclr.Evaluation;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>What all verbs of evaluation work with.</summary>
internal sealed record Job(EvaluateOptions Options, PretrainedEncoder Model, EvaluationProtocol Protocol, VideoSet Videos, IVideoReader Reader, ProgressDisplay Display)
{
    /// <summary>Classes of the training videos.</summary>
    public int[] TrainingLabels => Videos.Judgments[0].Gallery;

    /// <summary>Classes of the test videos.</summary>
    public int[] TestLabels => Videos.Judgments[0].Queries;

    /// <summary>How clips are loaded.</summary>
    public ClipLoaderOptions Loading => Options.Workers is { } workers ? new ClipLoaderOptions { Workers = workers } : new ClipLoaderOptions();

    /// <summary>The clips of retrieval, kNN and analysis, and of classifiers on features.</summary>
    public ProtocolClips FeatureClips => Options.OnFeatures ? Protocol.LinearProbe.Test : Protocol.Retrieval.Clips;

    /// <summary>The clips that videos are judged by.</summary>
    public VideoClips Clips(VideoIndex index) => FeatureClips.CreateClips(index, Reader, Loading);

    /// <summary>A bar of epochs.</summary>
    public IProgress<ClassifierEpoch> Epochs(string name, int most)
    {
        var bar = Display.Add(name, most);
        return new Callback<ClassifierEpoch>(epoch => bar.Report(epoch.Epoch + 1, FormattableString.Invariant($"loss {epoch.Loss:0.00}, {100 * epoch.TrainingAccuracy:0} % right")));
    }

    /// <summary>Features of training and test videos, which stay in files.</summary>
    public async Task<(FeatureStore Training, FeatureStore Test)> StoresAsync(FeaturePooling pooling, CancellationToken cancellationToken)
    {
        var training = await ExtractAsync(Videos.Gallery, "train");
        try
        {
            return (training, await ExtractAsync(Videos.Queries, "test"));
        }
        catch
        {
            training.Dispose();
            throw;
        }

        async Task<FeatureStore> ExtractAsync(VideoIndex index, string part)
        {
            string path = Path.Combine(Options.Output, $"{part}-{pooling}.features".ToLowerInvariant());
            var bar = Display.Add($"Features of {part} videos", index.Items.Count);
            var store = await new FeatureExtractor(Model.Encoder, pooling).ExtractAsync(Clips(index), path, progress: bar, cancellationToken: cancellationToken);
            bar.Report(index.Items.Count);
            return store;
        }
    }

    /// <summary>Features of each clip of training and test videos.</summary>
    public async Task<ClipFeatures> ClipFeaturesAsync(CancellationToken cancellationToken)
    {
        var (training, test) = await StoresAsync(FeaturePooling.Clips, cancellationToken);
        using (training)
        using (test)
        {
            return new ClipFeatures(Read(training), Read(test));
        }

        Tensor Read(FeatureStore store)
        {
            using var scope = NewDisposeScope();
            return store.Read(0, store.Count).view(store.Count, FeatureClips.Clips * FeatureClips.Crops, -1).DetachFromDisposeScope();
        }
    }
}

/// <summary>Features <c>[N, K, C]</c> of each clip of training and test videos, which this owns, and their means <c>[N, C]</c> over the clips.</summary>
internal sealed record ClipFeatures(Tensor Training, Tensor Test) : IDisposable
{
    public Tensor TrainingMeans { get; } = Training.mean([1]).DetachFromDisposeScope();

    public Tensor TestMeans { get; } = Test.mean([1]).DetachFromDisposeScope();

    public void Dispose()
    {
        Training.Dispose();
        Test.Dispose();
        TrainingMeans.Dispose();
        TestMeans.Dispose();
    }
}
