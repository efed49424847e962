namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST …/paginate</c>.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Results">The items of the page.</param>
/// <param name="Count">How many items match.</param>
/// <param name="Limit">How many a page holds at most.</param>
/// <param name="Pages">How many pages there are; 0 when a page holds none.</param>
/// <param name="Page">Which page this is; the first is 1.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Results, int Count, int Limit, int Pages, int Page);
