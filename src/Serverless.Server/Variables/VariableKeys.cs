using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Variables;

/// <summary>Where variables are.</summary>
internal static class VariableKeys
{
    public const string Table = "variables";

    public static NamedRows<Variable> Rows(IRowStore store, CommitRetry retry) =>
        new(store, retry, Table, variable => (variable.Id, variable.Name), RowOf);

    /// <summary>The row of the variable of a name.</summary>
    public static RowAddress ByName(string name) => NamedRows<Variable>.ByName(Table, RowOf(name));

    /// <summary>Names are their own keys, so that the rows are in the order of the names. What cannot be a name has no row.</summary>
    private static string RowOf(string name) => VariableNameAttribute.IsName(name) ? name : BoundedKey.From(name);
}
