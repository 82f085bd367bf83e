using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>An encoder with its heads: the trained ones, or their moving average.</summary>
internal sealed class NetworkBranch : IDisposable
{
    private const string EncoderPrefix = "encoder.";
    private const string MainHeadPrefix = "head.";

    private NetworkBranch(Branch networks) => Networks = networks;

    public Branch Networks { get; private set; }

    /// <summary>The float32 weights behind an encoder of lower precision.</summary>
    public MasterWeights? Masters { get; private set; }

    /// <summary>The parameters by name: of the encoder, of the main head, of the further heads.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters
    {
        get
        {
            var encoder = Masters?.Parameters ?? Networks.Encoder.Network.named_parameters().Select(entry => (entry.Item1, entry.Item2));
            return encoder.Select(entry => (EncoderPrefix + entry.Item1, entry.Item2))
                .Concat(Networks.Heads.SelectMany((head, i) => head.Value.Network.named_parameters().Select(entry => ((i == 0 ? MainHeadPrefix : $"heads.{head.Key}.") + entry.Item1, entry.Item2))));
        }
    }

    /// <summary>Creates encoder and heads.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="prepare">Prepares the encoder before the heads are created.</param>
    public static NetworkBranch Create(TrainerConfiguration configuration, Action<IVideoEncoder> prepare)
    {
        var encoder = configuration.Encoder!();
        var heads = new List<KeyValuePair<string, IProjectionHead>>();
        var branch = new NetworkBranch(new Branch(encoder, heads, Type: null));
        try
        {
            prepare(encoder);
            heads.Add(new(PassPlan.MainHead, configuration.Head!(encoder.FeatureDimension)));
            foreach (var (name, create) in configuration.FurtherHeads)
            {
                heads.Add(new(name, create(encoder.FeatureDimension)));
            }

            return branch;
        }
        catch
        {
            branch.Dispose();
            throw;
        }
    }

    public void MoveTo(Device device, TrainingPrecision precision, bool channelsLast)
    {
        foreach (var network in Networks.Networks)
        {
            network.to(device);
        }

        Networks = Networks with { Device = device };

        if (precision == TrainingPrecision.BFloat16)
        {
            Masters = new MasterWeights(Networks.Encoder.Network, ScalarType.BFloat16);
            Networks = Networks with { Type = ScalarType.BFloat16 };
        }

        if (channelsLast)
        {
            ChannelsLast.Apply(Networks.Encoder.Network.parameters());
            ChannelsLast.Apply(Masters?.Parameters.Select(entry => entry.Parameter) ?? []);
        }
    }

    public void Train()
    {
        foreach (var network in Networks.Networks)
        {
            network.train();
        }
    }

    /// <summary>Copies the weights and buffers of another branch.</summary>
    public void CopyFrom(NetworkBranch other) => MoveTowards(other, 0, copyBuffers: true);

    /// <summary>Moves the weights towards those of another branch: <c>m * own + (1 - m) * other</c>.</summary>
    public void MoveTowards(NetworkBranch other, double momentum, bool copyBuffers)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        foreach (var (own, (_, target)) in Parameters.Zip(other.Parameters))
        {
            if (momentum == 0)
            {
                own.Parameter.copy_(target);
            }
            else
            {
                own.Parameter.mul_(momentum).add_(target, 1 - momentum);
            }
        }

        if (copyBuffers)
        {
            foreach (var (own, target) in Networks.Networks.Zip(other.Networks.Networks))
            {
                foreach (var (buffer, value) in own.buffers().Zip(target.buffers()))
                {
                    buffer.copy_(value);
                }
            }
        }

        Masters?.Publish();
    }

    /// <summary>The tensors of a checkpoint by file.</summary>
    /// <param name="encoderFile">File of the encoder.</param>
    /// <param name="headFile">Gives the file of a head.</param>
    public IEnumerable<(string File, IReadOnlyDictionary<string, Tensor> Tensors)> Files(string encoderFile, Func<string, string> headFile)
        => Networks.Heads.Select(head => (headFile(head.Key), (IReadOnlyDictionary<string, Tensor>)head.Value.Network.state_dict()))
            .Prepend((encoderFile, Masters?.State ?? Networks.Encoder.Network.state_dict()));

    public void Dispose()
    {
        Masters?.Dispose();
        foreach (var (_, head) in Networks.Heads)
        {
            head.Dispose();
        }

        Networks.Encoder.Dispose();
    }
}
