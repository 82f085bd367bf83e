namespace Tclr.Losses;

/// <summary>The losses as pure functions of embeddings.</summary>
/// <remarks>
/// <para>Rows are expected to have unit length: similarity is the plain dot product. The caller normalises them.</para>
/// <para>
/// Float64 and float32 inputs are computed in their own precision; float16 and bfloat16 are raised to float32 inside, and
/// the value is float32. Gradients come back in the type of the input.
/// </para>
/// <para>Inputs stay with the caller; the returned scalar is the caller's to dispose.</para>
/// </remarks>
public static partial class Functional;
