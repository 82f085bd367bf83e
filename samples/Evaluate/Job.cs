using System.Globalization;
using Spectre.Console;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Samples.Evaluate;

/// <summary>What all verbs work with.</summary>
internal sealed record Job(EvaluateOptions Options, PretrainedEncoder Model, VideoSet Videos, IVideoReader Reader, ProgressContext Bars)
{
    private ClipRecipe Clip => Model.Recipe.Clips;

    private ClipLoaderOptions Loading => Options.Workers is { } workers ? new ClipLoaderOptions { Workers = workers } : new ClipLoaderOptions();

    /// <summary>The clips that videos are judged by.</summary>
    public VideoClips Clips(VideoIndex index) => Model.CreateClips(index, Options.Clips, Reader, Loading);

    /// <summary>The videos for a classifier that sees other clips in every epoch.</summary>
    public ClassifiedVideos Classified() => ClassifiedVideos.Of(
        Videos.Training, Clip.CreateFineTuningSampler(), Clip.CreateFineTuningAugmentation(),
        Videos.Test, Clip.CreateTestSampler(Options.Clips), Clip.CreateTestAugmentation(), Reader, Loading);

    /// <summary>Features of the training videos, which stay in a file.</summary>
    public Task<FeatureStore> TrainingFeaturesAsync(FeaturePooling pooling, CancellationToken cancellationToken) => FeaturesAsync(Videos.Training, "train", pooling, cancellationToken);

    /// <summary>Features of the test videos, which stay in a file.</summary>
    public Task<FeatureStore> TestFeaturesAsync(FeaturePooling pooling, CancellationToken cancellationToken) => FeaturesAsync(Videos.Test, "test", pooling, cancellationToken);

    /// <summary>A bar of epochs.</summary>
    public IProgress<ClassifierEpoch> Epochs(string name, int most)
    {
        var bar = Bars.AddTask(name, maxValue: most);
        return new Progress<ClassifierEpoch>(epoch => bar.Value(epoch.Epoch + 1).Description(string.Create(CultureInfo.InvariantCulture, $"{name}: loss {epoch.Loss:0.00}, {100 * epoch.TrainingAccuracy:0} % right")));
    }

    private async Task<FeatureStore> FeaturesAsync(VideoIndex index, string part, FeaturePooling pooling, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Options.Output, $"{part}-{pooling}.features".ToLowerInvariant());
        var bar = Bars.AddTask($"Features of {part} videos", maxValue: index.Items.Count);
        var store = await new FeatureExtractor(Model.Encoder, pooling).ExtractAsync(Clips(index), path, progress: new Progress<int>(done => bar.Value(done)), cancellationToken: cancellationToken);
        bar.Value(index.Items.Count);
        return store;
    }
}
