using System.Globalization;
using System.Text;

namespace Tclr.Core.Tests;

public sealed class EventFileTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, 250, TimeSpan.Zero);

    // CRC-32C of '123456789' is E3069283 (its check value), of 32 zero bytes 8A9136AA (RFC 3720, B.4); masked as TFRecord does.
    [TestCase("313233343536373839", 0xE3069283)]
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [TestCase("", 0u)]
    public void Checksums_are_masked_CRC_32C(string hex, uint crc)
        => Assert.That(EventFile.MaskedCrc(Convert.FromHexString(hex)), Is.EqualTo(unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8)));

    // Every event file of TensorFlow starts with these bytes: a record of 24 bytes, the checksum of that, a double as field 1.
    [Test]
    public void The_file_starts_as_TensorFlow_starts_it()
    {
        using var folder = new TemporaryFolder();
        new EventFile(folder.Path).Dispose();
        byte[] bytes = File.ReadAllBytes(OnlyFile(folder));

        Assert.That(Convert.ToHexString(bytes.AsSpan(0, 13)), Is.EqualTo("1800000000000000A37F4B2209"));
        Assert.That(Encoding.ASCII.GetString(bytes, 12 + 11, 13), Is.EqualTo("brain.Event:2"));
        Assert.That(Path.GetFileName(OnlyFile(folder)), Does.Match(@"^events\.out\.tfevents\.\d{10}\..+\.\d+$"));
    }

    [Test]
    public void Scalars_read_back_with_tag_value_step_and_time()
    {
        using var folder = new TemporaryFolder();
        (string Tag, double Value, long Step)[] written =
        [
            ("loss", 1.5, 1), ("loss/local_local", -0.25, 128), ("größe", 1e300, 3_000_000_000), ("none", double.NaN, 0), (new string('x', 300), double.NegativeInfinity, -1),
        ];
        using (CultureScope("de-DE"))
        using (var log = new EventFile(folder.Path))
        {
            foreach (var (tag, value, step) in written)
            {
                log.WriteScalar(tag, value, step, Noon);
            }

            log.Flush();
            Assert.That(EventFileReader.Read(OnlyFile(folder)), Has.Count.EqualTo(6), "readable while it is open");
        }

        var events = EventFileReader.Read(OnlyFile(folder)).Skip(1).ToList();

        Assert.That(events.Select(e => e.Step), Is.EqualTo(written.Select(w => w.Step)));
        Assert.That(events.Select(e => e.Tag), Is.EqualTo(written.Select(w => w.Tag)));
        Assert.That(events.Select(e => e.Value), Is.EqualTo(written.Select(w => (float)w.Value)));
        Assert.That(events.Select(e => e.WallTime), Is.All.EqualTo(Noon.ToUnixTimeMilliseconds() / 1000.0));
    }

    [Test]
    public void A_second_log_in_the_same_second_has_a_file_of_its_own()
    {
        using var folder = new TemporaryFolder();
        using var first = new EventFile(folder.Path);
        using var second = new EventFile(folder.Path);

        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows keeps the name of a file that is open")]
    public void A_log_that_is_deleted_while_it_is_open_is_written_again()
    {
        using var folder = new TemporaryFolder();
        using var log = new EventFile(folder.Path);
        log.WriteScalar("loss", 1, 1, Noon);
        Directory.Delete(folder.Path, recursive: true);
        log.WriteScalar("loss", 2, 2, Noon);
        log.Flush();
        log.WriteScalar("loss", 3, 3, Noon);
        log.Flush();

        Assert.That(EventFileReader.Read(OnlyFile(folder)).Select(e => e.Step), Is.EqualTo((long[])[0, 1, 2, 3]));
    }

    [Test]
    public void A_value_without_a_name_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var log = new EventFile(folder.Path);

        Assert.That(() => log.WriteScalar(string.Empty, 1, 1, Noon), Throws.ArgumentException);
    }

    private static string OnlyFile(TemporaryFolder folder) => Directory.GetFiles(folder.Path).Single();

    private static Restored CultureScope(string name)
    {
        var restored = new Restored(CultureInfo.CurrentCulture);
        CultureInfo.CurrentCulture = new CultureInfo(name);
        return restored;
    }

    private sealed class Restored(CultureInfo culture) : IDisposable
    {
        public void Dispose() => CultureInfo.CurrentCulture = culture;
    }
}
