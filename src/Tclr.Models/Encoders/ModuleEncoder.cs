using System.Globalization;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Adapts a TorchSharp module. Created by <see cref="VideoEncoders.From"/>.</summary>
internal sealed class ModuleEncoder(nn.Module<Tensor, Tensor> module, int features, ChannelOrder channelOrder) : IVideoEncoder
{
    public int FeatureDimension => features;

    public ChannelOrder ChannelOrder => channelOrder;

    public nn.Module Network => module;

    public Tensor Encode(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var output = Run(clips);
        var encoded = output.dim() switch
        {
            5 => output.mean([3, 4]),                                               // [N, C, T', H', W'] -> [N, C, T']
            2 => output.unsqueeze(2),                                               // [N, C] -> [N, C, 1]
            _ => output.alias(),
        };
        return encoded.MoveToOuterDisposeScope();
    }

    public Tensor? EncodeMap(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var output = Run(clips);
        return output.dim() == 5 ? output.alias().MoveToOuterDisposeScope() : null;
    }

    public void Dispose() => module.Dispose();

    private Tensor Run(Tensor clips)
    {
        string name = module.GetName();
        TensorCheck.Shape(clips, "[N,C,T,H,W]", name);
        var output = module.call(channelOrder == ChannelOrder.Bgr ? clips.flip(1) : clips);
        long[] shape = output.shape;
        if (shape.Length is not (2 or 3 or 5) || shape[0] != clips.shape[0] || shape[1] != features || output.numel() == 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{name}: expected features [N,C,T',H',W'], [N,C,T'] or [N,C] with N = {clips.shape[0]} and C = {features} for clips {TensorCheck.Text(clips)}, got {TensorCheck.Text(output)}: pass the module without its classifier to {nameof(VideoEncoders)}.{nameof(VideoEncoders.From)}, and its number of channels as features"));
        }

        return output;
    }
}
