using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>
/// The rows of small things that have unique names and can be renamed. All of them are in one partition: a row for each name with the
/// document, and a row for each id with the name. So one commit changes both, two things never have one name, and a crash leaves nothing
/// half done.
/// </summary>
/// <param name="store">The rows.</param>
/// <param name="retry">Repeats what somebody else overtook.</param>
/// <param name="table">The table; its owner makes the commits that it gets from here.</param>
/// <param name="keyOf">The id and the name.</param>
/// <param name="rowOf">The key of a name; different for different names.</param>
internal sealed class NamedRows<T>(
    IRowStore store,
    CommitRetry retry,
    string table,
    Func<T, (Guid Id, string Name)> keyOf,
    Func<string, string> rowOf
)
    where T : class
{
    private const string Partition = "all";
    private const string NamePrefix = "name|";
    private const string IdPrefix = "id|";
    private const string NameProperty = "name";

    /// <summary>The rows of the names, in the order of their keys.</summary>
    public RowRange Names => RowRange.Prefix(table, Partition, NamePrefix);

    /// <summary>The one that has a name; null when there is none.</summary>
    public async ValueTask<NamedRow<T>?> FindAsync(string name, CancellationToken cancellationToken) =>
        await store.GetAsync(ByName(name), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>The one that has an id; null when there is none.</summary>
    public Task<NamedRow<T>?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        retry.RunAsync<NamedRow<T>?>(
            async token =>
            {
                if (await store.GetAsync(ById(id), token) is not { } row)
                {
                    return new TryResult<NamedRow<T>?>(null);
                }

                // Between the two reads it may have got another name.
                var name = row.Properties.Get<string>(NameProperty)!;
                return await FindAsync(name, token) is { } found && keyOf(found.Value).Id == id ? found : default(TryResult<NamedRow<T>?>);
            },
            cancellationToken
        );

    /// <summary>The row of a name in a table, by the key of the name.</summary>
    public static RowAddress ByName(string table, string row) => new(table, Partition, NamePrefix + row);

    /// <summary>What a row of <see cref="Names"/> holds.</summary>
    public static NamedRow<T> Read(Row row) => new(RowDocs.Read<T>(row), row.ETag);

    /// <summary>Writes a new one; fails when the name or the id is taken.</summary>
    public RowCommit Insert(T value)
    {
        var (id, name) = keyOf(value);
        return new RowCommit()
            .Add(RowOperation.Insert(ByName(name), RowDocs.Of(value)))
            .Add(RowOperation.Insert(ById(id), new RowProperties { { NameProperty, name } }));
    }

    /// <summary>Writes a changed one, perhaps under another name; fails when it is not as it was, or the other name is taken.</summary>
    public RowCommit Replace(NamedRow<T> before, T value)
    {
        var (id, name) = keyOf(value);
        var old = keyOf(before.Value).Name;
        return name == old
            ? new RowCommit().Add(RowOperation.Replace(ByName(name), RowDocs.Of(value), before.ETag))
            : new RowCommit()
                .Add(RowOperation.Delete(ByName(old), before.ETag))
                .Add(RowOperation.Insert(ByName(name), RowDocs.Of(value)))
                .Add(RowOperation.Upsert(ById(id), new RowProperties { { NameProperty, name } }));
    }

    /// <summary>Deletes one; fails when it is not as it was.</summary>
    public RowCommit Delete(NamedRow<T> before)
    {
        var (id, name) = keyOf(before.Value);
        return new RowCommit().Add(RowOperation.Delete(ByName(name), before.ETag)).Add(RowOperation.Delete(ById(id)));
    }

    private RowAddress ByName(string name) => ByName(table, rowOf(name));

    private RowAddress ById(Guid id) => new(table, Partition, IdPrefix + id.ToString("N"));
}
