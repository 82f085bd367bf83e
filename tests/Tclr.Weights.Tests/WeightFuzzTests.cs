using System.Diagnostics;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Random and mutated files: each is read or refused by the typed exception, and a model stays whole.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class WeightFuzzTests
{
    // 125,000 in all.
    private const int Cases = 25_000;
    private const int LargestRandom = 300;

    private static IEnumerable<TestCaseData> Seeds()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var encoder = TinyNetwork.Encoder();
        foreach (string extension in (string[])["safetensors", "dat"])
        {
            ModelWeights.Save(encoder, folder["net." + extension]);
            yield return new TestCaseData(File.ReadAllBytes(folder["net." + extension]), "." + extension).SetArgDisplayNames(extension);
        }

        yield return new TestCaseData(Fixture.Bytes("tclr.pth"), ".pth").SetArgDisplayNames("tclr.pth");
        yield return new TestCaseData(Fixture.Bytes("views.pth"), ".pth").SetArgDisplayNames("views.pth");
    }

    // A changed byte of an index shows by its checksum; with the checksums corrected, mutations reach what lies behind them.
    [Test]
    public void Nothing_but_weights_or_the_typed_exception_comes_out_of_TensorFlow()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var encoder = TinyNetwork.Encoder();
        var bundle = new TensorFlowBundle(2) { BlockBytes = 200, RestartInterval = 3 }.AddObjectGraph().Add(encoder.state_dict());
        string path = bundle.Write(folder["ckpt-1"]);
        byte[] index = bundle.Index();
        byte[][] data = [bundle.Data(0), bundle.Data(1)];

        Fuzz(path, encoder, WeightMapping.None, i =>
        {
            byte[] mutated = i % 3 == 0 ? Mutate(index, i) : TensorFlowBundle.Corrected(Flip(index, i), bundle.Blocks);
            Write(path, mutated);
            Write(folder["ckpt-1.data-00000-of-00002"], i % 5 == 1 ? Mutate(data[0], i + Cases) : data[0]);
            return mutated.Length + data.Sum(bytes => bytes.Length);
        });
    }

    [TestCaseSource(nameof(Seeds))]
    public void Nothing_but_weights_or_the_typed_exception_comes_out(byte[] seed, string extension)
    {
        using var folder = new TemporaryFolder();
        using var encoder = TinyNetwork.Encoder();
        string path = folder["fuzzed" + extension];
        Fuzz(path, encoder, string.Equals(extension, ".pth", StringComparison.Ordinal) ? WeightMapping.TclrReferenceEncoder : WeightMapping.None, i =>
        {
            byte[] mutated = Mutate(seed, i);
            Write(path, mutated);
            return mutated.Length;
        });
    }

    private static void Fuzz(string path, nn.Module encoder, WeightMapping mapping, Func<int, long> write)
    {
        var options = new WeightLoadOptions { Mapping = mapping };
        byte[] before = TinyNetwork.Snapshot(encoder);
        var watch = Stopwatch.StartNew();
        int read = 0, loaded = 0;
        for (int i = 0; i < Cases; i++)
        {
            long bytes = write(i), allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var scope = NewDisposeScope();
                using var file = WeightFile.Open(path);
                foreach (var stored in file.Tensors)
                {
                    stored.Read();
                }

                read++;
                ModelWeights.Load(encoder, file, options);
                loaded++;
                before = TinyNetwork.Snapshot(encoder);
            }
            catch (WeightFileException)
            {
                if (i % 16 == 0)
                {
                    Assert.That(TinyNetwork.Snapshot(encoder), Is.EqualTo(before), $"case {i}");
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}");
            }

            long used = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (used > (1 << 20) + (100 * bytes))
            {
                Assert.Fail($"case {i}: {used} bytes of memory for a file of {bytes}");
            }
        }

        TestContext.Out.WriteLine($"{Cases} cases in {watch.Elapsed.TotalSeconds:F1} s: {read} read, {loaded} loaded");
        Assert.That(read, Is.GreaterThan(Cases / 100), "mutations are small enough to reach what lies deep");
        Assert.That(read, Is.LessThan(Cases), "and large enough to be found");
    }

    // Changes bytes and inserts none, so that blocks stay where they are.
    private static byte[] Flip(byte[] seed, int number)
    {
        var random = new Random(number);
        byte[] bytes = [.. seed];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            ref byte value = ref bytes[random.Next(bytes.Length)];
            value = random.Next(4) switch
            {
                0 => (byte)(value ^ (1 << random.Next(8))),
                1 => (byte)(value + random.Next(-2, 3)),
                2 => (byte)random.Next(256),
                _ => bytes[random.Next(bytes.Length)],
            };
        }

        return bytes;
    }

    // Some file systems flush a file that is emptied and written again; this one is not emptied.
    private static void Write(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }

    // Each case follows from its number alone.
    private static byte[] Mutate(byte[] seed, int number)
    {
        var random = new Random(number);
        if (number % 20 == 0)
        {
            byte[] noise = new byte[random.Next(LargestRandom)];
            random.NextBytes(noise);
            seed.AsSpan(0, Math.Min(noise.Length, random.Next(16))).CopyTo(noise);
            return noise;
        }

        List<byte> bytes = [.. seed];
        for (int edits = random.Next(1, 5); edits > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(3) switch { 0 => 0, 1 => 0x7F, _ => 0xFF };
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at - 1));
                    break;
                case 5:
                    int from = random.Next(bytes.Count), count = Math.Min(random.Next(1, 17), bytes.Count - Math.Max(from, at));
                    for (int i = 0; i < count; i++)
                    {
                        bytes[at + i] = bytes[from + i];
                    }

                    break;
                default:
                    bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at - 1 : 0);
                    break;
            }
        }

        return [.. bytes];
    }
}
