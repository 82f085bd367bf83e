using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>PyTorch checkpoints whose weights lie inside, as those of training scripts do.</summary>
internal static class NestedCheckpoint
{
    /// <summary>Writes one dictionary of tensors at some places, with an epoch and a list beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="places">Keys from the outside in, with slashes.</param>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, params string[] places)
    {
        WeightFile.Write(path, tensors);
        var records = new List<(string Name, byte[] Data)>();
        using (var archive = ZipFile.OpenRead(path))
        {
            foreach (var entry in archive.Entries)
            {
                using var stream = entry.Open();
                using var data = new MemoryStream();
                stream.CopyTo(data);
                records.Add((entry.FullName, entry.FullName.EndsWith("data.pkl", StringComparison.Ordinal) ? Nest(data.ToArray(), places) : data.ToArray()));
            }
        }

        File.WriteAllBytes(path, BadFile.Zip(CompressionLevel.NoCompression, [.. records]));
    }

    // Without the protocol before it and the stop behind it, a pickle is a value.
    private static byte[] Nest(byte[] pickle, string[] places)
    {
        string value = Encoding.Latin1.GetString(pickle)[2..^1];
        var nested = new StringBuilder("\u0080\u0002}").Append(Text("epoch")).Append("K\u0007s").Append(Text("history")).Append("]s");
        foreach (string place in places)
        {
            string[] keys = place.Split('/');
            string inner = keys.Skip(1).Reverse().Aggregate(value, (content, key) => "}" + Text(key) + content + "s");
            nested.Append(Text(keys[0])).Append(inner).Append('s');
        }

        return Encoding.Latin1.GetBytes(nested.Append('.').ToString());
    }

    private static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";
}
