namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>The facts of an object.</summary>
/// <param name="Closed">Whether members with other names are refused.</param>
/// <param name="Members">The types of its members, by name.</param>
internal sealed record ContractSchema(bool Closed, SortedDictionary<string, string> Members);
