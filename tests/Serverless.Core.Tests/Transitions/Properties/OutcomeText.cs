using System.Text;
using Serverless.Core.Json;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>Decisions as texts that are equal when the decisions are, lists and payloads included.</summary>
internal static class OutcomeText
{
    public static string Of<TRun>(TransitionOutcome<TRun> outcome)
        where TRun : class =>
        string.Join(
            '\n',
            $"{outcome.Status} {outcome.Reason} {outcome.DelaySeconds} {outcome.Queueing} {outcome.CacheEntry}",
            Of(outcome.Lease),
            Of(outcome.Written),
            Of(outcome.Run)
        );

    public static string Of<T>(T value) => Encoding.UTF8.GetString(StoredJson.Serialize(value));

    private static string Of(SlotLease? lease) =>
        lease is null ? "no lease" : $"{lease.Id} {string.Join(',', lease.LimitIds)} {lease.Expires:O}";
}
