using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The embeddings of a golden step.</summary>
internal static class GoldenEmbeddings
{
    public static TemporalEmbeddings Of(Dictionary<string, Tensor> raw)
    {
        Tensor Unit(string kind, int version) => nn.functional.normalize(raw[FormattableString.Invariant($"{kind}_v{version}")]);
        Tensor Timesteps(string kind, int version)
            => stack(Enumerable.Range(0, 4).Select(t => Unit(FormattableString.Invariant($"{kind}{t}"), version)), 1);
        Tensor Versions(Func<int, Tensor> version) => stack([version(0), version(1)], 0);

        return new TemporalEmbeddings(Versions(v => Unit("gsr", v)), Versions(v => Timesteps("ls", v)), Versions(v => Timesteps("d", v)));
    }
}
