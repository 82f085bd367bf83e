using Tclr.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>The epochs of training a classifier, whatever its batches are made of.</summary>
internal static class ClassifierTraining
{
    /// <summary>Trains to the end of the schedule.</summary>
    /// <typeparam name="TBatch">A batch.</typeparam>
    /// <param name="options">How.</param>
    /// <param name="parameters">What to train.</param>
    /// <param name="stepsPerEpoch">Number of batches of an epoch.</param>
    /// <param name="batches">The batches of an epoch.</param>
    /// <param name="forward">Logits <c>[N, classes]</c> and labels <c>[N]</c> of a batch.</param>
    /// <param name="progress">Hears after each epoch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>What the epochs gave.</returns>
    /// <exception cref="TrainingException">The loss is not finite.</exception>
    public static IReadOnlyList<ClassifierEpoch> Run<TBatch>(
        ClassifierOptions options,
        IEnumerable<Parameter> parameters,
        int stepsPerEpoch,
        Func<int, IEnumerable<TBatch>> batches,
        Func<TBatch, (Tensor Logits, long[] Labels)> forward,
        IProgress<ClassifierEpoch>? progress,
        CancellationToken cancellationToken)
    {
        using var optimizer = Optimizer(options, [.. parameters]);
        var rate = options.Schedule.Begin(options.LearningRate, options.Epochs, stepsPerEpoch);
        var epochs = new List<ClassifierEpoch>();
        for (int epoch = 0; epoch < options.Epochs && rate.BeginEpoch(epoch); epoch++)
        {
            double loss = 0, learningRate = 0;
            long correct = 0, samples = 0;
            int step = 0;
            foreach (var batch in batches(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                learningRate = rate.At(epoch, step++);
                using var scope = NewDisposeScope();
                var (value, right, count) = Step(optimizer, learningRate, () => forward(batch));
                if (!double.IsFinite(value))
                {
                    throw new TrainingException(FormattableString.Invariant(
                        $"The classifier's loss is {value} in epoch {epoch} at learning rate {learningRate}: lower LearningRate (now {options.LearningRate}), or look at the features."));
                }

                loss += value * count;
                correct += right;
                samples += count;
            }

            var done = new ClassifierEpoch(epoch, loss / samples, (double)correct / samples, learningRate);
            rate.EndEpoch(done.Loss);
            epochs.Add(done);
            progress?.Report(done);
        }

        return epochs;
    }

    private static (double Loss, long Correct, int Count) Step(OptimizerHelper optimizer, double learningRate, Func<(Tensor Logits, long[] Labels)> forward)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        var (logits, labels) = forward();
        var target = tensor(labels).to(logits.device);
        var loss = nn.functional.cross_entropy(logits, target);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return (loss.ToDouble(), logits.argmax(1).eq(target).sum().ToInt64(), labels.Length);
    }

    private static OptimizerHelper Optimizer(ClassifierOptions options, Parameter[] parameters) => options.Optimizer switch
    {
        ClassifierOptimizer.Sgd => optim.SGD(parameters, options.LearningRate, options.Momentum, weight_decay: options.WeightDecay),
        _ => optim.Adam(parameters, options.LearningRate, weight_decay: options.WeightDecay),
    };
}
