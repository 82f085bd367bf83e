using MathNet.Numerics.LinearAlgebra;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>
/// The largest eigenvalues of a symmetric matrix by subspace iteration: a whole decomposition of a 2,048 x 2,048 matrix
/// takes half a minute, and two of its vectors are wanted.
/// </summary>
internal static class LeadingEigenvectors
{
    /// <summary>Vectors carried along beyond those wanted: they speed up convergence.</summary>
    private const int Extra = 16;
    private const int MostIterations = 100;
    private const double Tolerance = 1e-9;

    /// <summary>Eigenvalues, descending, and their unit vectors as columns.</summary>
    public static (double[] Values, double[,] Vectors) Of(Tensor matrix, int count, CancellationToken cancellationToken)
    {
        int size = (int)matrix.shape[0], block = Math.Min(size, count + Extra);
        var random = CounterRandom.For(0);
        var basis = Matrix<double>.Build.Dense(size, block, (_, _) => random.NextGaussian()).QR().Q.SubMatrix(0, size, 0, block);
        for (int iteration = 1; ; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = Times(matrix, basis);
            var inner = basis.TransposeThisAndMultiply(image);
            var turn = ((inner + inner.Transpose()) / 2).Evd(Symmetricity.Symmetric);

            // Ascending in the decomposition.
            var order = Matrix<double>.Build.DenseOfColumnVectors(Enumerable.Range(0, block).Select(i => turn.EigenVectors.Column(block - 1 - i)));
            double[] values = [.. turn.EigenValues.Reverse().Select(value => value.Real)];
            var vectors = basis * order;
            image *= order;
            if (iteration == MostIterations || Enumerable.Range(0, count).All(i => (image.Column(i) - (vectors.Column(i) * values[i])).L2Norm() <= Tolerance * Math.Abs(values[0])))
            {
                return (values[..count], vectors.SubMatrix(0, size, 0, count).ToArray());
            }

            basis = image.QR().Q.SubMatrix(0, size, 0, block);
        }
    }

    private static Matrix<double> Times(Tensor matrix, Matrix<double> columns)
    {
        using var scope = NewDisposeScope();
        var product = matrix.mm(tensor(columns.ToRowMajorArray(), [columns.RowCount, columns.ColumnCount]));
        return Matrix<double>.Build.DenseOfRowMajor(columns.RowCount, columns.ColumnCount, product.contiguous().data<double>().ToArray());
    }
}
