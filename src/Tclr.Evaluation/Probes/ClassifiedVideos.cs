using Tclr.Core;
using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>Training and test videos with their classes, for <see cref="LinearProbe"/> and <see cref="FineTuning"/>.</summary>
/// <remarks>Classes are compared by name. Both sets must have the same classes, which is checked before training.</remarks>
/// <example><code>
/// var videos = ClassifiedVideos.Of(
///     trainIndex, ClipSamplers.Random(clips: 1, clipLength: 16, stride: 2), Augmentations.TclrFineTuning(112),
///     testIndex, ClipSamplers.TclrTest(clips: 10), Augmentations.Evaluation(112), reader);
/// var result = await LinearProbe.TrainAsync(encoder, videos);
/// </code></example>
public sealed class ClassifiedVideos
{
    private const int Named = 5;

    private readonly Dictionary<string, int> training;

    /// <summary>Combines training and test videos.</summary>
    /// <param name="training">The training clips; every view of a sample is a clip.</param>
    /// <param name="trainingLabels">The class of each training video, by its name (path).</param>
    /// <param name="test">The test clips.</param>
    /// <param name="testLabels">The class of each test video, in the order of <see cref="IVideoClips.Samples"/>.</param>
    /// <exception cref="ArgumentException">A label is missing, there are fewer than two classes, or a class is in only one set.</exception>
    public ClassifiedVideos(IClipSource training, IReadOnlyDictionary<string, string> trainingLabels, IVideoClips test, IReadOnlyList<string> testLabels)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(trainingLabels);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(testLabels);
        if (trainingLabels.Count < training.SampleCount || training.SampleCount == 0 || testLabels.Count != test.Samples.Count || testLabels.Count == 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"expected training and test videos with a label each, got {trainingLabels.Count} labels for {training.SampleCount} training videos and {testLabels.Count} for {test.Samples.Count} test videos"),
                nameof(trainingLabels));
        }

        Classes = ClassesOf(trainingLabels.Values, testLabels);
        var places = Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        this.training = trainingLabels.ToDictionary(entry => entry.Key, entry => places[entry.Value], StringComparer.Ordinal);
        Training = training;
        Test = test;
        TestLabels = [.. testLabels.Select(label => places[label])];
    }

    /// <summary>Names of the classes, in ordinal order; the number of a class is its position.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The class of each test video, in the order of <see cref="Test"/>.</summary>
    public IReadOnlyList<int> TestLabels { get; }

    /// <summary>The training clips.</summary>
    public IClipSource Training { get; }

    /// <summary>The test clips.</summary>
    public IVideoClips Test { get; }

    /// <summary>Combines the videos of two indices.</summary>
    /// <param name="training">The training videos.</param>
    /// <param name="trainingSampler">Their sampler, such as <see cref="ClipSamplers.Random"/>.</param>
    /// <param name="trainingAugmentation">Their augmentation.</param>
    /// <param name="test">The test videos.</param>
    /// <param name="testSampler">Their sampler, which must be deterministic.</param>
    /// <param name="testAugmentation">Their preprocessing, which must be deterministic.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="options">Options of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The videos.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes, or a class is in only one set; a sampler or augmentation is not suitable.</exception>
    /// <exception cref="VideoDataException">Videos are shorter than a sampler needs.</exception>
    public static ClassifiedVideos Of(
        VideoIndex training,
        IClipSampler trainingSampler,
        IClipAugmentation trainingAugmentation,
        VideoIndex test,
        IClipSampler testSampler,
        IClipAugmentation testAugmentation,
        IVideoReader reader,
        ClipLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        return new ClassifiedVideos(
            new ClipLoader(training, reader, trainingSampler, trainingAugmentation, options),
            training.Items.ToDictionary(item => item.Path, item => item.Label, StringComparer.Ordinal),
            new VideoClips(test, reader, testSampler, testAugmentation, options),
            [.. test.Items.Select(item => item.Label)]);
    }

    /// <summary>Checks, before videos are opened, that training and test videos have the same classes.</summary>
    /// <param name="trainingLabels">The class of each training video.</param>
    /// <param name="testLabels">The class of each test video.</param>
    /// <returns>Names of the classes, in ordinal order.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes, or a class is in only one set; the message names them.</exception>
    public static IReadOnlyList<string> ClassesOf(IEnumerable<string> trainingLabels, IEnumerable<string> testLabels)
    {
        ArgumentNullException.ThrowIfNull(trainingLabels);
        ArgumentNullException.ThrowIfNull(testLabels);
        string[] known = [.. trainingLabels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] asked = [.. testLabels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var mistakes = new List<string>();
        string[] unknown = [.. asked.Except(known, StringComparer.Ordinal)];
        string[] untested = [.. known.Except(asked, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            mistakes.Add(FormattableString.Invariant($"{unknown.Length} classes of the test set have no training videos ({Names(unknown)})"));
        }

        if (untested.Length > 0)
        {
            mistakes.Add(FormattableString.Invariant($"{untested.Length} classes of the training set have no test videos ({Names(untested)})"));
        }

        if (mistakes.Count > 0)
        {
            throw new ArgumentException($"expected the same classes in training and test: {string.Join("; ", mistakes)}. Check the spelling of the names, add videos, or leave the classes out of both.", nameof(testLabels));
        }

        return known.Length >= 2 ? known : throw new ArgumentException($"expected two classes or more, got {(known.Length == 0 ? "none" : Names(known))}", nameof(trainingLabels));
    }

    /// <summary>Gets the class of a training video.</summary>
    internal int TrainingLabel(string sample)
        => training.TryGetValue(sample, out int label) ? label : throw new ArgumentException($"expected a label for each training video, got none for '{sample}'", nameof(sample));

    private static string Names(IEnumerable<string> classes)
    {
        string[] all = [.. classes];
        string more = all.Length > Named ? FormattableString.Invariant($" and {all.Length - Named} more") : string.Empty;
        return string.Join(", ", all.Take(Named).Select(name => $"'{name}'")) + more;
    }
}
