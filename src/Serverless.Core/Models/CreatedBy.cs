namespace Serverless.Core.Models;

/// <summary>Who created something.</summary>
public sealed record CreatedBy
{
    /// <summary>The id of that user, deployment, schedule or automation.</summary>
    public Guid? Id { get; init; }

    /// <summary>What it is, such as <c>DEPLOYMENT</c> or <c>SCHEDULE</c>.</summary>
    public string? Type { get; init; }

    /// <summary>How to show it.</summary>
    public string? DisplayValue { get; init; }
}
