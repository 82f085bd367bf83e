namespace Tclr.Distributed.Mpi;

/// <summary>Libraries of MPI with one binary interface: the values of handles and constants, which MPI before version 5 left to each library.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Files">File names of the library, the likeliest first.</param>
/// <param name="Handles">Finds handles and constants in a loaded library.</param>
internal sealed record MpiFamily(string Name, IReadOnlyList<string> Files, Func<Func<string, nint>, MpiHandles> Handles)
{
    /// <summary>Open MPI 3 to 5. Handles are addresses of exported objects.</summary>
    public static MpiFamily OpenMpi { get; } = new("Open MPI", ["libmpi.so.40"], export => new MpiHandles(
        World: export("ompi_mpi_comm_world"),
        Float: export("ompi_mpi_float"),
        Double: export("ompi_mpi_double"),
        Int64: export("ompi_mpi_int64_t"),
        Byte: export("ompi_mpi_byte"),
        Sum: export("ompi_mpi_op_sum"),
        Max: export("ompi_mpi_op_max"),
        ErrorsReturn: export("ompi_mpi_errors_return"),
        InPlace: 1));

    /// <summary>MPICH 3.1 and later, and its descendants: Intel MPI, MVAPICH, Cray MPICH. Handles are 32-bit numbers.</summary>
    public static MpiFamily Mpich { get; } = new("MPICH", ["libmpich.so.12", "libmpi.so.12"], _ => new MpiHandles(
        World: 0x44000000,
        Float: 0x4c00040a,
        Double: 0x4c00080b,
        Int64: 0x4c00083a,
        Byte: 0x4c00010d,
        Sum: 0x58000003,
        Max: 0x58000001,
        ErrorsReturn: 0x54000001,
        InPlace: -1));

    /// <summary>The binary interface that MPI 5.0 standardizes.</summary>
    public static MpiFamily Abi { get; } = new("MPI 5", ["libmpi_abi.so.0"], _ => new MpiHandles(
        World: 0x101,
        Float: 0x210,
        Double: 0x214,
        Int64: 0x258,
        Byte: 0x247,
        Sum: 0x21,
        Max: 0x23,
        ErrorsReturn: 0x143,
        InPlace: 1));
}

/// <summary>Handles and constants of an MPI library.</summary>
internal sealed record MpiHandles(nint World, nint Float, nint Double, nint Int64, nint Byte, nint Sum, nint Max, nint ErrorsReturn, nint InPlace);
