namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>The facts of an operation.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Tag">The group that it belongs to.</param>
/// <param name="Parameters">The types of its parameters, by place and name.</param>
/// <param name="Body">The type of its body; null for none.</param>
/// <param name="Answers">The types of its answers, by status.</param>
internal sealed record ContractOperation(
    string Id,
    string Tag,
    SortedDictionary<string, string> Parameters,
    string? Body,
    SortedDictionary<string, string> Answers
);
