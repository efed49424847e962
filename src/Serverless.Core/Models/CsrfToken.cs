namespace Serverless.Core.Models;

/// <summary>
/// What a client shows with each request that changes something, so that a foreign page cannot make such requests in its name.
/// </summary>
public sealed record CsrfToken
{
    /// <summary>An id that follows from the client's name.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The same.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The text to show.</summary>
    public required string Token { get; init; }

    /// <summary>The client's name for itself, which it shows beside the token.</summary>
    public required string Client { get; init; }

    /// <summary>From when on the token is not valid any more.</summary>
    public required DateTimeOffset Expiration { get; init; }
}
