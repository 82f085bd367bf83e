using Tclr.Core;
using Tclr.Evaluation;
using Tclr.Models;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class EvaluationProtocolTests : ScopedTests
{
    // Length, size, clips and crops of a test video, pooling, centering and k of retrieval.
    [TestCase("tclr-code", 16, 112, 9, 1, FeaturePooling.Timesteps, false, "1,5,10,20")]
    [TestCase("tclr-paper", 16, 112, 10, 1, FeaturePooling.Timesteps, false, "1,5,10,20")]
    [TestCase("cvrl", 32, 256, 10, 3, FeaturePooling.Mean, false, "1,5,10,20")]
    [TestCase("dualvar", 16, 112, 10, 1, FeaturePooling.Mean, true, "1,5,10,20,50")]
    public void Retrieval_has_the_figures_of_its_source(string name, int length, int size, int clips, int crops, FeaturePooling pooling, bool centered, string ks)
    {
        var retrieval = EvaluationProtocol.All[name].Retrieval;

        Assert.Multiple(() =>
        {
            Assert.That((retrieval.Clips.Length, retrieval.Clips.Size, retrieval.Clips.Clips, retrieval.Clips.Crops), Is.EqualTo((length, size, clips, crops)));
            Assert.That(retrieval.Pooling, Is.EqualTo(pooling));
            Assert.That(retrieval.Options.Centered, Is.EqualTo(centered));
            Assert.That(string.Join(',', retrieval.Options.Neighbors), Is.EqualTo(ks));
        });
    }

    [TestCase("tclr-code", "adam", 1e-2, 0, 32, 100, true, 1, false)]
    [TestCase("tclr-paper", "adam", 1e-2, 0, 32, 100, false, 0, false)]
    [TestCase("cvrl", "sgd", 32, 0, 1024, 100, false, 0, true)]
    [TestCase("dualvar", "sgd", 0.05, 1e-3, 16, 100, false, 0, true)]
    public void The_linear_probe_has_the_figures_of_its_source(
        string name, string optimizer, double rate, double decay, int batch, int epochs, bool trainBatchNorm, int unused, bool dropsLast)
    {
        var options = EvaluationProtocol.All[name].LinearProbe.Options;

        Assert.Multiple(() =>
        {
            Assert.That(options.Optimizer.GetType().Name, Does.StartWith(optimizer).IgnoreCase);
            Assert.That((options.Optimizer.LearningRate, options.Optimizer.WeightDecay), Is.EqualTo((rate, decay)));
            Assert.That((options.BatchSize, options.Epochs, options.TrainBatchNorm, options.UnusedOutputs, options.DropLastBatch), Is.EqualTo((batch, epochs, trainBatchNorm, unused, dropsLast)));
        });
    }

    [Test]
    public void The_code_of_TCLR_tests_after_epochs_6_and_11_to_49()
    {
        Assert.That(EvaluationProtocol.TclrCode.LinearProbe.Options.TestEpochs, Is.EqualTo((int[])[6, .. Enumerable.Range(11, 39)]));
        Assert.That(EvaluationProtocol.TclrPaper.LinearProbe.Options.TestEpochs, Is.Empty);
    }

    [TestCase("tclr-code", 1e-4, 32, 100)]
    [TestCase("dualvar", 0.05, 16, 100)]
    [TestCase("dualvar-kinetics", 0.05, 16, 150)]
    [TestCase("severe", 1e-4, 32, 160)]
    public void Fine_tuning_has_the_figures_of_its_source(string name, double rate, int batch, int epochs)
    {
        var options = EvaluationProtocol.All[name].FineTuning.Options;

        Assert.That((options.Optimizer.LearningRate, options.BatchSize, options.Epochs), Is.EqualTo((rate, batch, epochs)));
    }

    [Test]
    public void Few_labels_are_1_10_20_and_50_percent_three_times([Values("tclr-code", "tclr-paper")] string name)
    {
        var options = EvaluationProtocol.All[name].LowShot;

        Assert.That(options.Shares, Is.EqualTo((double[])[0.01, 0.1, 0.2, 0.5]));
        Assert.That(options.Subsets, Is.EqualTo(3));
    }

    [Test]
    public void The_code_of_TCLR_swaps_red_and_blue_and_the_paper_does_not()
    {
        Assert.That(EvaluationProtocol.TclrCode.Retrieval.Clips.CreateAugmentation().ChannelOrder, Is.EqualTo(ChannelOrder.Bgr));
        Assert.That(EvaluationProtocol.TclrPaper.Retrieval.Clips.CreateAugmentation().ChannelOrder, Is.EqualTo(ChannelOrder.Rgb));
    }

    [Test]
    public void Every_protocol_creates_its_clips_and_describes_them([ValueSource(nameof(Names))] string name, [Values] EvaluationKind kind)
    {
        var protocol = EvaluationProtocol.All[name];

        foreach (var clips in protocol.ClipsOf(kind))
        {
            Assert.That(clips.CreateSampler().ClipLength, Is.EqualTo(clips.Length));
            var augmentation = clips.CreateAugmentation();
            Assert.That((augmentation.Height, augmentation.Width), Is.EqualTo((clips.Size, clips.Size)));
        }

        var settings = protocol.Describe(kind);
        Assert.That(settings, Is.Not.Empty);
        Assert.That(settings.Select(setting => setting.Key), Is.Unique);
        Assert.That(settings.Select(setting => setting.Value), Has.None.Empty);
        Assert.That(protocol.DeparturesFrom(protocol, kind), Is.Empty);
    }

    [Test]
    public void A_changed_setting_is_a_departure()
    {
        var original = EvaluationProtocol.TclrPaper;
        var changed = original with { LinearProbe = original.LinearProbe with { Options = original.LinearProbe.Options with { Epochs = 7, TrainBatchNorm = true } } };

        var departures = changed.DeparturesFrom(original, EvaluationKind.LinearProbe);

        Assert.That(departures, Has.Count.EqualTo(2));
        Assert.That(departures[0], Is.EqualTo("epochs: 7 at most in place of 100 at most"));
        Assert.That(departures[1], Does.Contain("drifting").And.Contain("in place of"));
    }

    [Test]
    public void Two_reversals_of_the_channels_are_refused()
    {
        using var encoder = VideoEncoders.R3D18(new VideoEncoderOptions { ChannelOrder = ChannelOrder.Bgr });

        var error = Assert.Throws<ArgumentException>(() => EvaluationProtocol.TclrCode.Check(encoder, EvaluationKind.Retrieval));

        Assert.That(error!.Message, Does.Contain("its weights would see RGB"));
    }

    private static IEnumerable<string> Names() => EvaluationProtocol.All.Keys;
}
