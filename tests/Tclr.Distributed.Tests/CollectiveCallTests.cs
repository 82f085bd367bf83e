using static TorchSharp.torch;

namespace Tclr.Distributed.Tests;

public sealed class CollectiveCallTests
{
    private static readonly CollectiveCall Call = new("AllReduce", 3, ScalarType.Float32, [2, 3], OnGpu: false);

    private static IEnumerable<CollectiveCall> Others { get; } =
    [
        Call with { Operation = "AllGather" }, Call with { Number = 4 }, Call with { Type = ScalarType.Float64 }, Call with { Type = null },
        Call with { Shape = [3, 2] }, Call with { Shape = [6] }, Call with { Shape = [] }, Call with { OnGpu = true },
    ];

    [Test]
    public void Equal_calls_have_equal_numbers() => Assert.That(Fields(Call with { Shape = [2, 3] }), Is.EqualTo(Fields(Call)));

    [Test]
    public void Other_calls_have_others()
    {
        foreach (var other in Others)
        {
            Assert.That(Fields(other), Is.Not.EqualTo(Fields(Call)), other.ToString());
        }
    }

    [Test]
    public void The_text_names_operation_type_and_shape()
    {
        Assert.That(Call.ToString(), Is.EqualTo("AllReduce no. 3 (Float32 [2,3])"));
        Assert.That((Call with { OnGpu = true }).ToString(), Is.EqualTo("AllReduce no. 3 (Float32 [2,3] on the GPU)"));
        Assert.That(new CollectiveCall("Barrier", 4, null, [], OnGpu: false).ToString(), Is.EqualTo("Barrier no. 4"));
    }

    private static long[] Fields(CollectiveCall call)
    {
        long[] fields = new long[CollectiveCall.FieldCount];
        call.Fields(fields);
        return fields;
    }
}
