using System.Globalization;
using System.Text;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>Long videos to features with times.</summary>
internal sealed class FeaturesRun(FeaturesOptions options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(options.Output)) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"--out: expected a file in a folder that exists, got '{options.Output}'");
        }

        var dataset = VideoDatasets.Folder(options.Videos);
        using var model = Load();
        var reader = Readers.Create(options.Ffmpeg);
        int windows = await ProgressDisplay.RunAsync(async display =>
        {
            var index = await VideoSet.ScanAsync(dataset, new VideoIndexOptions { Reader = reader }, display, cancellationToken);
            var sequence = VideoWindow.Slide(index, model.Recipe.Clips.Length, options.Stride, hopSeconds: options.HopSeconds);
            var clips = VideoClips.OfWindows(sequence, reader, model.Recipe.Clips.CreateTestAugmentation());
            var bar = display.Add("Windows", sequence.Count);
            using var features = await new FeatureExtractor(model.Encoder).ExtractAsync(clips, progress: bar, cancellationToken: cancellationToken);
            await WriteAsync(sequence, features, cancellationToken);
            return sequence.Count;
        });
        Terminal.Say($"Done: {windows} windows of {dataset.Items.Count} videos in {options.Output}");
    }

    private PretrainedEncoder Load()
    {
        try
        {
            return PretrainedEncoder.Load(options.Checkpoint, new() { Recipe = options.Recipe is { } name ? TclrRecipes.Find(name) : null, Device = options.Device });
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Encoder) or nameof(PretrainedEncoderOptions.Clips))
        {
            throw new UsageException($"--recipe: '{options.Checkpoint}' has no recipe, so name the one that it was trained by ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file");
        }
    }

    private async Task WriteAsync(IReadOnlyList<VideoWindow> windows, VideoFeatures features, CancellationToken cancellationToken)
    {
        long length = features.Values.shape[1];
        float[] values = features.Values.data<float>().ToArray();
        string temporary = options.Output + ".part";
        await using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            await writer.WriteLineAsync(string.Join(',', ["video", "start", "end", .. Enumerable.Range(0, (int)length).Select(i => FormattableString.Invariant($"f{i}"))]));
            foreach (var (i, window) in windows.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = values.Skip((int)(i * length)).Take((int)length).Select(value => value.ToString("R", CultureInfo.InvariantCulture));
                await writer.WriteLineAsync(string.Join(',', ["\"" + window.Video.Path.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"", Seconds(window.Start), Seconds(window.End), .. row]));
            }
        }

        File.Move(temporary, options.Output, overwrite: true);
    }

    private static string Seconds(TimeSpan? time) => time?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) ?? string.Empty;
}
