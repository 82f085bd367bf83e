using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

/// <summary>A convolution with batch normalization and noise: what makes a pass depend on its clips and on random numbers.</summary>
internal sealed class FakeConvolution : nn.Module<Tensor, Tensor>, IVideoEncoder
{
    private readonly Conv3d conv;
    private readonly BatchNorm3d bn;

    public FakeConvolution(int features = 4)
        : base(nameof(FakeConvolution))
    {
        using var scope = NewDisposeScope();
        conv = nn.Conv3d(3, features, (1, 1, 1));
        bn = nn.BatchNorm3d(features);
        FeatureDimension = features;
        RegisterComponents();
    }

    public int FeatureDimension { get; }

    public nn.Module Network => this;

    public Tensor Encode(Tensor clips) => call(clips);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = bn.call(conv.call(input)).relu();                                        // [N, F, T, H, W]
        if (training)
        {
            maps = maps * rand(maps.shape).to(maps.dtype);
        }

        return maps.mean([3, 4]).view(maps.shape[0], FeatureDimension, maps.shape[2] / 2, 2).mean([3]).MoveToOuterDisposeScope();
    }
}
