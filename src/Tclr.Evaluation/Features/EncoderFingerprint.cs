using System.Security.Cryptography;
using System.Text;
using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Identifies an encoder by its architecture and a hash of its weights and buffers.</summary>
internal static class EncoderFingerprint
{
    public static string Of(IVideoEncoder encoder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var noGrad = no_grad();
        foreach (var (name, value) in encoder.Network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {value.dtype} [{string.Join(',', value.shape)}]"));
            hash.AppendData(value.cpu().contiguous().bytes);
        }

        // Options that change the features but not the weights.
        string options = encoder is VideoEncoder { Options: var o } ? $" {o.ChannelOrder} {o.Timesteps}" : string.Empty;
        return $"{encoder.Network.GetName()}{options} {Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8))}";
    }
}
