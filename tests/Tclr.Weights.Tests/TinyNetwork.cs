using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Modules whose weights have the names of <c>tclr.pth</c>, and what is in them.</summary>
internal static class TinyNetwork
{
    /// <summary><c>0.weight</c> [3,2,1,1,1] and <c>1.*</c> of three channels: 6 tensors.</summary>
    public static nn.Module Encoder() => nn.Sequential(nn.Conv3d(2, 3, (1, 1, 1), bias: false), nn.BatchNorm3d(3));

    /// <summary><c>weight</c> [2,3] and <c>bias</c> [2].</summary>
    public static nn.Module Head() => nn.Linear(3, 2);

    /// <summary>All weights in one array of bytes, to see that nothing changed.</summary>
    public static byte[] Snapshot(nn.Module module) => [.. module.state_dict().SelectMany(entry => entry.Value.bytes.ToArray())];
}
