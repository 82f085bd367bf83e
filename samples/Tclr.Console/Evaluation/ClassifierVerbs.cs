using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Linear probe and fine-tuning.</summary>
internal static class ClassifierVerbs
{
    public static async Task<IReadOnlyList<ReportSection>> LinearAsync(Job job, CancellationToken cancellationToken)
    {
        var protocol = job.Protocol.LinearProbe;
        if (!job.Options.OnFeatures)
        {
            var videos = protocol.CreateVideos(job.Videos.Gallery, job.Videos.Queries, job.Reader, job.Loading);
            var result = await LinearProbe.TrainAsync(job.Model.Encoder, videos, protocol.Options, progress: job.Epochs("Linear probe", protocol.Options.Epochs), cancellationToken: cancellationToken);
            return ClassifierSections.Of("Linear probe", "A linear layer on the frozen encoder, trained on other clips and augmentations of the training videos in every epoch. Probabilities of a test video are the mean over its clips.", result, job.Videos);
        }

        using var features = await job.ClipFeaturesAsync(cancellationToken);
        var probed = LinearProbe.Train(
            features.TrainingMeans, job.TrainingLabels, features.Test, job.TestLabels, protocol.Options, job.Epochs("Linear probe", protocol.Options.Epochs), cancellationToken);
        return ClassifierSections.Of("Linear probe", "A linear layer on the mean features of the training videos' clips. Probabilities of a test video are the mean over its clips.", probed, job.Videos);
    }

    public static async Task<IReadOnlyList<ReportSection>> FineTuneAsync(Job job, CancellationToken cancellationToken)
    {
        var protocol = job.Protocol.FineTuning;
        var videos = protocol.CreateVideos(job.Videos.Gallery, job.Videos.Queries, job.Reader, job.Loading);
        var result = await FineTuning.TrainAsync(job.Model.Encoder, videos, protocol.Options, progress: job.Epochs("Fine-tuning", protocol.Options.Epochs), cancellationToken: cancellationToken);
        return ClassifierSections.Of("Fine-tuning", "Encoder and linear layer, trained on the labeled training videos. Probabilities of a test video are the mean over its clips.", result, job.Videos);
    }
}
