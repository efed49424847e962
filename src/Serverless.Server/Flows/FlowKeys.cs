using Serverless.Storage;

namespace Serverless.Server.Flows;

/// <summary>The key layout of flows: one row by name, which makes names unique, and a derived one by id.</summary>
internal static class FlowKeys
{
    public const string Flows = "flows";
    public const string FlowIds = "flowids";
    public const string NameProperty = "name";

    public static RowAddress ByName(string name) => new(Flows, BoundedKey.From(name), "flow");

    public static RowAddress ById(Guid id) => new(FlowIds, id.ToString("N"), "flow");
}
