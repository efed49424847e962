using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Variables;

/// <summary>Variables: values with unique names.</summary>
public sealed class VariableService(IRowStore store, TimeProvider time, IIdGenerator ids, CommitRetry retry)
{
    /// <summary>How many values are read one by one; for more names all variables are read.</summary>
    private const int MostReads = 20;

    private readonly NamedRows<Variable> _rows = VariableKeys.Rows(store, retry);

    /// <summary>Creates a variable.</summary>
    /// <exception cref="RequestConflictException">There is one of that name.</exception>
    public Task<Variable> CreateAsync(VariableCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return retry.RunAsync<Variable>(
            async token =>
            {
                if (await _rows.FindAsync(request.Name, token) is not null)
                {
                    throw Taken(request.Name);
                }

                return await TryCreateAsync(ids.NewId(), request.Name, request.Value, request.Tags, token) is { } created
                    ? created
                    : default(TryResult<Variable>);
            },
            cancellationToken
        );
    }

    /// <summary>Creates a variable, or changes the one of that name; false when that may not be overwritten.</summary>
    /// <param name="id">The id of a new variable. One that has it already was created by this call, which is repeated.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="tags">The tags; null to leave those of an existing variable.</param>
    /// <param name="overwrite">Whether an existing variable may be changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<bool> SetAsync(
        Guid id,
        string name,
        JsonElement value,
        IReadOnlyList<string>? tags,
        bool overwrite,
        CancellationToken cancellationToken = default
    ) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await _rows.FindAsync(name, token) is not { Value: { } stored })
                {
                    return await TryCreateAsync(id, name, value, tags ?? [], token) is not null ? true : default(TryResult<bool>);
                }

                if (stored.Id == id || !overwrite)
                {
                    return stored.Id == id;
                }

                var update = new VariableUpdate { Value = value };
                if (tags is not null)
                {
                    update.Tags = tags;
                }

                return await UpdateAsync(stored.Id, update, token) ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    /// <summary>A variable by its name; null when there is none.</summary>
    public async Task<Variable?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        (await _rows.FindAsync(name, cancellationToken))?.Value;

    /// <summary>A variable by its id; null when there is none.</summary>
    public async Task<Variable?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        (await _rows.FindAsync(id, cancellationToken))?.Value;

    /// <summary>The variables that a query matches, in its order.</summary>
    public Task<IReadOnlyList<Variable>> FilterAsync(VariableQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = Page.Of(query.Offset, query.Limit);
        if (store.Columns is { } columns)
        {
            return columns.PageAsync(
                VariableColumns.Table,
                VariableColumns.Of(query.Variables),
                VariableColumns.Of(query.Sort),
                page,
                row => NamedRows<Variable>.Read(row).Value,
                cancellationToken
            );
        }

        var matches = MatchAsync(query.Variables, cancellationToken);
        return query.Sort == VariableSort.NameAsc && IdsOf(query.Variables) is null && NamesOf(query.Variables) is null
            ? page.TakeAsync(matches)
            : page.SortAsync(matches, query.Sort.Comparer());
    }

    /// <summary>How many variables a filter matches.</summary>
    public async Task<int> CountAsync(VariableFilter? filter, CancellationToken cancellationToken = default) =>
        store.Columns is { } columns
            ? (int)await columns.CountAsync(VariableColumns.Table, VariableColumns.Of(filter), cancellationToken)
            : await MatchAsync(filter, cancellationToken).CountAsync(cancellationToken);

    /// <summary>Changes a variable; false when there is none of that id.</summary>
    /// <exception cref="RequestConflictException">Another variable has the name, or the name or the tags are to be null.</exception>
    public Task<bool> UpdateAsync(Guid id, VariableUpdate update, CancellationToken cancellationToken = default) =>
        UpdateAsync(token => _rows.FindAsync(id, token), update, cancellationToken);

    /// <summary>Changes a variable; false when there is none of that name.</summary>
    /// <exception cref="RequestConflictException">Another variable has the name, or the name or the tags are to be null.</exception>
    public Task<bool> UpdateAsync(string name, VariableUpdate update, CancellationToken cancellationToken = default) =>
        UpdateAsync(token => _rows.FindAsync(name, token).AsTask(), update, cancellationToken);

    /// <summary>Deletes a variable; false when there is none of that id.</summary>
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        DeleteAsync(token => _rows.FindAsync(id, token), cancellationToken);

    /// <summary>Deletes a variable; false when there is none of that name.</summary>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        DeleteAsync(token => _rows.FindAsync(name, token).AsTask(), cancellationToken);

    /// <summary>The values of those of the names that are variables'.</summary>
    internal async Task<IReadOnlyDictionary<string, JsonElement?>> ValuesOfAsync(
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, JsonElement?> values = new(StringComparer.Ordinal);
        if (names.Count <= MostReads)
        {
            foreach (var name in names)
            {
                if (await GetAsync(name, cancellationToken) is { } variable)
                {
                    values[name] = variable.Value;
                }
            }

            return values;
        }

        var wanted = names.ToHashSet(StringComparer.Ordinal);
        await foreach (var variable in AllAsync(cancellationToken))
        {
            if (wanted.Contains(variable.Name))
            {
                values[variable.Name] = variable.Value;
            }
        }

        return values;
    }

    private Task<bool> UpdateAsync(
        Func<CancellationToken, Task<NamedRow<Variable>?>> find,
        VariableUpdate update,
        CancellationToken cancellationToken
    ) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await find(token) is not { } stored)
                {
                    return false;
                }

                if (update.SetsToNull)
                {
                    throw new RequestConflictException("Error updating variable: name and tags cannot be null.");
                }

                var changed = update.ApplyTo(stored.Value) with { Updated = WireClock.Now(time) };
                if (changed.Name != stored.Value.Name && await _rows.FindAsync(changed.Name, token) is not null)
                {
                    throw Taken(changed.Name);
                }

                var commit = _rows.Replace(stored, changed).AddColumns(VariableColumns.Change(stored.Value, changed));
                return (await store.CommitAsync(commit, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    private Task<bool> DeleteAsync(Func<CancellationToken, Task<NamedRow<Variable>?>> find, CancellationToken cancellationToken) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await find(token) is not { } stored)
                {
                    return false;
                }

                var commit = _rows.Delete(stored).AddColumns(VariableColumns.Change(stored.Value, null));
                return (await store.CommitAsync(commit, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    private async IAsyncEnumerable<Variable> MatchAsync(
        VariableFilter? filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var variable in CandidatesAsync(filter, cancellationToken))
        {
            if (filter?.Matches(variable) ?? true)
            {
                yield return variable;
            }
        }
    }

    private IAsyncEnumerable<Variable> CandidatesAsync(VariableFilter? filter, CancellationToken cancellationToken) =>
        IdsOf(filter) is { } wanted ? EachAsync(wanted.Distinct(), id => GetAsync(id, cancellationToken))
        : NamesOf(filter) is { } names ? EachAsync(names.Distinct(StringComparer.Ordinal), name => GetAsync(name, cancellationToken))
        : AllAsync(cancellationToken);

    private static async IAsyncEnumerable<Variable> EachAsync<T>(IEnumerable<T> keys, Func<T, Task<Variable?>> get)
    {
        foreach (var key in keys)
        {
            if (await OrNullAsync(get(key)) is { } variable)
            {
                yield return variable;
            }
        }
    }

    /// <summary>All variables, in the order of their names.</summary>
    private async IAsyncEnumerable<Variable> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(_rows.Names, cancellationToken: cancellationToken))
        {
            yield return NamedRows<Variable>.Read(row).Value;
        }
    }

    /// <summary>A list does not fail for one row: what is damaged is not found. The store has reported it.</summary>
    private static async Task<Variable?> OrNullAsync(Task<Variable?> read)
    {
        try
        {
            return await read;
        }
        catch (RowDamagedException)
        {
            return null;
        }
    }

    private static IReadOnlyList<Guid>? IdsOf(VariableFilter? filter) =>
        filter is { Operator: Operator.And, Id: { Operator: Operator.And, Any: { } any } } ? any : null;

    private static IReadOnlyList<string>? NamesOf(VariableFilter? filter) =>
        filter is { Operator: Operator.And, Name: { Operator: Operator.And, Any: { } any } } ? any : null;

    private static RequestConflictException Taken(string name) => new($"A variable with the name '{name}' already exists.");

    /// <summary>Writes a new variable; null when somebody else has just written one of that name.</summary>
    private async Task<Variable?> TryCreateAsync(
        Guid id,
        string name,
        JsonElement? value,
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    )
    {
        var now = WireClock.Now(time);
        Variable created = new()
        {
            Id = id,
            Created = now,
            Updated = now,
            Name = name,
            Value = value,
            Tags = tags,
        };
        var commit = _rows.Insert(created).AddColumns(VariableColumns.Change(null, created));
        return (await store.CommitAsync(commit, cancellationToken)).Succeeded ? created : null;
    }
}
