namespace Serverless.Web.Limits;

/// <summary>A concurrency limit in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">The tag, the deployment's name, or its own.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Slots">How many slots there are.</param>
/// <param name="Taken">How many are taken.</param>
/// <param name="IsActive">Whether it is enforced.</param>
/// <param name="HasQueue">Whether runs wait for a slot.</param>
/// <param name="Decay">How many slots become free a second by themselves; 0 for none.</param>
public sealed record LimitRow(Guid Id, string Title, LimitKind Kind, int Slots, int Taken, bool IsActive, bool HasQueue, double Decay);
