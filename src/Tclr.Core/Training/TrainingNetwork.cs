using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Encoder, head and optimizer, and what a step does to them.</summary>
internal sealed class TrainingNetwork : IDisposable
{
    private const string EncoderPrefix = "encoder.";
    private const string HeadPrefix = "head.";

    private readonly TrainerConfiguration configuration;
    private readonly GradientComputation gradients;
    private readonly MasterWeights? masters;
    private readonly TrainedParameters parameters;
    private readonly OptimizerHelper optimizer;
    private readonly ITemporalContrastiveLoss loss;

    /// <summary>Makes encoder, head and optimizer.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="precision">Precision of the encoder.</param>
    /// <param name="initialize">Whether to load the encoder's initial weights, if there are any; not where a checkpoint follows.</param>
    public TrainingNetwork(TrainerConfiguration configuration, TrainingPrecision precision, bool initialize)
    {
        this.configuration = configuration;
        Precision = precision;
        loss = configuration.Loss;
        manual_seed(unchecked((long)configuration.Seed));
        Encoder = configuration.Encoder!();
        try
        {
            if (ChannelOrders.FindMistake(configuration.Clips!.ChannelOrder, Encoder) is { } mistake)
            {
                throw new TclrConfigurationException([mistake]);
            }

            if (initialize)
            {
                configuration.InitialWeights?.Initialize(Encoder);
            }

            Head = configuration.Head!(Encoder.FeatureDimension);
            Encoder.Network.to(configuration.Device);
            Head.Network.to(configuration.Device);
            ScalarType? type = precision == TrainingPrecision.BFloat16 ? ScalarType.BFloat16 : null;
            masters = type is { } lowered ? new MasterWeights(Encoder.Network, lowered) : null;
            gradients = new GradientComputation(Encoder, Head, loss, configuration.BatchNormScope, configuration.GradientCaching, type);
            var encoderParameters = masters?.Parameters ?? Encoder.Network.named_parameters().Select(entry => (entry.Item1, entry.Item2));
            parameters = new TrainedParameters(
                [
                    .. encoderParameters.Select(entry => (EncoderPrefix + entry.Item1, entry.Item2)),
                    .. Head.Network.named_parameters().Select(entry => (HeadPrefix + entry.Item1, entry.Item2)),
                ],
                !configuration.Optimizer.ExcludeNormAndBias);
            optimizer = parameters.Optimizer(configuration.Optimizer);
        }
        catch
        {
            masters?.Dispose();
            Head?.Dispose();
            Encoder.Dispose();
            throw;
        }
    }

    public IVideoEncoder Encoder { get; }

    public IProjectionHead Head { get; }

    public TrainingPrecision Precision { get; }

    /// <summary>Sets the layers to training mode and the device's matrix products to the precision.</summary>
    public void Train()
    {
        Encoder.Network.train();
        Head.Network.train();
        if (configuration.Device.type == DeviceType.CUDA)
        {
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = Precision != TrainingPrecision.Float32;
        }
    }

    /// <summary>Computes the gradients of a step. The metrics stay on the device.</summary>
    public BatchValues ComputeGradients(IReadOnlyList<ClipBatch> batches, long step, int? videosPerPass)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        BatchValues? all = null;
        foreach (var (i, batch) in batches.Index())
        {
            var clips = batch.To(configuration.Device);
            var values = gradients.Run(clips, batch.Layout, videosPerPass, 1.0 / batches.Count, new StepRandomness(configuration.Seed, step, i));
            all = all is { } sum ? sum with { Values = sum.Values + values.Values } : values;
        }

        masters?.TakeGradients();
        var norm = parameters.GradientNorm();
        if (configuration.MaxGradientNorm is { } maxNorm)
        {
            parameters.Clip(norm, maxNorm);
        }

        var mean = batches.Count == 1 ? all!.Value : all!.Value with { Values = all.Value.Values / (double)batches.Count };
        return mean.With(MetricNames.GradientNorm, norm).MoveToOuterDisposeScope();
    }

    /// <summary>Updates the weights.</summary>
    public void Update(double learningRate)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        using var scope = NewDisposeScope();
        optimizer.step();
        masters?.Publish();
    }

    /// <summary>Copies the running statistics, to undo a step that is skipped.</summary>
    public BufferBackup BackUpBuffers() => new(Encoder.Network, Head.Network);

    public IReadOnlyList<string> NonFiniteGradients() => parameters.NonFiniteGradients();

    public EncoderCost CostOf(Tensor clip) => EncoderCost.Measure(Encoder, clip);

    /// <summary>Copies everything for a checkpoint.</summary>
    public CheckpointSnapshot Snapshot(CheckpointState state)
    {
        using var scope = NewDisposeScope();
        var snapshot = new CheckpointSnapshot(state);
        snapshot.Add(Checkpoint.EncoderFile, masters?.State ?? Encoder.Network.state_dict());
        snapshot.Add(Checkpoint.HeadFile, Head.Network.state_dict());
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
        checkpoint.Load(Checkpoint.EncoderFile, masters?.State ?? Encoder.Network.state_dict());
        checkpoint.Load(Checkpoint.HeadFile, Head.Network.state_dict());
        checkpoint.Read(Checkpoint.OptimizerFile, file => OptimizerTensors.Restore(optimizer, parameters, file));
        if (loss is IStatefulLoss stateful)
        {
            checkpoint.Read(Checkpoint.LossFile, file => stateful.RestoreState(file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read(), StringComparer.Ordinal)));
        }

        masters?.Publish();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        masters?.Dispose();
        Head.Dispose();
        Encoder.Dispose();
    }
}
