namespace Serverless.Storage.Columns;

/// <summary>A column of a <see cref="ColumnTable"/>.</summary>
/// <param name="Name">Its name: lower-case letters and underscores.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Position">Its place among the columns of its table.</param>
public sealed record Column(string Name, ColumnType Type, int Position);
