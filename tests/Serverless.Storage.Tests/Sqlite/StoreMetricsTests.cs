using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Storage.Sqlite;
using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class StoreMetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Attributes)> _all = new();

    public StoreMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ServerlessTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        void Take(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _all.Enqueue((instrument.Name, measured, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        _listener.SetMeasurementEventCallback<int>((instrument, measured, tags, _) => Take(instrument, measured, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, measured, tags, _) => Take(instrument, measured, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, measured, tags, _) => Take(instrument, measured, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commits_WrittenAndInConflict_AreMeasured()
    {
        // Other tests write meanwhile, but nobody else has commits of this many rows.
        const int Rows = 77;
        await using (SqliteRowStore store = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = _folder.Database }))
        {
            (await store.CommitAsync(CommitOf(Rows))).Succeeded.ShouldBeTrue();
            (await store.CommitAsync(CommitOf(Rows))).Succeeded.ShouldBeFalse();
        }

        // The writer measures behind its callers' backs; the store is closed after that.
        _all.ShouldContain(each =>
            each.Instrument == "serverless.store.commits"
            && each.Attributes == "serverless.store.kind=sqlite serverless.commit.outcome=written"
        );
        _all.ShouldContain(each =>
            each.Instrument == "serverless.store.commits"
            && each.Attributes == "serverless.store.kind=sqlite serverless.commit.outcome=conflict"
        );
        _all.Count(each => each.Instrument == "serverless.store.commit.rows" && each.Value == Rows).ShouldBe(1);
        _all.ShouldContain(each => each.Instrument == "serverless.store.commit.duration" && each.Value > 0);
        _all.ShouldContain(each => each.Instrument == "serverless.store.group.commits" && each.Value >= 1);
        _all.ShouldContain(each => each.Instrument == "serverless.store.sync.duration" && each.Value > 0);
    }

    private static RowCommit CommitOf(int rows)
    {
        RowCommit commit = new();
        for (var i = 0; i < rows; i++)
        {
            commit.Add(RowOperation.Insert(new RowAddress("things", "p", $"r{i}"), []));
        }

        return commit;
    }
}
