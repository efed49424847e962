using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>A value in a result storage that a flow's body hands on as its own.</summary>
/// <param name="Stored">Where it lies.</param>
/// <param name="InItsPlace">What the body returns in its place, as JSON.</param>
internal sealed record HandedOnResult(StoredResult Stored, string InItsPlace)
{
    /// <summary>What the body came to, with the value.</summary>
    /// <exception cref="InvalidOperationException">It returned something else.</exception>
    internal Returned In(Returned returned) =>
        returned.State.Type == StateType.Completed && returned.ResultJson == InItsPlace
            ? returned with
            {
                ResultJson = null,
                Stored = Stored,
            }
            : throw new InvalidOperationException(
                "The flow called AsResultAsync(), but returned something else: write 'return await future.AsResultAsync();'."
            );
}
