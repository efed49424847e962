namespace Serverless.Server.Retention;

/// <summary>One kind of what goes when it is old enough.</summary>
internal interface IRetainedKind
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>What it is to people, in the plural.</summary>
    string Things { get; }

    /// <summary>For how many days it stays; null when no age is set for it.</summary>
    int? KeepDays { get; }

    /// <summary>How many of them a step looks at.</summary>
    int MostExamined { get; }

    /// <summary>Looks at what may be old enough, and at no more than that.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="from">Where an earlier look stopped; null for the start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    IAsyncEnumerable<RetainedThing> FindAsync(DateTimeOffset before, string? from, CancellationToken cancellationToken);
}
