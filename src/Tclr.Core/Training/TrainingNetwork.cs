using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Encoder, heads and optimizer, and what a step does to them.</summary>
internal sealed class TrainingNetwork : IDisposable
{
    private readonly TrainerConfiguration configuration;
    private readonly GradientComputation gradients;
    private readonly NetworkBranch trained;
    private readonly NetworkBranch? momentum;
    private readonly TrainedParameters parameters;
    private readonly OptimizerHelper optimizer;
    private readonly ITemporalContrastiveLoss loss;
    private readonly bool averagesOnly;
    private readonly RunningStatistics? statistics;
    private readonly RunningStatistics? momentumStatistics;

    /// <summary>Creates encoder, heads and optimizer.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="precision">Precision of the encoder.</param>
    /// <param name="initialize">Whether to load the encoder's initial weights, if there are any; <see langword="false"/> if a checkpoint is loaded next.</param>
    public TrainingNetwork(TrainerConfiguration configuration, TrainingPrecision precision, bool initialize)
    {
        this.configuration = configuration;
        Precision = precision;
        loss = configuration.Loss;
        manual_seed(unchecked((long)configuration.Seed));
        trained = NetworkBranch.Create(configuration, encoder =>
        {
            if (ChannelOrders.FindMistake(configuration.Clips!.ChannelOrder, encoder) is { } mistake)
            {
                throw new TclrConfigurationException([mistake]);
            }

            if (initialize)
            {
                configuration.InitialWeights?.Initialize(encoder);
            }
        });
        try
        {
            bool channelsLast = configuration.ChannelsLast ?? configuration.Device.type == DeviceType.CUDA;
            trained.MoveTo(configuration.Device, precision, channelsLast);
            if (configuration.Momentum is not null)
            {
                momentum = NetworkBranch.Create(configuration, encoder => RefuseShared(encoder, trained));
                momentum.MoveTo(configuration.Device, precision, channelsLast);
                momentum.CopyFrom(trained);
                averagesOnly = configuration.PlanFor(configuration.Clips!.Layout).Passes.All(pass => !pass.Momentum);
            }

            if (configuration.Collective.Size > 1)
            {
                statistics = new RunningStatistics(configuration.Collective, trained.Networks.Networks);
                momentumStatistics = momentum is null || averagesOnly ? null : new RunningStatistics(configuration.Collective, momentum.Networks.Networks);
            }

            gradients = new GradientComputation(trained.Networks, momentum?.Networks, loss, configuration, (statistics, momentumStatistics));
            parameters = new TrainedParameters(trained.Parameters, !configuration.Optimizer.ExcludeNormAndBias);
            optimizer = parameters.Optimizer(configuration.Optimizer);
        }
        catch
        {
            momentum?.Dispose();
            trained.Dispose();
            throw;
        }
    }

    public IVideoEncoder Encoder => trained.Networks.Encoder;

    public IReadOnlyList<KeyValuePair<string, IProjectionHead>> Heads => trained.Networks.Heads;

    public IVideoEncoder? MomentumEncoder => momentum?.Networks.Encoder;

    public TrainingPrecision Precision { get; }

    /// <summary>Sets the layers to training mode and the device's convolutions to the precision.</summary>
    public void Train()
    {
        trained.Train();
        momentum?.Train();
        if (configuration.Device.type == DeviceType.CUDA)
        {
            // Heads, losses and the augmentation multiply matrices, and stay in float32.
            backends.cuda.matmul.allow_tf32 = false;
            backends.cudnn.allow_tf32 = Precision == TrainingPrecision.TensorFloat32;
        }
    }

    /// <summary>Computes the gradients of a step. The metrics stay on the device.</summary>
    /// <param name="batches">The batches of the step.</param>
    /// <param name="step">Number of steps done.</param>
    /// <param name="videosPerPass">Videos in a pass, or <see langword="null"/> for all.</param>
    /// <param name="guard">Whether to set the gradients to 0 on the device if the step is not finite.</param>
    public BatchValues ComputeGradients(IReadOnlyList<ClipBatch> batches, long step, int? videosPerPass, bool guard)
    {
        using var scope = NewDisposeScope();
        using var held = FinalizerGate.Hold();
        optimizer.zero_grad();
        if (momentum is not null)
        {
            momentum.MoveTowards(trained, configuration.Momentum!.At(step, configuration.TotalSteps), copyBuffers: averagesOnly);
        }

        statistics?.Begin();
        momentumStatistics?.Begin();
        BatchValues? all = null;
        foreach (var (i, batch) in batches.Index())
        {
            // With gradient caching the device holds the clips of one pass, and not of the batch.
            var clips = configuration.GradientCaching ? batch.ReadyOrOn(configuration.Device) : batch.To(configuration.Device);
            var values = gradients.Run(clips, batch.Layout, videosPerPass, 1.0 / batches.Count, new StepRandomness(configuration.Seed, step, i));
            all = all is { } sum ? sum with { Values = sum.Values + values.Values } : values;
        }

        trained.Masters?.TakeGradients();
        if (statistics is not null)
        {
            SumOverRanks(statistics, batches.Count);
        }

        var norm = parameters.GradientNorm();
        if (configuration.MaxGradientNorm is { } maxNorm)
        {
            parameters.Clip(norm, maxNorm);
        }

        var mean = batches.Count == 1 ? all!.Value : all!.Value with { Values = all.Value.Values / (double)batches.Count };
        var metrics = mean.With(MetricNames.GradientNorm, norm);

        // Machines may round differently; all ranks decide by the same numbers.
        configuration.Collective.Broadcast(metrics.Values);
        if (guard)
        {
            parameters.ClearGradientsUnless(metrics.Values.isfinite().all());
        }

        return metrics.MoveToOuterDisposeScope();
    }

    /// <summary>Updates the weights.</summary>
    public void Update(double learningRate)
    {
        using var held = FinalizerGate.Hold();
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        using var scope = NewDisposeScope();
        optimizer.step();
        trained.Masters?.Publish();
    }

    /// <summary>Copies the running statistics, to undo a step that is skipped.</summary>
    public BufferBackup BackUpBuffers() => new([.. trained.Networks.Networks, .. momentum?.Networks.Networks ?? []]);

    public IReadOnlyList<string> NonFiniteGradients() => parameters.NonFiniteGradients();

    public EncoderCost CostOf(Tensor clip) => EncoderCost.Measure(Encoder, clip);

    /// <summary>Copies weights, buffers, and the states of optimizer and loss from rank 0 to all ranks.</summary>
    public void TakeFromFirstRank()
    {
        using var scope = NewDisposeScope();
        var collective = configuration.Collective;
        if (collective.Size == 1)
        {
            return;
        }

        var tensors = Files().SelectMany(file => file.Tensors.Values).Concat(OptimizerTensors.Of(optimizer, parameters).Select(entry => entry.Value)).ToList();
        FlatTensors.Broadcast(collective, tensors.Concat(loss is IStatefulLoss stateful ? stateful.SaveState().Select(entry => entry.Value) : []));
        trained.Masters?.Publish();
        momentum?.Masters?.Publish();
    }

    /// <summary>Copies everything for a checkpoint.</summary>
    public CheckpointSnapshot Snapshot(CheckpointState state)
    {
        using var scope = NewDisposeScope();
        var snapshot = new CheckpointSnapshot(state);
        foreach (var (file, tensors) in Files())
        {
            snapshot.Add(file, tensors);
        }

        snapshot.Add(Checkpoint.OptimizerFile, OptimizerTensors.Of(optimizer, parameters));
        if (loss is IStatefulLoss stateful)
        {
            snapshot.Add(Checkpoint.LossFile, stateful.SaveState());
        }

        return snapshot;
    }

    /// <summary>Restores everything from a checkpoint.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        using var scope = NewDisposeScope();
        foreach (var (file, tensors) in Files())
        {
            checkpoint.Load(file, tensors);
        }

        checkpoint.Read(Checkpoint.OptimizerFile, file => OptimizerTensors.Restore(optimizer, parameters, file));
        if (loss is IStatefulLoss stateful)
        {
            checkpoint.Read(Checkpoint.LossFile, file => stateful.RestoreState(file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read(), StringComparer.Ordinal)));
        }

        trained.Masters?.Publish();
        momentum?.Masters?.Publish();
    }

    public void Dispose()
    {
        statistics?.Dispose();
        momentumStatistics?.Dispose();
        optimizer.Dispose();
        momentum?.Dispose();
        trained.Dispose();
    }

    // Gradients are summed, not averaged: each rank has the gradient of the loss of the whole batch with respect to its own embeddings.
    private void SumOverRanks(RunningStatistics trainedStatistics, int batches)
    {
        using var unrecorded = no_grad();
        Tensor? share = trainedStatistics.Share(batches), momentumShare = momentumStatistics?.Share(batches);
        parameters.ReduceGradients(configuration.Collective, new[] { share, momentumShare }.OfType<Tensor>());
        trainedStatistics.Finish(share);
        momentumStatistics?.Finish(momentumShare);
    }

    private IEnumerable<(string File, IReadOnlyDictionary<string, Tensor> Tensors)> Files()
        => trained.Files(Checkpoint.EncoderFile, Checkpoint.HeadFile).Concat(momentum?.Files(Checkpoint.MomentumEncoderFile, Checkpoint.MomentumHeadFile) ?? []);

    private static void RefuseShared(IVideoEncoder encoder, NetworkBranch trained)
    {
        if (ReferenceEquals(encoder, trained.Networks.Encoder))
        {
            throw new TclrConfigurationException(["UseEncoder: expected a new encoder from each call, for the momentum encoder too; got the same one twice"]);
        }
    }
}
