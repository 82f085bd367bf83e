namespace Tclr.Data.Tests;

/// <summary>Videos that fail, and their substitutes.</summary>
public sealed partial class ClipLoaderTests
{
    [Test]
    public async Task A_video_that_fails_is_replaced_by_one_after_the_batch_and_recorded()
    {
        var good = await CollectAsync((await LoaderAsync(new FakeVideoReader(), 13)).ReadAsync(Request));
        var order = good.SelectMany(batch => batch.Samples).ToList();
        foreach (int workers in new[] { 1, 3 })
        {
            var reader = new FakeVideoReader();
            var loader = await LoaderAsync(reader, 13, new ClipLoaderOptions { Workers = workers, MaximumFaultyShare = 0.2 });
            reader.Broken.Add(order[1]);
            reader.Broken.Add(order[11]);
            var batches = await CollectAsync(loader.ReadAsync(Request));

            // Place 1 takes from place 5 on every fourth, place 11 from place 15 on, which is 2 of 13.
            Assert.That(batches[0].Samples, Is.EqualTo(new[] { order[0], order[5], order[2], order[3] }));
            Assert.That(batches[1].Samples, Is.EqualTo(order[4..8]));
            Assert.That(batches[2].Samples, Is.EqualTo(new[] { order[8], order[9], order[10], order[2] }));
            Assert.That(loader.Faults.Select(video => video.Path), Is.EqualTo(new[] { order[1], order[11] }));
            Assert.That(loader.Faults.First().Reason, Is.EqualTo("broken on purpose"));
            Assert.That(batches[1].Values, Is.EqualTo(good[1].Values));
            int sample = good[0].Values.Length / 4;
            Assert.That(batches[0].Values[..sample], Is.EqualTo(good[0].Values[..sample]));
            Assert.That(batches[0].Values[(2 * sample)..], Is.EqualTo(good[0].Values[(2 * sample)..]));
        }
    }

    [Test]
    public async Task Substitutes_in_a_batch_differ()
    {
        var order = (await CollectAsync((await LoaderAsync(new FakeVideoReader(), 12)).ReadAsync(Request))).SelectMany(batch => batch.Samples).ToList();
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 12, new ClipLoaderOptions { MaximumFaultyShare = 0.5 });
        reader.Broken.UnionWith([order[0], order[2], order[4]]);
        var batches = await CollectAsync(loader.ReadAsync(Request));
        Assert.That(batches[0].Samples, Is.EqualTo(new[] { order[8], order[1], order[6], order[3] }));
        Assert.That(batches[1].Samples, Is.EqualTo(new[] { order[8], order[5], order[6], order[7] }));
        Assert.That(loader.Faults, Has.Count.EqualTo(3));
    }

    [Test]
    public void Every_place_has_substitutes_that_no_other_place_of_the_batch_tries_first()
    {
        var job = new ReadJob([.. Enumerable.Range(0, 11)], 0, 0, BatchSize: 4, FirstStep: 0, Steps: 2, Substitute: true);
        int[][] lists = [.. Enumerable.Range(4, 4).Select(place => job.SubstitutesOf(1, place).ToArray())];
        Assert.That(lists[0], Is.EqualTo(new[] { 8, 1, 9, 10, 0, 2, 3, 5, 6, 7 }));
        Assert.That(lists.Select(list => list.Length), Is.All.EqualTo(10));
        Assert.That(lists.SelectMany(list => list.Take(1)), Is.Unique);
        Assert.That(lists[3][^3..], Is.EqualTo(new[] { 4, 5, 6 }));
    }

    [Test]
    public async Task Without_others_a_video_of_the_batch_stands_in_with_its_own_augmentation()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 4);
        reader.Broken.Add("v02");
        var batch = (await CollectAsync(loader.ReadAsync(Request))).Single();
        Assert.That(batch.Samples, Does.Not.Contain("v02"));
        Assert.That(batch.Samples.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(3));
        int length = batch.Values.Length / 4;
        Assert.That(Enumerable.Range(0, 4).Select(slot => batch.Values[slot * length]), Is.Unique);
    }

    [Test]
    public async Task Too_many_failures_are_an_error_that_names_them()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 20);
        reader.Broken.UnionWith(["v01", "v02", "v03", "v04"]);
        Assert.That(
            () => CollectAsync(loader.ReadAsync(Request)),
            Throws.TypeOf<VideoDataException>().With.Message.Contains("broken on purpose").And.Message.Contains("2 "));
        Assert.That(reader.Active, Is.Zero);
    }

    [Test]
    public async Task In_order_reading_has_no_substitutes()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 5);
        reader.Broken.Add("v03");
        Assert.That(() => CollectAsync(loader.ReadInOrderAsync(5)), Throws.TypeOf<VideoDataException>().With.Message.Contains("'v03'"));
    }

    [Test]
    public async Task A_failure_that_is_no_videos_fault_ends_reading()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 8);
        reader.OnRead = (path, _) => throw new InvalidOperationException("disk on fire");
        Assert.That(
            () => CollectAsync(loader.ReadAsync(Request)),
            Throws.TypeOf<VideoDataException>().With.Message.Contains("disk on fire").And.InnerException.TypeOf<InvalidOperationException>());
        Assert.That(reader.Active, Is.Zero);
    }
}
