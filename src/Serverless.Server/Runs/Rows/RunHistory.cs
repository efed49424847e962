using System.Buffers.Binary;
using System.Text;
using Serverless.Core.Json;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// What the row of a run holds besides the run and its state: the states before it, and the result. Both lie in rows of their own where
/// they are too large for that.
/// </summary>
/// <param name="Past">The states before the present one, oldest first, each after its length in bytes; null for none.</param>
/// <param name="HasStateRows">Whether still older states lie in rows of their own.</param>
/// <param name="Result">The result's JSON in UTF-8; null for none, and for one in a row of its own.</param>
/// <param name="HasResultRow">Whether the result lies in a row of its own.</param>
internal sealed record RunHistory(byte[]? Past = null, bool HasStateRows = false, byte[]? Result = null, bool HasResultRow = false)
{
    /// <summary>Bytes of past states that a run's row holds. With one more, all of them move into rows of their own.</summary>
    public const int MaxPastBytes = 4096;

    /// <summary>Bytes of a result that a run's row holds: lists of runs read them too.</summary>
    public const int MaxResultBytes = 1024;

    /// <summary>In the place of a result that is not kept: the row tells that there was one. It is no JSON.</summary>
    public const string NotKept = "-";

    private const string PastProperty = "past";
    private const string StateRowsProperty = "state-rows";
    private const string ResultProperty = "result";
    private const string ResultRowProperty = "result-row";

    /// <summary>Of a run that has not been written.</summary>
    public static RunHistory None { get; } = new();

    /// <summary>Reads the row of a run.</summary>
    public static RunHistory From(Row row) =>
        new(
            row.Properties.Get<byte[]>(PastProperty),
            row.Properties.Get<bool>(StateRowsProperty),
            row.Properties.Get<byte[]>(ResultProperty),
            row.Properties.Get<bool>(ResultRowProperty)
        );

    /// <summary>Whether a result is there that somebody may want: <c>null</c> is no loss.</summary>
    public bool HasResult => HasResultRow || (Result is not null && !IsLost && !Result.AsSpan().SequenceEqual("null"u8));

    /// <summary>Whether the run has ended with a result that was not kept.</summary>
    public bool IsLost => Result is [(byte)'-'];

    /// <summary>The states that the row holds besides the present one, oldest first.</summary>
    public IEnumerable<State> States()
    {
        for (var at = 0; at < Past?.Length; )
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(Past.AsSpan(at));
            yield return StoredJson.Deserialize<State>(Past.AsSpan(at + sizeof(int), length));
            at += sizeof(int) + length;
        }
    }

    /// <summary>Adds it to a run's row.</summary>
    public void AddTo(RowProperties properties)
    {
        properties.Add(PastProperty, Past);
        properties.Add(StateRowsProperty, HasStateRows ? true : null);
        properties.Add(ResultProperty, Result);
        properties.Add(ResultRowProperty, HasResultRow ? true : null);
    }

    /// <summary>The history after further states, with the result that comes with the last of them.</summary>
    /// <param name="before">The history before them; null for a new run.</param>
    /// <param name="present">The state that the run is in before them; null for none.</param>
    /// <param name="written">The further states; none change nothing.</param>
    /// <param name="resultJson">The result; null for none.</param>
    /// <param name="moved">The states that are to lie in rows of their own from now on.</param>
    public static RunHistory After(
        RunHistory? before,
        State? present,
        IReadOnlyList<State> written,
        string? resultJson,
        out IReadOnlyList<State> moved
    )
    {
        var history = (before ?? None).With(present, written, out moved);
        return written switch
        {
            // What was rolled back has no result any more.
            [.., { Name: StateNames.RolledBack }] => history with { Result = null, HasResultRow = false },
            [.., { } last] => history.WithResult(present?.Type, last.Type, resultJson),
            _ => history,
        };
    }

    /// <summary>The history after further states.</summary>
    /// <param name="present">The state that the run is in before them; null for none.</param>
    /// <param name="written">The further states, of which the last is the present one then.</param>
    /// <param name="moved">The states that are to lie in rows of their own from now on.</param>
    public RunHistory With(State? present, IReadOnlyList<State> written, out IReadOnlyList<State> moved)
    {
        moved = [];
        if (written.Count == 0)
        {
            return this;
        }

        List<State> left = present is null ? [] : [present];
        left.AddRange(written.Take(written.Count - 1));
        if (left.Count == 0)
        {
            return this;
        }

        if (TryPack(Past, left) is { } past)
        {
            return this with { Past = past };
        }

        moved = [.. States(), .. left];
        return this with { Past = null, HasStateRows = true };
    }

    /// <summary>The history with a state that is older than the present one and came late, in its place by time.</summary>
    /// <param name="late">The state.</param>
    /// <param name="moved">The states that are to lie in rows of their own from now on.</param>
    public RunHistory WithLate(State late, out IReadOnlyList<State> moved)
    {
        State[] known = [.. States()];
        if (HasStateRows && (known.Length == 0 || late.Timestamp < known[0].Timestamp))
        {
            moved = [late];
            return this;
        }

        State[] all = [.. known.Append(late).OrderBy(state => state.Timestamp)];
        if (TryPack(null, all) is { } past)
        {
            moved = [];
            return this with { Past = past };
        }

        moved = all;
        return this with { Past = null, HasStateRows = true };
    }

    /// <summary>Past states with further ones; null when a run's row has no room for them.</summary>
    private static byte[]? TryPack(byte[]? before, IReadOnlyList<State> further)
    {
        byte[][] documents = [.. further.Select(StoredJson.Serialize)];
        var length = (before?.Length ?? 0) + documents.Sum(document => sizeof(int) + document.Length);
        if (length > MaxPastBytes)
        {
            return null;
        }

        var past = new byte[length];
        before?.CopyTo(past, 0);
        var at = before?.Length ?? 0;
        foreach (var document in documents)
        {
            BinaryPrimitives.WriteInt32LittleEndian(past.AsSpan(at), document.Length);
            document.CopyTo(past, at + sizeof(int));
            at += sizeof(int) + document.Length;
        }

        return past;
    }

    /// <summary>
    /// The history with the result that goes with the run's last state. A result is there only while the run is in the final state that it
    /// came with. Completed once more leaves it (as <c>PreventResultDataLoss</c> leaves the result that a state itself holds).
    /// </summary>
    /// <param name="before">The state that the run was in; null for none.</param>
    /// <param name="last">The state that it enters.</param>
    /// <param name="resultJson">The result that comes with that state; null for none.</param>
    public RunHistory WithResult(StateType? before, StateType last, string? resultJson)
    {
        if (resultJson is not null && last.IsFinal())
        {
            return Encoding.UTF8.GetByteCount(resultJson) > MaxResultBytes
                ? this with
                {
                    Result = null,
                    HasResultRow = true,
                }
                : this with
                {
                    Result = Encoding.UTF8.GetBytes(resultJson),
                    HasResultRow = false,
                };
        }

        return before?.IsFinal() == true && (before, last) is not (StateType.Completed, StateType.Completed)
            ? this with
            {
                Result = null,
                HasResultRow = false,
            }
            : this;
    }
}
