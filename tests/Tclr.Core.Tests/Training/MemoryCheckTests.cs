using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

/// <summary>Steps that do not fit into memory are refused before the system ends the process.</summary>
public sealed class MemoryCheckTests
{
    [Test]
    public void A_step_that_cannot_fit_is_refused_before_it_starts()
    {
        using var trainer = Builder().Build();

        var error = Assert.ThrowsAsync<TrainingException>(() => trainer.TrainAsync())!;

        Assert.That(error.Message, Does.StartWith("WithBatchSize: a step of 3 videos (18 clips) needs about ").And.Contain("are free").And.Contain("WithMemoryCheck(false)"));
        Assert.That(trainer.Step, Is.Zero);
    }

    [Test]
    public async Task The_check_can_be_left_out()
    {
        using var trainer = Builder().WithMemoryCheck(false).Build();
        Assert.That((await trainer.TrainAsync()).Completed);
    }

    [Test]
    public async Task A_step_that_fits_runs()
    {
        using var trainer = TinyRun.Builder().ForSteps(1).Build();
        Assert.That((await trainer.TrainAsync()).Completed);
    }

    [Test]
    public void What_fits_is_said()
    {
        var step = new StepMemory(PerClip: 1_000_000_000, Views: 10);
        var run = new TrainerConfiguration { BatchSize = 40 };
        var cached = run with { GradientCaching = true };
        Assert.Multiple(() =>
        {
            Assert.That(Refusal(run, null, 50), Does.Contain("a step of 40 videos (400 clips) needs about 400.0 GB for its activations, and 50.0 GB of the machine are free.")
                .And.Contain("What fits: WithGradientCaching() with WithBatchNormScope(AllViews, videosPerPass: 4); WithGradientCaching() with WithBatchNormScope(PerView) (about 40.0 GB); WithBatchSize(5) or less."));
            Assert.That(Refusal(run, null, 30), Does.Contain("What fits: WithGradientCaching() with WithBatchNormScope(AllViews, videosPerPass: 2); WithBatchSize(3) or less."));
            Assert.That(Refusal(run with { BatchNormScope = BatchNormScope.PerView }, null, 50), Does.Contain("What fits: WithGradientCaching(), which holds one pass at a time; WithBatchSize(5) or less."));
            Assert.That(Refusal(run with { BatchNormScope = BatchNormScope.PerView }, null, 9), Does.Contain("What fits: WithGradientCaching() with WithBatchNormScope(PerView, videosPerPass: 8)."));
            Assert.That(Refusal(cached, 10, 50), Does.Contain("a pass of 10 videos (100 clips) needs about 100.0 GB").And.Contain("videosPerPass: 4").And.Not.Contain("WithBatchSize("));
            Assert.That(Refusal(cached with { BatchNormScope = BatchNormScope.PerView }, null, 0.5), Does.Contain("a pass of 40 videos (40 clips)").And.Contain("Not even one video fits"));
            Assert.That(() => step.Check(run, null, Free(400)), Throws.Nothing);
            Assert.That(() => step.Check(cached, 5, Free(50)), Throws.Nothing);
        });

        string Refusal(TrainerConfiguration configuration, int? videosPerPass, double gigabytes)
            => Assert.Throws<TrainingException>(() => step.Check(configuration, videosPerPass, Free(gigabytes)))!.Message;

        static FreeMemory Free(double gigabytes) => new((long)(gigabytes * 1e9), "of the machine");
    }

    [TestCase("", "", 6, "of the machine")]
    [TestCase("0::/", "memory.max=max|memory.current=100", 6, "of the machine")]
    [TestCase("0::/", "memory.max=4000000|memory.current=1500000|memory.stat=anon 5,inactive_file 300000,active_file 200000|memory.swap.max=0", 3, "of the control group (container)")]
    [TestCase("0::/a/b", "a/memory.max=4000000|a/memory.current=1000000|a/memory.swap.max=0|a/b/memory.max=max", 3, "of the control group (container)")]
    [TestCase("0::/a/b", "memory.max=2000000|memory.current=1000000|memory.swap.max=9000000", 2, "of the control group (container)")]
    [TestCase("4:memory:/job\n0::/", "memory/job/memory.limit_in_bytes=4000000|memory/job/memory.usage_in_bytes=1500000|memory/job/memory.stat=total_inactive_file 500000|memory/job/memory.memsw.limit_in_bytes=4000000", 3, "of the control group (container)")]
    [TestCase("9:cpu,memory:/docker/x", "memory/memory.limit_in_bytes=2000000|memory/memory.usage_in_bytes=0", 3, "of the control group (container)")]
    [TestCase("4:memory:/", "memory/memory.limit_in_bytes=9223372036854771712|memory/memory.usage_in_bytes=7", 6, "of the machine")]
    public void The_least_of_machine_and_control_groups_counts(string groups, string files, long megabytes, string limit)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("control groups are of Linux");
        }

        using var root = new TemporaryFolder();
        Write(root, "proc/meminfo", "MemTotal: 8000 kB\nMemAvailable: 5000 kB\nSwapFree: 1000 kB");
        Write(root, "proc/self/cgroup", groups);
        foreach (string[] file in files.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(file => file.Split('=')))
        {
            Write(root, "sys/fs/cgroup/" + file[0], file[1].Replace(',', '\n'));
        }

        var free = FreeMemory.Find(root.Path)!;

        Assert.That((free.Bytes / 1_000_000, free.Limit), Is.EqualTo((megabytes, limit)));
    }

    [Test]
    public void What_cannot_be_read_is_not_known()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("files of Linux");
        }

        using var root = new TemporaryFolder();
        Assert.That(FreeMemory.Find(root.Path), Is.Null);
        Assert.That(FreeMemory.Find()!.Bytes, Is.Positive);
    }

    [Test]
    public void Memory_that_the_heap_kept_is_given_back()
    {
        if (!TorchRuntime.RetainFreedMemory())
        {
            Assert.Ignore("needs glibc's malloc");
        }

        // Many blocks of a size that no heap takes by mmap, and a last one that keeps the heap's end in place.
        const long Size = 400_000_000;
        long before = Environment.WorkingSet;
        var blocks = Enumerable.Range(0, 4000).Select(_ => ones([Size / 4000 / sizeof(float)])).ToList();
        using var last = ones([1000]);
        blocks.ForEach(block => block.Dispose());
        long kept = Environment.WorkingSet - before;
        GlibcMalloc.ReleaseFreedMemory();

        Assert.That(kept, Is.GreaterThan(Size / 2), "the heap keeps what is freed");
        Assert.That(Environment.WorkingSet - before, Is.LessThan(Size / 4));
    }

    [Test]
    public void A_layer_that_works_in_place_holds_nothing_of_its_own()
    {
        using var encoder = new Rectified();
        Assert.That(EncoderCost.Measure(encoder, ones([1, 3, 4, 2, 2])).ActivationBytes, Is.EqualTo(2 * 3 * 16 * sizeof(float)));
    }

    private static TclrTrainerBuilder Builder() => TinyRun.Builder().ForSteps(1).UseEncoder(() => new Immense());

    private static void Write(TemporaryFolder root, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root[name])!);
        File.WriteAllText(root[name], text);
    }

    /// <summary>An encoder whose layer says that its output is immense; it repeats the same numbers without storing them.</summary>
    private sealed class Immense : nn.Module<Tensor, Tensor>, IVideoEncoder
    {
        private readonly Linear fc = nn.Linear(3, 4);
        private readonly Repeat repeat = new();

        public Immense()
            : base(nameof(Immense)) => RegisterComponents();

        public int FeatureDimension => 4;

        public nn.Module Network => this;

        public Tensor Encode(Tensor clips) => call(clips);

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var slices = repeat.call(input).select(0, 0).mean([3, 4]);                          // [N, 3, T]
            return fc.call(slices.transpose(1, 2)).transpose(1, 2).narrow(2, 0, 2).MoveToOuterDisposeScope();
        }
    }

    private sealed class Repeat : nn.Module<Tensor, Tensor>
    {
        public Repeat()
            : base(nameof(Repeat))
        {
        }

        public override Tensor forward(Tensor input) => input.unsqueeze(0).expand([1L << 50, .. input.shape]);
    }

    private sealed class Rectified : nn.Module<Tensor, Tensor>, IVideoEncoder
    {
        private readonly BatchNorm3d bn = nn.BatchNorm3d(3);
        private readonly ReLU first = nn.ReLU(inplace: true);
        private readonly ReLU second = nn.ReLU();

        public Rectified()
            : base(nameof(Rectified)) => RegisterComponents();

        public int FeatureDimension => 3;

        public nn.Module Network => this;

        public Tensor Encode(Tensor clips) => call(clips);

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return second.call(first.call(bn.call(input))).mean([3, 4]).MoveToOuterDisposeScope();
        }
    }
}
