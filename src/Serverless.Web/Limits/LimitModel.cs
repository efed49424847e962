namespace Serverless.Web.Limits;

/// <summary>What the page of a concurrency limit shows.</summary>
/// <param name="Row">The limit.</param>
/// <param name="Name">Its name, as requests give it.</param>
/// <param name="Occupancy">For how many seconds a slot has been held on average.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Holders">Who holds slots, longest first.</param>
/// <param name="Held">How many leases there are.</param>
/// <param name="Counted">How many slots are taken of which nobody says for whom.</param>
/// <param name="Waits">Who waits, in order.</param>
/// <param name="HasMoreWaits">Whether more wait.</param>
public sealed record LimitModel(
    LimitRow Row,
    string Name,
    double Occupancy,
    DateTimeOffset Created,
    IReadOnlyList<SlotHolder> Holders,
    int Held,
    int Counted,
    IReadOnlyList<SlotHolder> Waits,
    bool HasMoreWaits
);
