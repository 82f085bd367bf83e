namespace Tclr.Losses.Kernels.Fused;

/// <summary>A part of the upper half of a symmetric matrix: rows, and columns from these rows' own on.</summary>
/// <param name="FirstRow">The first row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="FirstColumn">The first column.</param>
/// <param name="Columns">Number of columns.</param>
internal readonly record struct Tile(int FirstRow, int Rows, int FirstColumn, int Columns)
{
    /// <summary>Number of the first columns that are those of the rows themselves: this square is computed as a whole.</summary>
    public int Square => FirstColumn == FirstRow ? Rows : 0;

    /// <summary>Number of elements.</summary>
    public long Elements => (long)Rows * Columns;

    /// <summary>Covers the upper half of a matrix.</summary>
    /// <param name="size">Its number of rows.</param>
    /// <param name="sizes">How large the tiles are.</param>
    public static List<Tile> Cover(int size, TileSizes sizes)
    {
        var tiles = new List<Tile>();
        int step = Math.Clamp((size + sizes.RowRanges - 1) / sizes.RowRanges, sizes.FewestRows, sizes.MostRows);
        for (int row = 0; row < size; row += step)
        {
            int rows = Math.Min(step, size - row);
            for (int column = row; column < size;)
            {
                int columns = Math.Min(Math.Max(sizes.MostColumns, column == row ? rows : 1), size - column);
                tiles.Add(new Tile(row, rows, column, columns));
                column += columns;
            }
        }

        return tiles;
    }
}

/// <summary>How the matrix is divided.</summary>
/// <param name="RowRanges">Number of ranges of rows: with many, little of the lower half is computed; few make better products.</param>
/// <param name="FewestRows">Fewest rows of a tile where the matrix has more.</param>
/// <param name="MostRows">Most rows of a tile.</param>
/// <param name="MostColumns">Most columns of a tile.</param>
/// <param name="KeptElements">Elements of all tiles up to which they are kept between the passes.</param>
/// <param name="ChunkElements">Elements below which a second thread does not pay.</param>
internal sealed record TileSizes(int RowRanges, int FewestRows, int MostRows, int MostColumns, long KeptElements, long ChunkElements)
{
    /// <summary>The sizes in use.</summary>
    public static TileSizes Default { get; } = new(8, 128, 512, 8192, 1 << 26, 1 << 16);
}
