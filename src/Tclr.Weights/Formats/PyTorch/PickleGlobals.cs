namespace Tclr.Weights;

/// <summary>What a name of Python code stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary>An ordered dictionary.</summary>
    Dictionary,

    /// <summary>A tensor of a storage, an offset, sizes and strides.</summary>
    Tensor,

    /// <summary>A parameter of a tensor.</summary>
    Parameter,

    /// <summary>A tensor with attributes of its own.</summary>
    TensorWithAttributes,

    /// <summary>A shape.</summary>
    Size,

    /// <summary>A class of storages.</summary>
    Storage,

    /// <summary>Something that is passed over.</summary>
    Opaque,
}

/// <summary>The names of Python code that a pickle may use.</summary>
internal static class PickleGlobals
{
    // What training scripts keep beside the weights. Never made or looked into.
    private static readonly string[] Opaque =
    [
        "torch.cuda.amp.grad_scaler.GradScaler", "torch.cuda.amp.grad_scaler.OptState", "torch.cuda.amp.grad_scaler._refresh_per_optimizer_state",
        "torch.amp.grad_scaler.GradScaler", "torch.amp.grad_scaler.OptState", "torch.amp.grad_scaler._refresh_per_optimizer_state",
        "torch.device", "torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
        "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
        "collections.defaultdict", "collections.Counter", "argparse.Namespace", "_codecs.encode",
        "builtins.set", "builtins.frozenset", "builtins.complex", "builtins.bytearray", "builtins.dict", "builtins.list", "builtins.int",
        "__builtin__.set", "__builtin__.frozenset", "__builtin__.complex", "__builtin__.bytearray", "__builtin__.dict", "__builtin__.list", "__builtin__.int",
        "numpy.dtype", "numpy.ndarray",
        "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
    ];

    private static readonly Dictionary<string, PickleGlobal> Known = new PickleGlobal[]
    {
        new(PickleGlobalKind.Dictionary, "collections.OrderedDict"),
        new(PickleGlobalKind.Tensor, "torch._utils._rebuild_tensor"),
        new(PickleGlobalKind.Tensor, "torch._utils._rebuild_tensor_v2"),
        new(PickleGlobalKind.Parameter, "torch._utils._rebuild_parameter"),
        new(PickleGlobalKind.Parameter, "torch._utils._rebuild_parameter_with_state"),
        new(PickleGlobalKind.TensorWithAttributes, "torch._tensor._rebuild_from_type_v2"),
        new(PickleGlobalKind.Size, "torch.Size"),
    }
    .Concat(ElementType.All.Select(type => new PickleGlobal(PickleGlobalKind.Storage, $"torch.{type.Storage}", type)))
    .Concat(Opaque.Select(name => new PickleGlobal(PickleGlobalKind.Opaque, name)))
    .ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>What a name stands for; <see langword="null"/> if it is refused.</summary>
    public static PickleGlobal? Find(string name, IReadOnlyCollection<string> ignoredTypes)
        => Known.TryGetValue(name, out var known) ? known
            : ignoredTypes.Contains(name, StringComparer.Ordinal) ? new(PickleGlobalKind.Opaque, name)
            : null;
}
