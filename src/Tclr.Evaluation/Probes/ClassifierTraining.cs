using Tclr.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>The training loop of a classifier.</summary>
internal static class ClassifierTraining
{
    /// <summary>Trains to the end of the schedule, and tests after the epochs that the options name and after the last one.</summary>
    /// <typeparam name="TBatch">A batch.</typeparam>
    /// <param name="options">The settings.</param>
    /// <param name="parameters">The parameters to train.</param>
    /// <param name="stepsPerEpoch">Number of batches in an epoch.</param>
    /// <param name="batches">The batches of an epoch.</param>
    /// <param name="forward">Logits <c>[N, classes]</c> and labels <c>[N]</c> of a batch.</param>
    /// <param name="test">Classifies the test videos.</param>
    /// <param name="progress">Reports each epoch.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>The test after the last epoch, and all epochs.</returns>
    /// <exception cref="TrainingException">The loss is not finite.</exception>
    public static ClassificationResult Run<TBatch>(
        ClassifierOptions options,
        IEnumerable<Parameter> parameters,
        int stepsPerEpoch,
        Func<int, IEnumerable<TBatch>> batches,
        Func<TBatch, (Tensor Logits, long[] Labels)> forward,
        Func<Predictions> test,
        IProgress<ClassifierEpoch>? progress,
        CancellationToken cancellationToken)
    {
        using var optimizer = options.Optimizer.Create(parameters);
        double baseRate = options.Optimizer.LearningRate;
        var epochs = new List<ClassifierEpoch>();
        var losses = new List<double>();
        SchedulePosition Position(int step) => new(((long)losses.Count * stepsPerEpoch) + step, (long)options.Epochs * stepsPerEpoch, stepsPerEpoch, losses);
        bool IsFinished() => losses.Count == options.Epochs || options.Schedule.IsFinished(Position(0), baseRate);
        Predictions? tested = null;
        while (!IsFinished())
        {
            double loss = 0, learningRate = 0;
            long correct = 0, samples = 0;
            int step = 0;
            foreach (var batch in batches(epochs.Count))
            {
                cancellationToken.ThrowIfCancellationRequested();
                learningRate = baseRate * options.Schedule.Factor(Position(step++));
                using var scope = NewDisposeScope();
                var (value, right, count) = Step(optimizer, learningRate, () => forward(batch));
                if (!double.IsFinite(value))
                {
                    throw new TrainingException(FormattableString.Invariant(
                        $"The classifier's loss is {value} in epoch {epochs.Count} at learning rate {learningRate}: lower Optimizer.LearningRate (now {baseRate}), or check the features."));
                }

                loss += value * count;
                correct += right;
                samples += count;
            }

            losses.Add(loss / samples);
            tested = options.TestEpochs.Contains(epochs.Count) || IsFinished() ? test() : null;
            epochs.Add(new ClassifierEpoch(epochs.Count, losses[^1], (double)correct / samples, learningRate) { TestAccuracy = tested?.Accuracy });
            progress?.Report(epochs[^1]);
        }

        return (tested ?? test()).Result(epochs);
    }

    private static (double Loss, long Correct, int Count) Step(OptimizerHelper optimizer, double learningRate, Func<(Tensor Logits, long[] Labels)> forward)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        using var held = TorchRuntime.HoldFinalizers();
        var (logits, labels) = forward();
        var target = tensor(labels).to(logits.device);
        var loss = nn.functional.cross_entropy(logits, target);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return (loss.ToDouble(), logits.argmax(1).eq(target).sum().ToInt64(), labels.Length);
    }
}
