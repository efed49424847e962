namespace Serverless.Server.Api;

/// <summary>Body of lists that take no filter; all of it may be left out.</summary>
internal sealed record PageRequestBody
{
    /// <summary>How many to return at most.</summary>
    public int? Limit { get; init; }

    /// <summary>How many to skip.</summary>
    public int Offset { get; init; }
}
